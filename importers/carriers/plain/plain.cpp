// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/plain/plain.h"

#include "importers/core/headlines.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::PlainCarrier", text);
}

class PlainSession final : public CarrierSession
{
public:
    explicit PlainSession(const SourceHead &head)
    {
        const auto lines = headLines(head);
        const StampFormat format = StampFormat::detect(lines, head.modified);
        for (const std::string_view line : lines) {
            if ((m_example = format.read(line)))
                break;
        }
        m_decoder = std::make_shared<StampedDecoder>(format);
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}
    void finish(LineReader &, TextSink &sink) override { describeClock(m_decoder->format(), m_example, sink.evidence); }

private:
    std::shared_ptr<const StampedDecoder> m_decoder;
    std::optional<Stamp> m_example;
};

} // namespace

ImporterInfo PlainCarrier::info() const
{
    return {"plain", tr("Text"), SourceKind::Log, TimeBasis::None};
}

SniffResult PlainCarrier::sniff(const SourceHead &head) const
{
    if (head.size == 0)
        return {1, tr("An empty file with no telling name")};
    if (!looksLikeText(head))
        return {};
    const StampFormat format = StampFormat::detect(headLines(head), head.modified);
    if (format.shape() == StampFormat::Shape::None)
        return {5, tr("Text of no known format, without time stamps")};
    return {10, tr("Text of no known format; its lines carry %1").arg(format.title())};
}

std::unique_ptr<CarrierSession> PlainCarrier::open(const SourceHead &head) const
{
    return std::make_unique<PlainSession>(head);
}

StampedDecoder::StampedDecoder(StampFormat format)
    : m_format(std::move(format))
{
}

DecodedLine StampedDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    DecodedLine decoded;
    decoded.payload = line;
    if (const auto stamp = m_format.read(line)) {
        decoded.time = stamp->time;
        decoded.payload.remove_prefix(std::min(line.size(), m_format.payloadStart(line, *stamp)));
    }
    decoded.level = statedLevel(decoded.payload);
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
    if (format.isDateAssumed()) {
        addNote(evidence.notes, {Severity::Info,
                                 Code::BadTimestamp,
                                 {},
                                 format.shape() == StampFormat::Shape::ClockOnly
                                     ? tr("The time stamps have no date; the day is taken from the file's time")
                                     : tr("The time stamps have no year; it is taken from the file's time"),
                                 1});
    }
}

} // namespace faultline
