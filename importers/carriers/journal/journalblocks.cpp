// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/journal/journal.h"
#include "importers/carriers/journal/journalentry.h"
#include "importers/core/headlines.h"
#include "importers/core/jsonfields.h"
#include "importers/core/recordtable.h"
#include "importers/core/wallclock.h"
#include "models/core/translate.h"

#include <array>
#include <charconv>

namespace faultline {

namespace {

using Syntax = JournalBlocks::Syntax;

constexpr std::string_view VerboseIndent = "    ";
constexpr std::string_view CursorStart = " [s=";

bool isFieldName(std::string_view name)
{
    constexpr size_t LongestName = 64; // journald's own limit
    return !name.empty() && name.size() <= LongestName && std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || Cursor::isDigit(c) || c == '_';
    });
}

struct Field {
    std::string_view name;
    std::string_view value; ///< Of JSON strings without quotes, still escaped.
    bool isString = false;  ///< Of JSON.
};

/// "NAME=value", indented where verbose.
std::optional<Field> assignmentOf(std::string_view line, Syntax syntax)
{
    if (syntax == Syntax::Verbose) {
        if (!line.starts_with(VerboseIndent))
            return std::nullopt;
        line.remove_prefix(VerboseIndent.size());
    }
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || !isFieldName(line.substr(0, equals)))
        return std::nullopt;
    return Field{line.substr(0, equals), line.substr(equals + 1), false};
}

/// `"NAME" : value,`
std::optional<Field> memberOf(std::string_view line)
{
    const size_t quote = line.find_first_not_of(" \t");
    if (quote == std::string_view::npos || line[quote] != '"')
        return std::nullopt;
    line.remove_prefix(quote + 1);
    const size_t end = line.find('"');
    if (end == std::string_view::npos || !isFieldName(line.substr(0, end)))
        return std::nullopt;
    Field field{line.substr(0, end), line.substr(end + 1), false};
    const size_t value = field.value.find_first_not_of(" \t:");
    if (value == std::string_view::npos || !field.value.substr(0, value).contains(':'))
        return std::nullopt;
    field.value.remove_prefix(value);
    while (field.value.ends_with(',') || field.value.ends_with(' '))
        field.value.remove_suffix(1);
    field.isString = field.value.size() >= 2 && field.value.front() == '"' && field.value.back() == '"';
    if (field.isString)
        field.value = field.value.substr(1, field.value.size() - 2);
    return field;
}

std::optional<Field> fieldOf(std::string_view line, Syntax syntax)
{
    return syntax == Syntax::Pretty ? memberOf(line) : assignmentOf(line, syntax);
}

/// Bytes that follow, a line each.
bool isOpenArray(const Field &field)
{
    return !field.isString && field.value == "[";
}

QByteArray messageOf(const Field &field)
{
    QByteArray message = field.isString ? unescapeJson(field.value) : bytesOfArray(field.value);
    message.replace('\n', ' ');
    return message;
}

/// "[104,105]" put together from its lines.
QByteArray arrayText(QByteArray array)
{
    array.replace('\t', "");
    QByteArray text = bytesOfArray({array.constData(), static_cast<size_t>(array.size())});
    text.replace('\n', ' ');
    return text;
}

std::optional<quint64> hexAfter(std::string_view text, std::string_view mark)
{
    const size_t at = text.find(mark);
    quint64 value = 0;
    if (at == std::string_view::npos)
        return std::nullopt;
    const char *from = text.data() + at + mark.size();
    const auto [end, error] = std::from_chars(from, text.data() + text.size(), value, 16);
    return error == std::errc() && end != from ? std::optional(value) : std::nullopt;
}

/// "Mon 2026-11-23 18:55:18.123456 UTC [s=…;i=…;b=…;m=…;t=…;x=…]": the cursor holds both clocks, in microseconds.
bool readVerboseHead(std::string_view line, JournalEntry &entry)
{
    const size_t cursor = line.find(CursorStart);
    if (cursor == std::string_view::npos || line.starts_with(' '))
        return false;
    const std::string_view text = line.substr(cursor);
    const auto realtime = hexAfter(text, ";t=");
    const auto monotonic = hexAfter(text, ";m=");
    constexpr quint64 Most = quint64(std::numeric_limits<qint64>::max()) / NsPerMicrosecond;
    if (!realtime || *realtime > Most)
        return false;
    entry.realtimeNs = static_cast<qint64>(*realtime) * NsPerMicrosecond;
    if (monotonic && *monotonic <= Most)
        entry.monotonicNs = static_cast<qint64>(*monotonic) * NsPerMicrosecond;
    return true;
}

