// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/json_lines/jsonlines.h"

#include "importers/carriers/json_lines/jsonrecord.h"
#include "importers/carriers/plain/plain.h"
#include "importers/core/headlines.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

/// A record, and where a container runtime wrapped one the record inside: its text and level, the runtime's time.
JsonRecord readRecord(std::string_view line, JsonParts parts = JsonParts::All)
{
    JsonRecord record = readJsonRecord(line, parts);
    if (record.stream == 0 || !record.text.startsWith('{'))
        return record;
    const QByteArray inner = record.text;
    JsonRecord wrapped = readJsonRecord({inner.constData(), static_cast<size_t>(inner.size())}, parts);
    if (wrapped.isObject && wrapped.hasText) {
        record.text = wrapped.text;
        record.level = wrapped.level;
    }
    return record;
}

class JsonLinesDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        line = bareLine(line, byteOffset);
        DecodedLine decoded;
        decoded.payload = line;
        if (!isObjectStart(line))
            return decoded;
        JsonRecord record = readRecord(line);
        if (record.stamp)
            decoded.time = record.stamp->time;
        decoded.stream = record.stream;
        if (record.hasText) {
            decoded.owned = std::move(record.text);
            decoded.payload = std::string_view(decoded.owned.constData(), static_cast<size_t>(decoded.owned.size()));
        }
        decoded.level = record.level;
        return decoded;
    }

    static bool isObjectStart(std::string_view line)
    {
        const size_t start = line.find_first_not_of(" \t");
        return start != std::string_view::npos && line[start] == '{';
    }
};

class JsonLinesSession final : public CarrierSession
{
public:
    explicit JsonLinesSession(const SourceHead &head)
    {
        bool oneHost = true;
        for (const std::string_view line : headLines(head)) {
            if (!JsonLinesDecoder::isObjectStart(line))
                continue;
            const JsonRecord record = readJsonRecord(line);
            if (record.stamp && !m_example)
                m_example = record.stamp;
            if (record.host.empty())
                continue;
            const QByteArray host(record.host.data(), static_cast<qsizetype>(record.host.size()));
            oneHost = oneHost && (m_host.isEmpty() || m_host == host);
            m_host = host;
        }
        if (!oneHost)
            m_host.clear();
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.identity.host = m_host;
        noteDamage(lines, sink);
        if (!m_example) {
            evidence.basis = TimeBasis::None;
            return;
        }
        evidence.resolutionNs = m_example->resolutionNs;
        evidence.basis = !m_example->zoneSeconds        ? TimeBasis::Local
                         : *m_example->zoneSeconds == 0 ? TimeBasis::Utc
                                                        : TimeBasis::Zoned;
        evidence.zone = m_example->zoneSeconds ? zoneName(*m_example->zoneSeconds) : QByteArray();
    }

private:
    /// Objects that break off, of the first lines and the last.
    static void noteDamage(LineReader &lines, TextSink &sink)
    {
        constexpr qint64 MostLines = 5'000;
        constexpr qint64 AtEnd = 20;
        const qint64 count = lines.lineCount();
        for (qint64 number = 1; number <= count; ++number) {
            if (number > MostLines && number <= count - AtEnd)
                number = count - AtEnd + 1;
            const auto line = lines.line(number);
            if (!line || !JsonLinesDecoder::isObjectStart(line->raw))
                continue;
            if (!readJsonRecord(bareLine(line->raw, line->byteOffset)).isObject)
                sink.note(Severity::Warning, Code::BadSyntax, *line, tr("The line is no whole JSON object"));
        }
    }

    std::shared_ptr<const JsonLinesDecoder> m_decoder = std::make_shared<JsonLinesDecoder>();
    std::optional<Stamp> m_example;
    QByteArray m_host;
};

} // namespace

ImporterInfo JsonLinesCarrier::info() const
{
    return {"json-lines", tr("Log of JSON lines"), SourceKind::Log, TimeBasis::Utc};
}

SniffResult JsonLinesCarrier::sniff(const SourceHead &head) const
{
    constexpr size_t MostLines = 100;
    int lines = 0;
    int objects = 0;
    int stamped = 0;
    int told = 0;
    int streamed = 0;
    for (const std::string_view line : headLines(head, MostLines)) {
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        ++lines;
        if (!JsonLinesDecoder::isObjectStart(line))
            continue;
        const JsonRecord record = readJsonRecord(line);
        objects += record.isObject ? 1 : 0;
        stamped += record.stamp ? 1 : 0;
        told += record.hasText ? 1 : 0;
        streamed += record.stream != 0 ? 1 : 0;
    }
    if (objects == 0 || objects * 2 < lines || stamped * 2 < lines)
        return {};
    if (streamed * 2 > lines)
        return {70,
                tr("its lines are JSON objects with a stream and a time, as docker's json-file driver writes them")};
    return told * 2 >= lines ? SniffResult{60, tr("its lines are JSON objects with a time and a message")}
                             : SniffResult{20, tr("its lines are JSON objects with a time")};
}

std::unique_ptr<CarrierSession> JsonLinesCarrier::open(const SourceHead &head) const
{
    return std::make_unique<JsonLinesSession>(head);
}

bool JsonLinesCarrier::scanText(std::string_view lines, QByteArray &into) const
{
    into.clear();
    while (!lines.empty()) {
        const size_t end = lines.find('\n');
        std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const JsonRecord record =
            JsonLinesDecoder::isObjectStart(line) ? readRecord(line, JsonParts::Text) : JsonRecord{};
        const std::string_view text =
            record.hasText ? std::string_view(record.text.constData(), static_cast<size_t>(record.text.size())) : line;
        if (text.contains('\x1b') || text.contains('\r'))
            into.append(withoutTerminalControl(text));
        else
            into.append(text.data(), static_cast<qsizetype>(text.size()));
        if (end != std::string_view::npos)
            into.append('\n');
    }
    return true;
}

} // namespace faultline
