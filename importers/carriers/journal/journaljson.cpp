// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/journal/journal.h"
#include "importers/carriers/journal/journalentry.h"
#include "importers/carriers/journal/journalmessages.h"
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

class JournalJsonDecoder : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        const std::string_view bare = bareLine(line, byteOffset);
        const JournalEntry entry = journalEntryOf(bare);
        DecodedLine decoded;
        decoded.time = entry.time();
        decoded.level = entry.level();
        if (entry.message.empty() && !entry.whole) { // broken off before its message, or within it
            decoded.payload = bare;
            return decoded;
        }
        if (entry.messageIsString && !entry.message.contains('\\')) {
            decoded.payload = entry.message;
            return decoded;
        }
        decoded.owned = journalMessageOf(entry);
        decoded.payload = std::string_view(decoded.owned.constData(), static_cast<size_t>(decoded.owned.size()));
        return decoded;
    }
};

class JournalJsonSession : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.kind = SourceKind::Journal;
        evidence.basis = TimeBasis::Utc;
        evidence.zone = "UTC";
        evidence.resolutionNs = NsPerMicrosecond;
        look(lines, sink);
        evidence.coverage.push_back({{}, evidence.first, {}, CoverageHow::Stated});
    }

private:
    /// Every entry of a short journal, of a long one its ends and a sample between: damage, hosts, and what ties each boot's clock to the wall's.
    static void look(LineReader &lines, TextSink &sink)
    {
        constexpr qint64 MostLines = 20'000;
        constexpr qint64 Samples = 1'000;
        const qint64 count = lines.lineCount();
        const qint64 step = std::max<qint64>(1, (count - MostLines) / Samples);
        BootClocks clocks;
        for (qint64 number = 1; number <= count; number += number < MostLines || number > count - 100 ? 1 : step) {
            const auto line = lines.line(number);
            if (!line || line->raw.find_first_not_of(" \t\r\x1E") == std::string_view::npos)
                continue;
            const JournalEntry entry = journalEntryOf(bareLine(line->raw, line->byteOffset));
            if (!entry.whole)
                sink.note(Severity::Warning, Code::BadSyntax, *line, tr("The entry is no whole JSON object"));
            clocks.observe(entry, number, sink);
        }
        sink.evidence.identity.host = clocks.host();
    }

    std::shared_ptr<const JournalJsonDecoder> m_decoder = std::make_shared<JournalJsonDecoder>();
};

} // namespace

ImporterInfo JournalJson::info() const
{
    return {"journal-json", tr("Journal as JSON (journalctl -o json)"), SourceKind::Journal, TimeBasis::Utc};
}

SniffResult JournalJson::sniff(const SourceHead &head) const
{
    int entries = 0;
    int others = 0;
    for (const std::string_view line : headLines(head, 50)) {
        if (line.empty()) // json-sse ends each entry with one
            continue;
        const JournalEntry entry = journalEntryOf(line);
        if (entry.realtimeNs || entry.sourceRealtimeNs)
            ++entries;
        else
            ++others;
    }
    if (entries > others)
        return {95, tr("its lines are JSON objects with __REALTIME_TIMESTAMP, as journalctl writes them")};
    return {};
}

std::vector<QByteArray> JournalJson::marks() const
{
    return {};
}

std::unique_ptr<CarrierSession> JournalJson::open(const SourceHead &) const
{
    return std::make_unique<JournalJsonSession>();
}

bool JournalJson::scanText(std::string_view lines, QByteArray &into) const
{
    writeJournalMessages(lines, into);
    return true;
}

} // namespace faultline