class JournalBlocksDecoder final : public LineDecoder
{
public:
    explicit JournalBlocksDecoder(Syntax syntax)
        : m_syntax(syntax)
    {
    }

    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        DecodedLine decoded;
        decoded.payload = bareLine(line, byteOffset);
        const auto record = m_records.before(byteOffset);
        if (record)
            decoded.level = record->level;
        if (record && record->byteOffset == byteOffset)
            decoded.time = record->time;
        if (const auto binary = m_binaries.at(byteOffset)) {
            decoded.payload.remove_prefix(std::min(decoded.payload.size(), static_cast<size_t>(binary->skip)));
            return decoded;
        }
        const auto field = fieldOf(decoded.payload, m_syntax);
        if (!field || field->name != "MESSAGE")
            return decoded;
        decoded.payload = field->value;
        if (m_syntax == Syntax::Pretty && (!field->isString || field->value.contains('\\'))) {
            decoded.owned = isOpenArray(*field) ? textAt(byteOffset) : messageOf(*field);
            decoded.payload = std::string_view(decoded.owned.constData(), static_cast<size_t>(decoded.owned.size()));
        }
        return decoded;
    }

    std::optional<SourceTime> timeBefore(qint64 byteOffset) const override
    {
        const auto record = m_records.before(byteOffset);
        return record ? record->time : std::nullopt;
    }

    /// A message that stands in the lines behind its name.
    void addText(qint64 byteOffset, const QByteArray &text) const
    {
        constexpr size_t MostTexts = 10'000;
        const std::scoped_lock lock(m_textMutex);
        if (m_texts.size() < MostTexts)
            m_texts.try_emplace(byteOffset, text);
    }

    RecordTable &records() const { return m_records; }
    RecordTable &binaries() const { return m_binaries; }

private:
    QByteArray textAt(qint64 byteOffset) const
    {
        const std::scoped_lock lock(m_textMutex);
        const auto found = m_texts.find(byteOffset);
        return found == m_texts.end() ? QByteArray() : found->second;
    }

    Syntax m_syntax;
    mutable std::mutex m_textMutex;
    mutable std::map<qint64, QByteArray> m_texts;
    mutable RecordTable m_records;  ///< An entry each.
    mutable RecordTable m_binaries; ///< Where the text of a binary message begins.
};

/// Walks the bytes of a binary field's value: its length, 64 bits little endian, and that many bytes, LFs among them.
class BinaryValue
{
public:
    /// A line of it, without LF; true once the value is complete.
    bool add(std::string_view line, qint64 byteOffset)
    {
        size_t at = 0;
        while (m_lengthBytes < 8 && at < line.size())
            m_left |= quint64(static_cast<unsigned char>(line[at++])) << (8U * m_lengthBytes++);
        if (m_lengthBytes == 8 && !m_text) {
            m_text = byteOffset;
            m_skip = at;
        }
        if (m_lengthBytes < 8) { // the LF is one of the length's bytes
            m_left |= quint64('\n') << (8U * m_lengthBytes++);
            return false;
        }
        const size_t rest = line.size() - at;
        if (m_left <= rest)
            return true;
        m_left -= rest;
        return --m_left == 0 && false; // the LF belongs to the value
    }
    std::optional<qint64> textOffset() const { return m_text; }
    size_t skip() const { return m_skip; }

private:
    quint64 m_left = 0;
    unsigned m_lengthBytes = 0;
    std::optional<qint64> m_text; ///< Where the line starts that has the value's first bytes.
    size_t m_skip = 0;            ///< How many of that line's bytes are the length's.
};

