// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/evidence/evidence.h"
#include "models/placement/placement.h"
#include "models/search/lineset.h"
#include "models/search/searchquery.h"
#include "models/search/textchunks.h"

#include <QFuture>
#include <QObject>

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
/// Lines by number: a step, what follows a line.
struct PlaceFilter {
    qint64 first = 1;
    qint64 last = 0;
    bool operator==(const PlaceFilter &) const = default;
};

/// One condition on the lines shown.
struct LogFilter {
    std::variant<SearchQuery, LevelFilter, TimeFilter, PlaceFilter> what;
    bool hides = false; ///< Lines that fulfil it are left out; else all others are.
    QString label;      ///< For people.
};

/// The conditions that lines of a log must fulfil to be shown, and which lines do. Lines are looked at in workers, once a condition and
/// source; the sets of lines are then combined.
class LogFilters final : public QObject
{
    Q_OBJECT

public:
    explicit LogFilters(QObject *parent = nullptr);
    ~LogFilters() override;

    /// Conditions by number are dropped, the others hold for the new source too.
    void setSource(std::shared_ptr<const SourceEvidence> source, const SourcePlacement &placement);
    const QList<LogFilter> &filters() const { return m_filters; }
    /// False where it is there already or its query is broken.
    bool add(const LogFilter &filter);
    void remove(qsizetype index);
    void clear();
    /// How many lines are shown around each that fulfils all conditions.
    void setContext(int lines);
    int context() const { return m_context; }

    bool isEmpty() const { return m_filters.isEmpty(); }
    bool isRunning() const { return m_isRunning; }
    /// The lines shown; none while the first answer is awaited or where there are no conditions.
    const std::optional<LineSet> &shown() const { return m_shown; }
    const QStringList &problems() const { return m_problems; }

Q_SIGNALS:
    void changed();

private:
    struct Answer {
        LineSet lines;
        QStringList problems;
    };
    static Answer answer(const LogFilter &filter, const SourceEvidence &source, const SourcePlacement &placement,
                         const CancelToken &cancel);
    void refresh();
    void combine();

    std::shared_ptr<const SourceEvidence> m_source;
    SourcePlacement m_placement;
    QList<LogFilter> m_filters;
    QList<std::shared_ptr<const Answer>> m_answers; ///< As the filters; null: not known yet.
    std::optional<LineSet> m_shown;
    QStringList m_problems;
    int m_context = 0;
    bool m_isRunning = false;
    CancelToken m_cancel;
    quint64 m_generation = 0;
    QList<QFuture<void>> m_futures;
};

} // namespace faultline
