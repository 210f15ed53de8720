// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/plain/plain.h"

#include "importers/carriers/dmesg/kernelline.h"
#include "importers/core/headlines.h"
#include "models/core/translate.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

void removePrefixes(std::vector<std::string_view> &lines)
{
    for (std::string_view &line : lines)
        line.remove_prefix(composePrefix(line));
}

void moveBack(SourceEvidence &evidence, DurationNs by)
{
    const auto move = [by](std::optional<SourceTime> &time) {
        if (time)
            time = *time - by;
    };
    const auto moveInterval = [by](std::optional<SourceInterval> &time) {
        if (time)
            time = SourceInterval{time->lo - by, time->hi - by};
    };
    move(evidence.first);
    move(evidence.last);
    for (Event &event : evidence.events)
        moveInterval(event.time);
    for (Fact &fact : evidence.facts)
        moveInterval(fact.time);
    for (Span &span : evidence.spans) {
        move(span.start);
        move(span.end);
    }
}

class PlainSession final : public CarrierSession
{
public:
    explicit PlainSession(const SourceHead &head)
    {
        auto lines = headLines(head);
        m_composed = areComposed(lines);
        if (m_composed)
            removePrefixes(lines);
        const StampFormat format = StampFormat::detect(lines, head.modified);
        for (const std::string_view line : lines) {
            if ((m_example = format.read(line)))
                break;
        }
        m_decoder = std::make_shared<StampedDecoder>(format, m_composed);
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}
    /// Only the order of all times of day tells when midnight passed.
    bool wantsEachLine() const override { return m_decoder->format().shape() == StampFormat::Shape::ClockOnly; }
    void eachLine(qint64, qint64 byteOffset, std::string_view raw) override
    {
        std::string_view line = bareLine(raw, byteOffset);
        if (m_composed)
            line.remove_prefix(composePrefix(line));
        const auto stamp = m_decoder->format().read(line);
        if (!stamp)
            return;
        // Threads write a little out of order; only a fall by half a day is another day.
        if (m_clock && *m_clock - stamp->time > NsPerDay / 2)
            m_decoder->passMidnight(byteOffset);
        m_clock = stamp->time;
    }
    void finish(LineReader &, TextSink &sink) override
    {
        describeClock(m_decoder->format(), m_example, sink.evidence);
        if (const DurationNs late = m_decoder->endDays(); late > 0)
            moveBack(sink.evidence, late);
    }

private:
    std::shared_ptr<const StampedDecoder> m_decoder;
    std::optional<Stamp> m_example;
    bool m_composed = false;
    std::optional<SourceTime> m_clock; ///< The last time of day, without the days passed.
};

/// "E" of "11-23 18:55:18.123  1234  1250 E Tag: text", Android's logcat.
std::optional<Severity> logcatLevel(std::string_view payload)
{
    size_t at = 0;
    for (int number = 0; number < 2; ++number) {
        at = std::min(payload.find_first_not_of(' ', at), payload.size());
        const size_t end = std::min(payload.find_first_not_of("0123456789", at), payload.size());
        if (end == at)
            return std::nullopt;
        at = end;
    }
    if (at + 2 >= payload.size() || payload[at] != ' ' || payload[at + 2] != ' ')
        return std::nullopt;
    switch (payload[at + 1]) {
    case 'V':
    case 'D': return Severity::Debug;
    case 'I': return Severity::Info;
    case 'W': return Severity::Warning;
    case 'E': return Severity::Error;
    case 'F':
    case 'A': return Severity::Fatal;
    default: return std::nullopt;
    }
}

/// The level of syslog's "<13>".
std::optional<Severity> priorityLevel(std::string_view line)
{
    int priority = 0;
    size_t at = 1;
    for (; at < line.size() && at < 4 && line[at] >= '0' && line[at] <= '9'; ++at)
        priority = priority * 10 + (line[at] - '0');
    return at > 1 && at < line.size() && line[at] == '>' ? std::optional(severityOfPriority(priority & 7))
                                                         : std::nullopt;
}

} // namespace