class JournalBlocksSession final : public CarrierSession
{
public:
    explicit JournalBlocksSession(Syntax syntax)
        : m_syntax(syntax)
        , m_decoder(std::make_shared<JournalBlocksDecoder>(syntax))
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        if (line.number <= m_entryEnd) // text inside of an entry
            return;
        JournalEntry entry;
        const std::string_view first = bareLine(line.raw, line.byteOffset);
        const bool starts = m_syntax == Syntax::Verbose  ? readVerboseHead(first, entry)
                            : m_syntax == Syntax::Export ? first.starts_with("__CURSOR=")
                                                         : first == "{";
        if (!starts)
            return;
        readEntry(line.number, lines, entry);
        if (!entry.time()) {
            sink.note(Severity::Warning, Code::BadTimestamp, line, tr("The entry has no time"));
            return;
        }
        ++m_entries;
        m_decoder->records().add({line.byteOffset, entry.time(), entry.level(), 0});
        m_clocks.observe(entry, line.number, sink);
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.kind = SourceKind::Journal;
        evidence.basis = TimeBasis::Utc;
        evidence.zone = "UTC";
        evidence.resolutionNs = NsPerMicrosecond;
        evidence.identity.host = m_clocks.host();
        evidence.coverage.push_back({{}, evidence.first, {}, CoverageHow::Stated});
        Fact fact;
        fact.line = std::min<qint64>(1, lines.lineCount());
        fact.subject = "journal";
        fact.key = "entries";
        fact.value = QByteArray::number(m_entries);
        evidence.facts.push_back(std::move(fact));
    }

private:
    static constexpr qint64 MostEntryLines = 5'000;

    void readEntry(qint64 first, LineReader &lines, JournalEntry &entry)
    {
        std::optional<BinaryValue> binary;
        bool binaryIsMessage = false;
        std::optional<QByteArray> array; // of a message's bytes
        qint64 arrayOffset = 0;
        m_entryEnd = first;
        for (qint64 number = first + (m_syntax == Syntax::Pretty || m_syntax == Syntax::Verbose ? 1 : 0);
             number < first + MostEntryLines; ++number) {
            const auto line = lines.line(number);
            if (!line)
                break;
            m_entryEnd = number;
            const std::string_view text = binary ? line->raw : bareLine(line->raw, line->byteOffset);
            if (binary) {
                const bool complete = binary->add(text, line->byteOffset);
                if (binaryIsMessage && binary->textOffset())
                    m_decoder->binaries().add(
                        {*binary->textOffset(), {}, Severity::Info, static_cast<qint32>(binary->skip())});
                if (complete)
                    binary.reset();
                continue;
            }
            if (isEnd(text)) {
                m_entryEnd -= m_syntax == Syntax::Verbose ? 1 : 0;
                break;
            }
            if (array) {
                array->append(text.data(), static_cast<qsizetype>(text.size()));
                if (text.contains(']')) {
                    m_decoder->addText(arrayOffset, arrayText(*array));
                    array.reset();
                }
                continue;
            }
            if (const auto field = fieldOf(text, m_syntax)) {
                if (isOpenArray(*field) && field->name == "MESSAGE") {
                    array = "[";
                    arrayOffset = line->byteOffset;
                }
                set(*field, entry);
            } else if (m_syntax == Syntax::Export && isFieldName(text)) {
                binary.emplace();
                binaryIsMessage = text == "MESSAGE";
            }
        }
    }

    bool isEnd(std::string_view text) const
    {
        switch (m_syntax) {
        case Syntax::Export: return text.empty();
        case Syntax::Verbose: return !text.starts_with(VerboseIndent);
        case Syntax::Pretty: return text.starts_with('}');
        }
        return true;
    }

    void set(const Field &field, JournalEntry &entry)
    {
        // The line's bytes are gone with the next line.
        const auto keep = [&field](QByteArray &into) -> std::string_view {
            into = QByteArray(field.value.data(), static_cast<qsizetype>(field.value.size()));
            return {into.constData(), static_cast<size_t>(into.size())};
        };
        if (field.name == "_HOSTNAME")
            entry.setField(field.name, keep(m_host));
        else if (field.name == "_BOOT_ID")
            entry.setField(field.name, keep(m_boot));
        else
            entry.setField(field.name, field.value);
    }

    Syntax m_syntax;
    std::shared_ptr<const JournalBlocksDecoder> m_decoder;
    BootClocks m_clocks;
    QByteArray m_host;
    QByteArray m_boot;
    qint64 m_entryEnd = 0; ///< The last line of the entry read last.
    qint64 m_entries = 0;
};

} // namespace

