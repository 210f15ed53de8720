// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/evidence/evidence.h"
#include "models/search/linematcher.h"
#include "models/search/lineset.h"
#include "models/search/searchquery.h"

#include <QFuture>
#include <QObject>

namespace faultline {

/// Finds lines of sources in workers and hands them over as they come, source by source, in order.
class LogSearch final : public QObject
{
    Q_OBJECT

public:
    using Sources = std::vector<std::shared_ptr<const SourceEvidence>>;

    explicit LogSearch(QObject *parent = nullptr);
    ~LogSearch() override;

    /// Stops what runs and starts anew, with the source `first` before the others; null ones are passed over. An empty or broken query
    /// only stops; problems() then says what is wrong with it.
    void start(Sources sources, int first, const SearchQuery &query);
    /// Of one source, as source 0.
    void start(std::shared_ptr<const SourceEvidence> source, const SearchQuery &query);
    /// A source that is searched has more lines now: those from `firstChanged` on are looked at too.
    void lookOn(int source, std::shared_ptr<const SourceEvidence> evidence, qint64 firstChanged);
    void stop();
    /// Stops, and forgets what was found.
    void clear();

    bool isRunning() const { return m_runs > 0; }
    /// Lines so far.
    const LineSet &hits(int source = 0) const;
    qint64 count() const;    ///< Of all sources.
    int sourceCount() const; ///< How many hold a hit.
    /// Why not all lines were looked at, or why the query is none; empty where all is well.
    const QStringList &problems() const { return m_problems; }
    /// The hit after (before) a line of a source, round about where `wrap`; 0 where there is none (yet).
    qint64 next(int source, qint64 line, bool forward, bool wrap) const;

Q_SIGNALS:
    /// New hits, or the end of the search.
    void changed();

private:
    void run(Sources sources, std::vector<int> order, qint64 firstLine);
    void collect(quint64 generation, int source, const LineSet &found);
    void finish(quint64 generation, const QStringList &problems);

    std::vector<LineSet> m_hits;
    QStringList m_problems;
    CancelToken m_cancel;
    QList<QFuture<void>> m_futures;
    quint64 m_generation = 0;
    std::shared_ptr<const LineMatcher> m_matcher; ///< Null: nothing is searched for.
    std::vector<bool> m_isSearched;               ///< By source.
    int m_runs = 0;                               ///< Workers on their way.
};

} // namespace faultline