size_t composePrefix(std::string_view line)
{
    constexpr size_t LongestName = 80;
    const size_t bar = line.substr(0, LongestName).find('|');
    if (bar == std::string_view::npos || bar < 2 || line[bar - 1] != ' ')
        return 0;
    size_t from = 0;
    if (line.starts_with("\x1b[")) // the name is coloured
        from = std::min(line.find('m'), bar) + 1;
    const std::string_view name = line.substr(from, bar - from);
    const size_t end = name.find(' ');
    const auto isName = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'
               || c == '.';
    };
    if (end == 0 || end == std::string_view::npos || !std::ranges::all_of(name.substr(0, end), isName)
        || name.find_first_not_of(' ', end) != std::string_view::npos)
        return 0;
    size_t past = bar + 1;
    if (line.substr(past).starts_with("\x1b["))
        past = std::min(line.find('m', past), line.size() - 1) + 1;
    if (past < line.size() && line[past] != ' ')
        return 0;
    return std::min(past + 1, line.size());
}

bool areComposed(const std::vector<std::string_view> &lines)
{
    const auto with = std::ranges::count_if(lines, [](std::string_view line) { return composePrefix(line) > 0; });
    return with >= 2 && with * 10 >= std::ssize(lines) * 8;
}

ImporterInfo PlainCarrier::info() const
{
    return {"plain", tr("Text"), SourceKind::Log, TimeBasis::None};
}

namespace {

StampFormat formatOf(const SourceHead &head)
{
    auto lines = headLines(head);
    if (areComposed(lines))
        removePrefixes(lines);
    return StampFormat::detect(lines, head.modified);
}

} // namespace

SniffResult PlainCarrier::sniff(const SourceHead &head) const
{
    if (head.size == 0)
        return {1, tr("An empty file with no telling name")};
    if (!looksLikeText(head))
        return {};
    const StampFormat format = formatOf(head);
    if (format.shape() == StampFormat::Shape::None)
        return {5, tr("Text of no known format, without time stamps")};
    return {10, tr("Text of no known format; its lines carry %1").arg(format.title())};
}

std::unique_ptr<CarrierSession> PlainCarrier::open(const SourceHead &head) const
{
    return std::make_unique<PlainSession>(head);
}

StampedDecoder::StampedDecoder(StampFormat format, bool composed)
    : m_format(std::move(format))
    , m_composed(composed)
{
}

DecodedLine StampedDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    if (m_composed)
        line.remove_prefix(composePrefix(line));
    DecodedLine decoded;
    decoded.payload = line;
    if (const auto stamp = m_format.read(line)) {
        decoded.time = stamp->time;
        if (m_format.shape() == StampFormat::Shape::ClockOnly) {
            const auto midnight = m_midnights.before(byteOffset);
            decoded.time = stamp->time + (midnight ? midnight->skip * NsPerDay : 0) - m_daysBack.load();
        }
        decoded.payload.remove_prefix(std::min(line.size(), m_format.payloadStart(line, *stamp)));
    }
    if (decoded.time && line.starts_with('<'))
        decoded.level = priorityLevel(line);
    if (m_format.shape() == StampFormat::Shape::MonthDay && decoded.time)
        decoded.level = logcatLevel(decoded.payload);
    if (m_format.shape() == StampFormat::Shape::Klog && decoded.time) {
        switch (line.front()) {
        case 'W': decoded.level = Severity::Warning; break;
        case 'E': decoded.level = Severity::Error; break;
        case 'F': decoded.level = Severity::Fatal; break;
        default: decoded.level = Severity::Info;
        }
    }
    return decoded;
}

QByteArray zoneName(int secondsEast)
{
    if (secondsEast == 0)
        return "UTC";
    const int minutes = std::abs(secondsEast) / 60;
    std::array<char, 16> text{};
    qsnprintf(text.data(), text.size(), "%c%02d:%02d", secondsEast < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text.data();
}

void describeClock(const StampFormat &format, const std::optional<Stamp> &example, SourceEvidence &evidence)
{
    if (!example) {
        evidence.basis = TimeBasis::None;
        return;
    }
    evidence.resolutionNs = example->resolutionNs;
    if (format.shape() == StampFormat::Shape::Uptime) {
        evidence.basis = TimeBasis::Durations;
    } else if (example->zoneSeconds) {
        evidence.basis = *example->zoneSeconds == 0 ? TimeBasis::Utc : TimeBasis::Zoned;
        evidence.zone = zoneName(*example->zoneSeconds);
    } else {
        evidence.basis = TimeBasis::Local;
    }
    evidence.date = format.dateBasis();
    if (evidence.date != DateBasis::Stated) {
        addNote(evidence.notes, {Severity::Info,
                                 Code::BadTimestamp,
                                 {},
                                 evidence.date == DateBasis::DayAssumed
                                     ? tr("The time stamps have no date; the day is taken from the file's time")
                                     : tr("The time stamps have no year; it is taken from the file's time"),
                                 1});
    }
}

} // namespace faultline