ImporterInfo JournalBlocks::info() const
{
    switch (m_syntax) {
    case Syntax::Export:
        return {"journal-export", tr("Journal export (journalctl -o export)"), SourceKind::Journal, TimeBasis::Utc};
    case Syntax::Verbose:
        return {"journal-verbose", tr("Journal with all fields (journalctl -o verbose)"), SourceKind::Journal,
                TimeBasis::Utc};
    case Syntax::Pretty: break;
    }
    return {"journal-pretty", tr("Journal as JSON over several lines (journalctl -o json-pretty)"), SourceKind::Journal,
            TimeBasis::Utc};
}

SniffResult JournalBlocks::sniff(const SourceHead &head) const
{
    if (m_syntax == Syntax::Export) {
        if (head.bytes.startsWith("__CURSOR=") && head.bytes.contains("\n__REALTIME_TIMESTAMP="))
            return {95, tr("it begins with __CURSOR= and fields, as journalctl -o export writes them")};
        if (head.bytes.contains("\n__REALTIME_TIMESTAMP=") && head.bytes.contains("\n_BOOT_ID="))
            return {80, tr("it holds fields as journalctl -o export writes them")};
        return {};
    }
    constexpr size_t MostLines = 60;
    int heads = 0;
    int fields = 0;
    bool stamped = false;
    for (const std::string_view line : headLines(head, MostLines)) {
        JournalEntry entry;
        heads += m_syntax == Syntax::Verbose ? readVerboseHead(line, entry) : line == "{";
        if (const auto field = fieldOf(line, m_syntax)) {
            ++fields;
            stamped = stamped || field->name == "__REALTIME_TIMESTAMP";
        }
    }
    if (m_syntax == Syntax::Verbose)
        return heads > 0 && fields > heads
                   ? SniffResult{95,
                                 tr("its entries begin with a time and a cursor, as journalctl -o verbose writes them")}
                   : SniffResult{};
    return heads > 0 && stamped
               ? SniffResult{95,
                             tr("its JSON objects hold __REALTIME_TIMESTAMP, as journalctl -o json-pretty writes them")}
               : SniffResult{};
}

std::vector<QByteArray> JournalBlocks::marks() const
{
    switch (m_syntax) {
    case Syntax::Export: return {R"(^__CURSOR=)"};
    case Syntax::Verbose: return {R"( \[s=[0-9a-f]{32};i=)"};
    case Syntax::Pretty: return {R"(^\{$)"};
    }
    return {};
}

std::unique_ptr<CarrierSession> JournalBlocks::open(const SourceHead &) const
{
    return std::make_unique<JournalBlocksSession>(m_syntax);
}

/// Messages alone are searched, and what begins an entry; a command line in another field is no message.
bool JournalBlocks::scanText(std::string_view lines, QByteArray &into) const
{
    constexpr size_t MostArrayBytes = 64 * 1024;
    into.clear();
    while (!lines.empty()) {
        const size_t end = lines.find('\n');
        std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto field = fieldOf(line, m_syntax);
        if (field && field->name == "MESSAGE" && isOpenArray(*field))
            into.append(arrayText(
                "["
                + QByteArray(lines.data(), static_cast<qsizetype>(std::min(lines.substr(0, MostArrayBytes).find(']'),
                                                                           std::min(lines.size(), MostArrayBytes))))
                      .replace('\n', "")));
        else if (field && field->name == "MESSAGE")
            into.append(m_syntax == Syntax::Pretty
                            ? messageOf(*field)
                            : QByteArray(field->value.data(), static_cast<qsizetype>(field->value.size())));
        else if (!field || field->name == "__CURSOR")
            into.append(withoutTerminalControl(line));
        if (end != std::string_view::npos)
            into.append('\n');
    }
    return true;
}

} // namespace faultline
