// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/ansitext.h"
#include "models/merge/mergedlines.h"

#include <QCache>
#include <QStringList>

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

/// One of the sources whose lines a document holds.
struct LogPart {
    int source = -1; ///< Index into Evidence::sources.
    std::shared_ptr<const SourceEvidence> evidence;
    SourcePlacement placement;
    QString name; ///< For people.
};

/// The lines of one source, or of several in order of time, read in blocks when they are asked for; a few blocks are kept. Lines have
/// numbers from 1 on: their own where there is one source, else their place in the order.
class LogDocument
{
public:
    static constexpr qsizetype MostShown = 4096;
    static constexpr qint64 BlockLines = 128;
    static constexpr qsizetype MostBlocks = 128; ///< Filtered lines lie far apart: one block a row.

    LogDocument() = default;
    /// One source; without evidence nothing.
    explicit LogDocument(LogPart part);
    /// Several, in that order, which may still grow. `parts` stand in order of their sources.
    LogDocument(std::vector<LogPart> parts, std::shared_ptr<const MergedLines> order);

    bool isNull() const { return m_parts.empty(); }
    bool isMerged() const { return m_order != nullptr; }
    const std::vector<LogPart> &parts() const { return m_parts; }
    /// Null where the source is none of its own.
    const LogPart *part(int source) const;
    /// The one source; null where there are several, or none.
    const SourceEvidence *source() const
    {
        return m_parts.size() == 1 && !m_order ? m_parts[0].evidence.get() : nullptr;
    }
    qint64 lineCount() const;

    /// Where a line comes from; a null place outside.
    LinePlace placeOf(qint64 number) const;
    /// The number of a line; 0 where it is not in the document (yet).
    qint64 numberOf(LinePlace place) const;
    /// The last line whose time is not after `time`, at least 1; 0 where there are no lines.
    qint64 lineAt(TimeNs time) const;

    /// A line from 1 on; an empty one outside of the text or where the file can no longer be read.
    const LogLine &line(qint64 number) const;
    /// Whole lines as text for copying, as many as numbers; fewer where the file can no longer be read.
    QStringList texts(std::span<const qint64> numbers) const;

    /// More of the lines have their place.
    void setOrder(std::shared_ptr<const MergedLines> order);
    /// A source of its own has more lines now; its last one may have gone on.
    void setGrown(int source, std::shared_ptr<const SourceEvidence> evidence);

private:
    using Block = std::vector<LogLine>;
    const Block &block(const LogPart &part, qint64 index) const;
    static LogLine shown(const LogPart &part, const TimedLine &line);

    std::vector<LogPart> m_parts;
    std::shared_ptr<const MergedLines> m_order;
    mutable QCache<std::pair<int, qint64>, Block> m_blocks{MostBlocks};
    mutable std::vector<LinePlace> m_places; ///< A stretch of the order, from the line m_firstPlace on.
    mutable qint64 m_firstPlace = 1;
};

} // namespace faultline
