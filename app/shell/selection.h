// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"
#include "models/analysis/analysis.h"

#include <QObject>

namespace faultline {

/// What the window looks at: one failure, one line, one moment, one series. All parts of the window set it and follow it;
/// setting what is set already is silent, which keeps two followers from chasing each other.
class Selection final : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Forgets all; nothing is emitted but analysisChanged().
    void setAnalysis(const Analysis &analysis);
    const Analysis &analysis() const { return m_analysis; }
    /// The same sources with more lines: nothing else is another.
    void setGrownEvidence(std::shared_ptr<const Evidence> evidence) { m_analysis.evidence = std::move(evidence); }

    int failure() const { return m_failure; }
    int source() const { return m_source; }
    qint64 line() const { return m_line; }
    /// What a person confined all views to; nullopt for the whole case.
    std::optional<TimeRange> range() const { return m_range; }
    std::optional<TimeNs> cursor() const { return m_cursor; }
    /// Index into Evidence::allSeries(); -1 without one.
    int series() const { return m_series; }
    /// Id of the selected node of the failure's flowchart.
    QString node() const { return m_node; }
    QString playbook() const { return m_playbook; }

    /// Chooses a failure, goes to its line and moment.
    void selectFailure(int failure);
    /// Goes to a line, the cursor to its time. 0 leaves the line open: the source only.
    void selectLine(int source, qint64 line);
    /// Moves the cursor; where the current source has lines, to the last line that is not after it.
    void selectTime(TimeNs time);
    /// Moves the cursor, and goes to a line that another view found for it.
    void selectMoment(TimeNs time, int source, qint64 line);
    void selectRange(std::optional<TimeRange> range);
    /// Chooses a series and a moment of it.
    void selectSeries(int series, std::optional<TimeNs> time);
    /// Goes to wherever the evidence is.
    void selectEvidence(const EvidenceRef &ref);
    /// Chooses a node and goes to its first row.
    void selectNode(const QString &playbook, const QString &node);

    /// The moment of a line (its own stamp or the one it inherits); nullopt where it has none or its source is not placed.
    std::optional<PlacedTime> timeOfLine(int source, qint64 line) const;
    /// The last line of a source whose time is not after `time`, at least 1; 0 where the source has no placed lines.
    qint64 lineAt(int source, TimeNs time) const;

Q_SIGNALS:
    void analysisChanged();
    void failureChanged(int failure);
    void lineChanged(int source, qint64 line);
    void cursorChanged(std::optional<faultline::TimeNs> time);
    void seriesChanged(int series);
    void rangeChanged(std::optional<faultline::TimeRange> range);
    void nodeChanged(const QString &playbook, const QString &node);

private:
    void moveTo(int source, qint64 line, std::optional<TimeNs> cursor);
    void setSeries(int series);
    void setNode(const QString &playbook, const QString &node);

    Analysis m_analysis;
    int m_failure = -1;
    int m_source = -1;
    qint64 m_line = 0;
    std::optional<TimeNs> m_cursor;
    std::optional<TimeRange> m_range;
    int m_series = -1;
    QString m_playbook;
    QString m_node;
};

} // namespace faultline
