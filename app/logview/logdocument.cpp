// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logdocument.h"

#include "models/views/texts.h"

#include <algorithm>

namespace faultline {

namespace {
constexpr qint64 PlacesAtOnce = 2048;
} // namespace

LogDocument::LogDocument(LogPart part)
{
    if (part.evidence && part.evidence->text)
        m_parts.push_back(std::move(part));
}

LogDocument::LogDocument(std::vector<LogPart> parts, std::shared_ptr<const MergedLines> order)
    : m_parts(std::move(parts))
    , m_order(std::move(order))
{
}

const LogPart *LogDocument::part(int source) const
{
    const auto found = std::ranges::lower_bound(m_parts, source, {}, &LogPart::source);
    return found != m_parts.end() && found->source == source ? &*found : nullptr;
}

qint64 LogDocument::lineCount() const
{
    if (m_order)
        return m_order->size();
    return m_parts.empty() ? 0 : m_parts.front().evidence->lineCount();
}

LinePlace LogDocument::placeOf(qint64 number) const
{
    if (number < 1 || number > lineCount())
        return {};
    if (!m_order)
        return {m_parts.front().source, number};
    if (number < m_firstPlace || number >= m_firstPlace + static_cast<qint64>(m_places.size())) {
        m_firstPlace = (number - 1) / PlacesAtOnce * PlacesAtOnce + 1;
        m_places = m_order->places(m_firstPlace - 1, PlacesAtOnce);
    }
    return m_places[static_cast<size_t>(number - m_firstPlace)];
}

qint64 LogDocument::numberOf(LinePlace place) const
{
    if (m_order)
        return m_order->indexOf(place) + 1;
    return part(place.source) && place.line >= 1 && place.line <= lineCount() ? place.line : 0;
}

qint64 LogDocument::lineAt(TimeNs time) const
{
    // The first line after `time`, by halving: lines stand in order of time, but for small disorder.
    qint64 low = 1;
    qint64 high = lineCount() + 1;
    while (low < high) {
        const qint64 middle = low + (high - low) / 2;
        if (const auto &at = line(middle).time; at && *at > time)
            high = middle;
        else
            low = middle + 1;
    }
    return lineCount() == 0 ? 0 : std::max<qint64>(1, low - 1);
}

const LogLine &LogDocument::line(qint64 number) const
{
    static const LogLine None;
    const LinePlace place = placeOf(number);
    const LogPart *of = part(place.source);
    if (!of)
        return None;
    const Block &lines = block(*of, (place.line - 1) / BlockLines);
    const auto index = static_cast<size_t>((place.line - 1) % BlockLines);
    return index < lines.size() ? lines[index] : None;
}

const LogDocument::Block &LogDocument::block(const LogPart &part, qint64 index) const
{
    const std::pair key(part.source, index);
    if (const Block *cached = m_blocks.object(key))
        return *cached;
    auto *lines = new Block;
    for (const TimedLine &line : decodeLines(*part.evidence, index * BlockLines + 1, BlockLines))
        lines->push_back(shown(part, line));
    m_blocks.insert(key, lines);
    return *lines;
}

LogLine LogDocument::shown(const LogPart &part, const TimedLine &line)
{
    LogLine result;
    QByteArray text = line.text;
    const std::string_view raw(line.raw.bytes.constData(), static_cast<size_t>(line.raw.bytes.size()));
    if (part.evidence->decoder && raw.find('\x1b') != std::string_view::npos) {
        AnsiText coloured = parseAnsi(part.evidence->decoder->decode(raw, line.raw.byteOffset).payload);
        text = std::move(coloured.text);
        result.colours = std::move(coloured.spans);
    }
    while (text.endsWith('\r'))
        text.chop(1);
    result.text = shownText(text, MostShown);
    result.isCut = result.text.size() > MostShown || line.raw.fullLength > line.raw.bytes.size();
    result.sourceTime = line.time;
    if (line.time) {
        if (const auto placed = part.placement.place(*line.time))
            result.time = placed->time;
    }
    result.carried = line.carried;
    result.level = line.level;
    return result;
}

QStringList LogDocument::texts(std::span<const qint64> numbers) const
{
    QStringList result;
    for (size_t i = 0; i < numbers.size();) {
        // As many lines at once as stand one after another in their file too.
        const LinePlace first = placeOf(numbers[i]);
        const LogPart *of = part(first.source);
        size_t end = i + 1;
        while (end < numbers.size() && end - i < static_cast<size_t>(BlockLines)
               && placeOf(numbers[end]) == LinePlace{first.source, first.line + static_cast<qint64>(end - i)})
            ++end;
        const auto lines =
            of ? decodeLines(*of->evidence, first.line, static_cast<qint64>(end - i)) : std::vector<TimedLine>();
        for (const TimedLine &line : lines)
            result.append(QString::fromUtf8(line.text));
        if (lines.size() < end - i)
            break;
        i = end;
    }
    return result;
}

void LogDocument::setOrder(std::shared_ptr<const MergedLines> order)
{
    m_order = std::move(order);
    m_places.clear();
}

void LogDocument::setGrown(int source, std::shared_ptr<const SourceEvidence> evidence)
{
    const auto found = std::ranges::find(m_parts, source, &LogPart::source);
    if (found == m_parts.end())
        return;
    m_blocks.remove({source, (found->evidence->lineCount() - 1) / BlockLines});
    found->evidence = std::move(evidence);
}

} // namespace faultline
