// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logdocument.h"

#include "models/views/texts.h"

namespace faultline {

LogDocument::LogDocument(std::shared_ptr<const SourceEvidence> source, SourcePlacement placement)
    : m_source(std::move(source))
    , m_placement(std::move(placement))
{
}

const LogLine &LogDocument::line(qint64 number) const
{
    static const LogLine None;
    if (number < 1 || number > lineCount())
        return None;
    const Block &lines = block((number - 1) / BlockLines);
    const auto index = static_cast<size_t>((number - 1) % BlockLines);
    return index < lines.size() ? lines[index] : None;
}

const LogDocument::Block &LogDocument::block(qint64 index) const
{
    if (const Block *cached = m_blocks.object(index))
        return *cached;
    auto *lines = new Block;
    for (const TimedLine &line : decodeLines(*m_source, index * BlockLines + 1, BlockLines))
        lines->push_back(shown(line));
    m_blocks.insert(index, lines);
    return *lines;
}

LogLine LogDocument::shown(const TimedLine &line) const
{
    LogLine result;
    QByteArray text = line.text;
    const std::string_view raw(line.raw.bytes.constData(), static_cast<size_t>(line.raw.bytes.size()));
    if (m_source->decoder && raw.find('\x1b') != std::string_view::npos) {
        AnsiText coloured = parseAnsi(m_source->decoder->decode(raw, line.raw.byteOffset).payload);
        text = std::move(coloured.text);
        result.colours = std::move(coloured.spans);
    }
    while (text.endsWith('\r'))
        text.chop(1);
    result.text = shownText(text, MostShown);
    result.isCut = result.text.size() > MostShown || line.raw.fullLength > line.raw.bytes.size();
    result.sourceTime = line.time;
    if (line.time) {
        if (const auto placed = m_placement.place(*line.time))
            result.time = placed->time;
    }
    result.carried = line.carried;
    result.level = line.level;
    return result;
}

QStringList LogDocument::texts(qint64 first, qint64 last, qint64 mostLines) const
{
    QStringList result;
    if (isNull())
        return result;
    last = std::min({last, lineCount(), first + mostLines - 1});
    for (qint64 at = first; at <= last;) {
        const auto lines = decodeLines(*m_source, at, std::min<qint64>(BlockLines, last - at + 1));
        if (lines.empty())
            break;
        for (const TimedLine &line : lines)
            result.append(QString::fromUtf8(line.text));
        at += static_cast<qint64>(lines.size());
    }
    return result;
}

} // namespace faultline
