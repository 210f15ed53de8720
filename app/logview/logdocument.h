// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/ansitext.h"
#include "models/placement/placement.h"

#include <QCache>

namespace faultline {

/// A line ready to be drawn.
struct LogLine {
    QString text;       ///< Controls made visible, at most LogDocument::MostShown characters.
    bool isCut = false; ///< There is more of it in the file.
    std::vector<AnsiSpan> colours;
    std::optional<SourceTime> sourceTime;
    std::optional<TimeNs> time; ///< Where its source is placed.
    bool carried = false;       ///< The time is that of a line before it.
    Severity level = Severity::Info;
};

/// Lines of one source, read in blocks when they are asked for; a few blocks are kept.
class LogDocument
{
public:
    static constexpr qsizetype MostShown = 4096;
    static constexpr qint64 BlockLines = 128;
    static constexpr qsizetype MostBlocks = 128; ///< Filtered lines lie far apart: one block a row.

    LogDocument() = default;
    LogDocument(std::shared_ptr<const SourceEvidence> source, SourcePlacement placement);

    bool isNull() const { return !m_source || !m_source->text; }
    const SourceEvidence *source() const { return m_source.get(); }
    const SourcePlacement &placement() const { return m_placement; }
    qint64 lineCount() const { return m_source ? m_source->lineCount() : 0; }

    /// A line from 1 on; an empty one outside of the text or where the file can no longer be read.
    const LogLine &line(qint64 number) const;
    /// Whole lines as text for copying, at most `mostLines`.
    QStringList texts(qint64 first, qint64 last, qint64 mostLines) const;

private:
    using Block = std::vector<LogLine>;
    const Block &block(qint64 index) const;
    LogLine shown(const TimedLine &line) const;

    std::shared_ptr<const SourceEvidence> m_source;
    SourcePlacement m_placement;
    mutable QCache<qint64, Block> m_blocks{MostBlocks};
};

} // namespace faultline
