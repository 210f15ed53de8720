// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logdocument.h"
#include "models/core/task.h"
#include "models/search/searchquery.h"

#include <QFuture>
#include <QObject>

#include <functional>
#include <map>
#include <variant>

namespace faultline {

/// Lines at least this severe.
struct LevelFilter {
    Severity least = Severity::Warning;
    bool operator==(const LevelFilter &) const = default;
};
/// Lines placed from `from` to `to`, both inclusive; lines without a time have the one before them.
struct TimeFilter {
    TimeNs from;
    TimeNs to;
    bool operator==(const TimeFilter &) const = default;
};
/// Lines by number: a step, what follows a line. For documents of one source.
struct PlaceFilter {
    qint64 first = 1;
    qint64 last = 0;
    bool operator==(const PlaceFilter &) const = default;
};

/// One condition on the lines shown.
struct LogFilter {
    std::variant<SearchQuery, LevelFilter, TimeFilter, PlaceFilter> what;
    bool hides = false;   ///< Lines that fulfil it are left out; else all others are.
    QString label;        ///< For people.
    bool isRange = false; ///< It follows the range that is chosen on the timeline.
};

/// The conditions that lines of a log must fulfil to be shown, and which lines do. Lines are looked at in workers, once a condition and
/// source; the sets of lines are then combined.
class LogFilters final : public QObject
{
    Q_OBJECT

public:
    explicit LogFilters(QObject *parent = nullptr);
    ~LogFilters() override;

    /// What is looked at: one source, or several in the order. Conditions by number are dropped, the others hold for the new lines too.
    void setParts(std::vector<LogPart> parts, std::shared_ptr<const MergedLines> order = nullptr);
    /// The same lines in another order, or more of them.
    void setOrder(std::shared_ptr<const MergedLines> order);
    /// A source has more lines; those from `firstChanged` on are looked at.
    void setGrown(int source, std::shared_ptr<const SourceEvidence> evidence, qint64 firstChanged);
    /// Puts the condition of the timeline's range in the place of the one before; none takes it away.
    void setRange(const std::optional<LogFilter> &range);
    /// Where to ask what is known of the lines of a source; may give null. Ranges of time are looked for only where they can be.
    void setSummaries(std::function<std::shared_ptr<const LineSummary>(int source)> summaryOf);
    /// Lines that folds hide, by source; without conditions too.
    void setFolded(std::vector<LineSet> folded);
    const std::vector<LogFilter> &filters() const { return m_state.filters; }
    /// False where it is there already or its query is broken.
    bool add(const LogFilter &filter);
    void remove(size_t index); ///< Nothing where there is none.
    void clear();
    /// How many lines are shown around each that fulfils all conditions.
    void setContext(int lines);
    int context() const { return m_state.context; }

    bool isEmpty() const { return m_state.filters.empty(); }
    bool isRunning() const { return m_isRunning; }
    /// The order that shown() counts in; null for one source.
    const std::shared_ptr<const MergedLines> &order() const { return m_order; }
    /// The lines shown, by number; none while the first answer is awaited or where there are no conditions.
    const std::optional<LineSet> &shown() const { return m_shown; }
    const QStringList &problems() const { return m_problems; }

Q_SIGNALS:
    void changed();

private:
    /// Which lines of the parts fulfil a condition.
    struct Answer {
        std::vector<LineSet> lines;   ///< By source.
        std::vector<qint64> lookedAt; ///< By source: lines 1 to here.
        QStringList problems;
    };
    /// All that a worker needs. In vectors, which no copy shares with another: a worker writes to its own while the rest goes on.
    struct State {
        std::vector<LogPart> parts;
        std::shared_ptr<const MergedLines> order;
        std::vector<LogFilter> filters;
        std::vector<std::shared_ptr<const Answer>> answers; ///< As the filters; null: not known yet.
        int context = 0;
        std::vector<LineSet> folded;                                 ///< By source.
        std::map<int, std::shared_ptr<const LineSummary>> summaries; ///< By source.

        bool hidesNothing() const { return parts.empty() || (filters.empty() && folded.empty()); }

        bool isAnswered(size_t filter) const;
        std::optional<LineSet> shown(const CancelToken &cancel) const;
    };
    static std::shared_ptr<const Answer> answer(const State &state, size_t filter, const CancelToken &cancel);
    static PassEnd look(const LogFilter &filter, const LogPart &part, LineRange range, const LineSummary *summary,
                        const CancelToken &cancel, LineSet &lines);
    void refresh();
    void take(const State &state, std::optional<LineSet> shown);

    /// A growth that came while lines were looked at.
    struct Growth {
        int source = -1;
        std::shared_ptr<const SourceEvidence> evidence;
        qint64 firstChanged = 0;
    };

    State m_state;
    std::function<std::shared_ptr<const LineSummary>(int source)> m_summaryOf;
    std::vector<Growth> m_grown;
    std::shared_ptr<const MergedLines> m_order; ///< Of m_shown.
    std::optional<LineSet> m_shown;
    QStringList m_problems;
    bool m_isRunning = false;
    CancelToken m_cancel;
    quint64 m_generation = 0;
    QList<QFuture<void>> m_futures;
};

} // namespace faultline
