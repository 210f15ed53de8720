// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"
#include "models/merge/mergedlines.h"

#include <QObject>
#include <QThreadPool>

namespace faultline {

/// What one pass in the background tells of the logs of a case: their times and levels, and from these the order of all lines. A log is
/// looked at when it is first wanted; what is known so far can be used while the pass goes on.
class LogIndex final : public QObject
{
    Q_OBJECT

public:
    explicit LogIndex(QObject *parent = nullptr);
    ~LogIndex() override;

    /// What is known of sources that are in the new case too stays. Nothing is wanted of it yet.
    void setAnalysis(const Analysis &analysis);
    /// The source has more lines now; what was known of the lines from `firstChanged` on is out of date.
    void setGrown(int source, std::shared_ptr<const SourceEvidence> evidence, qint64 firstChanged);
    /// Looks at a source, before all others.
    void want(int source);
    /// Looks at all sources and merges their lines.
    void wantMerged();

    /// Of a source, so far; null where it was not looked at.
    std::shared_ptr<const LineSummary> summary(int source) const;
    /// Never null; grows while the lines are being merged.
    std::shared_ptr<const MergedLines> merged() const { return m_merged; }
    bool isMerging() const { return m_isMergeWanted && !m_isMerged; }
    /// Positions of warnings and errors among the merged lines; empty until they are merged.
    const LineSet &mergedWarnings() const { return m_mergedWarnings; }
    const LineSet &mergedErrors() const { return m_mergedErrors; }
    /// Sources with text of which no line has a place in time, and how many lines have none in all.
    const QList<int> &leftOut() const { return m_leftOut; }
    qint64 linesLeftOut() const { return m_linesLeftOut; }

Q_SIGNALS:
    void summaryChanged(int source);
    /// More lines have their place, or all.
    void mergedChanged();

private:
    struct MergeEnd {
        std::shared_ptr<const MergedLines> lines;
        LineSet warnings;
        LineSet errors;
        QList<int> leftOut;
        qint64 linesLeftOut = 0;
    };
    void start();
    void end(quint64 generation);
    void work(std::vector<MergeInput> inputs, const std::vector<int> &sources, bool merges, bool tellsGrowth,
              quint64 generation, const CancelToken &cancel);
    void takeSummary(int source, const std::shared_ptr<const SourceEvidence> &of,
                     std::shared_ptr<const LineSummary> summary);
    void takeMerged(const MergeEnd &end);

    std::vector<MergeInput> m_inputs;
    std::vector<int> m_wanted; ///< Sources, the first one first.
    bool m_isMergeWanted = false;
    bool m_isMerged = false;
    std::shared_ptr<const MergedLines> m_merged = std::make_shared<const MergedLines>();
    LineSet m_mergedWarnings;
    LineSet m_mergedErrors;
    QList<int> m_leftOut;
    qint64 m_linesLeftOut = 0;
    CancelToken m_cancel;
    quint64 m_generation = 0;
    bool m_isRunning = false;
    bool m_startsAgain = false; ///< When what runs has ended: a log has grown.
    QThreadPool m_pool;         ///< Its own: a search must not wait for a long pass.
};

} // namespace faultline
