// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/journal/journal.h"
#include "importers/carriers/journal/journalentry.h"
#include "importers/core/headlines.h"
#include "importers/core/jsonfields.h"
#include "importers/core/notes.h"
#include "models/core/translate.h"
#include "models/core/vectorclones.h"
#include "models/evidence/controlbytes.h"

namespace faultline {

namespace {

/// json-seq puts a record separator before each object, json-sse "data: ".
std::string_view withoutFraming(std::string_view line)
{
    if (line.starts_with('\x1E'))
        line.remove_prefix(1);
    if (line.starts_with("data: "))
        line.remove_prefix(6);
    return line;
}

JournalEntry parseEntry(std::string_view line)
{
    JournalEntry entry;
    entry.whole = forEachJsonField(withoutFraming(line), [&](const JsonField &field) {
        if (field.name == "MESSAGE") {
            entry.message = field.value;
            entry.messageIsString = field.isString;
        } else {
            entry.setField(field.name, field.value);
        }
        return true;
    });
    return entry;
}

/// The values of a repeated field, with blanks between.
QByteArray joinedValues(std::string_view array)
{
    QByteArray joined;
    size_t at = 1;
    while (at < array.size() && array[at] != ']') {
        std::string_view rest = array.substr(at);
        size_t end = 0;
        QByteArray value;
        if (rest.starts_with('"')) {
            end = 1;
            while (end < rest.size() && rest[end] != '"')
                end += rest[end] == '\\' ? size_t{2} : size_t{1};
            end = std::min(end, rest.size());
            value = unescapeJson(rest.substr(1, end - 1));
            ++end;
        } else {
            end = std::min(rest.find(rest.starts_with('[') ? ']' : ','), rest.size() - 1) + 1;
            value = bytesOfArray(rest.substr(0, end));
        }
        if (!joined.isEmpty() && !value.isEmpty())
            joined.append(' ');
        joined.append(value);
        at += end;
        while (at < array.size() && (array[at] == ',' || array[at] == ' '))
            ++at;
    }
    joined.replace('\n', ' ');
    return joined;
}

QByteArray messageOf(const JournalEntry &entry)
{
    // A field that is there more than once is an array of its values: ["a","b"], bytes among them as arrays of their own.
    if (!entry.messageIsString && (entry.message.starts_with("[\"") || entry.message.starts_with("[[")))
        return joinedValues(entry.message);
    QByteArray message = entry.messageIsString ? unescapeJson(entry.message) : bytesOfArray(entry.message);
    message.replace('\n', ' ');
    return message;
}

/// Where the name MESSAGE stands with its quotes; npos where it does not. Looks at stretches of which compilers make a few vector instructions.
FAULTLINE_VECTOR_CLONES
size_t findMessageName(std::string_view line, size_t from)
{
    constexpr std::string_view Name = "\"MESSAGE\"";
    constexpr size_t Stretch = 64;
    for (; from + Stretch + Name.size() <= line.size(); from += Stretch) {
        const char *const at = line.data() + from;
        quint8 any = 0;
        for (size_t i = 0; i < Stretch; ++i)
            any |= static_cast<quint8>((at[i] == '"') & (at[i + 1] == 'M') & (at[i + Name.size() - 1] == '"'));
        if (any != 0)
            break;
    }
    return line.find(Name, from);
}

/// The first message of an entry, still escaped, where it is a string: what most entries hold, found without looking at the other fields. Nothing
/// but a name can look like one: inside of a string a quote has a backslash before it, and behind a value there is no colon. (A journal's
/// values hold no objects.)
std::optional<std::string_view> messageString(std::string_view line)
{
    constexpr size_t NameLength = 9;
    if (!line.starts_with('{'))
        return std::nullopt;
    size_t name = findMessageName(line, 0);
    for (; name != std::string_view::npos; name = findMessageName(line, name + 1)) {
        const size_t colon = std::min(line.find_first_not_of(" \t", name + NameLength), line.size());
        const size_t value = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
        if (line[name - 1] == '\\' || colon == line.size() || line[colon] != ':')
            continue;
        const size_t end =
            value < line.size() && line[value] == '"' ? jsonStringEnd(line, value + 1) : std::string_view::npos;
        return end == std::string_view::npos ? std::nullopt : std::optional(line.substr(value + 1, end - value - 1));
    }
    return std::nullopt;
}

/// Writes what patterns are looked for in of an entry to `out`, which has room for as many bytes as `line` has; returns where it ends.
char *writeMessage(std::string_view line, char *out)
{
    const auto write = [out, &line](std::string_view text) {
        const std::string_view whole = text.substr(0, line.size());
        return std::copy(whole.begin(), whole.end(), out);
    };
    const auto writeBare = [&write](const QByteArray &text) {
        const QByteArray bare = withoutTerminalControl({text.constData(), static_cast<size_t>(text.size())});
        return write({bare.constData(), static_cast<size_t>(bare.size())});
    };
    const auto message = messageString(withoutFraming(line));
    if (!message) {
        const JournalEntry entry = parseEntry(line);
        return entry.message.empty() && !entry.whole ? write(line) : writeBare(messageOf(entry));
    }
    char *const end = message->contains('\\') ? unescapeJson(*message, out) : write(*message);
    std::replace(out, end, '\n', ' ');
    const std::string_view written(out, static_cast<size_t>(end - out));
    return nextControlByte(written, 0) == written.size() ? end : writeBare({out, end - out});
}

class JournalJsonDecoder : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        const std::string_view bare = bareLine(line, byteOffset);
        const JournalEntry entry = parseEntry(bare);
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
        decoded.owned = messageOf(entry);
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
            const JournalEntry entry = parseEntry(bareLine(line->raw, line->byteOffset));
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
        const JournalEntry entry = parseEntry(line);
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
    into.resize(static_cast<qsizetype>(lines.size())); // no message is longer than the line that it stands in
    char *out = into.data();
    for (size_t at = 0; at < lines.size();) {
        const size_t end = std::min(lines.find('\n', at), lines.size());
        std::string_view line = lines.substr(at, end - at);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        out = writeMessage(line, out);
        if (end < lines.size())
            *out++ = '\n';
        at = end + 1;
    }
    into.truncate(out - into.constData());
    return true;
}

} // namespace faultline
