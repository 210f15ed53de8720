// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/dmesg/kernelline.h"
#include "importers/carriers/journal/journal.h"
#include "importers/core/headlines.h"
#include "importers/core/jsonfields.h"
#include "importers/core/notes.h"

#include <QCoreApplication>

#include <map>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::JournalJson", text);
}

/// Microseconds of a field; journalctl writes numbers as strings.
std::optional<qint64> microsOf(std::string_view text)
{
    Cursor cursor(text);
    const auto number = cursor.number(16);
    if (!number || !cursor.atEnd() || *number > std::numeric_limits<qint64>::max() / NsPerMicrosecond)
        return std::nullopt;
    return *number * NsPerMicrosecond;
}

/// What is read of an entry, from JSON or export.
struct Entry {
    std::optional<qint64> realtimeNs;
    std::optional<qint64> monotonicNs;
    std::optional<qint64> sourceRealtimeNs;
    std::optional<qint64> sourceMonotonicNs;
    std::string_view message;
    bool messageIsString = false;
    bool fromKernel = false;
    std::string_view host;
    std::string_view bootId;
    int priority = -1;
    bool whole = false;

    /// When it happened: for kernel lines by the kernel's own clock (journald may have received them much later).
    std::optional<SourceTime> time() const
    {
        if (fromKernel && realtimeNs && monotonicNs && sourceMonotonicNs)
            return SourceTime{*realtimeNs - *monotonicNs + *sourceMonotonicNs};
        if (sourceRealtimeNs)
            return SourceTime{*sourceRealtimeNs};
        if (realtimeNs)
            return SourceTime{*realtimeNs};
        return std::nullopt;
    }
};

void setField(Entry &entry, std::string_view name, std::string_view value)
{
    if (name == "__REALTIME_TIMESTAMP")
        entry.realtimeNs = microsOf(value);
    else if (name == "__MONOTONIC_TIMESTAMP")
        entry.monotonicNs = microsOf(value);
    else if (name == "_SOURCE_REALTIME_TIMESTAMP")
        entry.sourceRealtimeNs = microsOf(value);
    else if (name == "_SOURCE_MONOTONIC_TIMESTAMP")
        entry.sourceMonotonicNs = microsOf(value);
    else if (name == "_TRANSPORT")
        entry.fromKernel = value == "kernel";
    else if (name == "_HOSTNAME")
        entry.host = value;
    else if (name == "_BOOT_ID")
        entry.bootId = value;
    else if (name == "PRIORITY" && value.size() == 1 && Cursor::isDigit(value[0]))
        entry.priority = value[0] - '0';
}

/// json-seq puts a record separator before each object, json-sse "data: ".
std::string_view withoutFraming(std::string_view line)
{
    if (line.starts_with('\x1E'))
        line.remove_prefix(1);
    if (line.starts_with("data: "))
        line.remove_prefix(6);
    return line;
}

Entry parseEntry(std::string_view line)
{
    Entry entry;
    entry.whole = forEachJsonField(withoutFraming(line), [&](const JsonField &field) {
        if (field.name == "MESSAGE") {
            entry.message = field.value;
            entry.messageIsString = field.isString;
        } else {
            setField(entry, field.name, field.value);
        }
        return true;
    });
    return entry;
}

/// A message that is no UTF-8 is written as its bytes: [104, 105].
QByteArray bytesOfArray(std::string_view array)
{
    QByteArray bytes;
    Cursor cursor(array);
    if (!cursor.take('['))
        return bytes;
    for (;;) {
        cursor.blanks();
        const auto byte = cursor.number(3);
        if (!byte || *byte > 255)
            return bytes;
        bytes.append(static_cast<char>(*byte));
        cursor.blanks();
        if (!cursor.take(','))
            return bytes;
    }
}

QByteArray messageOf(const Entry &entry)
{
    QByteArray message = entry.messageIsString ? unescapeJson(entry.message) : bytesOfArray(entry.message);
    message.replace('\n', ' ');
    return message;
}

class JournalJsonDecoder : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        const std::string_view bare = bareLine(line, byteOffset);
        const Entry entry = parseEntry(bare);
        DecodedLine decoded;
        decoded.time = entry.time();
        if (entry.priority >= 0)
            decoded.level = severityOfPriority(entry.priority);
        if (entry.message.empty() && !entry.whole && !decoded.time) {
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
    /// Every entry of a short journal, else those of both ends: damage, hosts, and what ties each boot's clock to the wall's.
    static void look(LineReader &lines, TextSink &sink)
    {
        constexpr qint64 MostLines = 20'000;
        std::map<QByteArray, qint64> seen;
        std::optional<QByteArray> host;
        bool oneHost = true;
        for (qint64 number = 1; number <= lines.lineCount(); ++number) {
            if (number > MostLines && number <= lines.lineCount() - 100)
                continue;
            const auto line = lines.line(number);
            if (!line || line->raw.find_first_not_of(" \t\r") == std::string_view::npos)
                continue;
            const Entry entry = parseEntry(bareLine(line->raw, line->byteOffset));
            if (!entry.whole)
                sink.note(Severity::Warning, Code::BadSyntax, *line, tr("The entry is no whole JSON object"));
            if (!entry.host.empty()) {
                const QByteArray name = unescapeJson(entry.host);
                oneHost = oneHost && (!host || *host == name);
                host = name;
            }
            if (entry.bootId.empty() || !entry.realtimeNs || !entry.monotonicNs || seen.size() > 100)
                continue;
            const QByteArray boot(entry.bootId.data(), static_cast<qsizetype>(entry.bootId.size()));
            if (!seen.try_emplace(boot, number).second)
                continue;
            Fact fact;
            fact.line = number;
            fact.time = SourceInterval{{*entry.realtimeNs}, {*entry.realtimeNs}};
            fact.subject = "boot/" + boot;
            fact.key = "realtime_minus_monotonic_ns";
            fact.value = QByteArray::number(*entry.realtimeNs - *entry.monotonicNs);
            fact.identity.host = host.value_or(QByteArray());
            sink.evidence.facts.push_back(std::move(fact));
        }
        if (host && oneHost)
            sink.evidence.identity.host = *host;
    }

    std::shared_ptr<const JournalJsonDecoder> m_decoder = std::make_shared<JournalJsonDecoder>();
};

class JournalExportDecoder : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        constexpr std::string_view Stamp = "__REALTIME_TIMESTAMP=";
        constexpr std::string_view Message = "MESSAGE=";
        DecodedLine decoded;
        decoded.payload = bareLine(line, byteOffset);
        if (decoded.payload.starts_with(Stamp)) {
            if (const auto ns = microsOf(decoded.payload.substr(Stamp.size())))
                decoded.time = SourceTime{*ns};
        } else if (decoded.payload.starts_with(Message)) {
            decoded.payload.remove_prefix(Message.size());
        }
        return decoded;
    }
};

class JournalExportSession : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}
    void finish(LineReader &, TextSink &sink) override
    {
        sink.evidence.kind = SourceKind::Journal;
        sink.evidence.basis = TimeBasis::Utc;
        sink.evidence.zone = "UTC";
        sink.evidence.resolutionNs = NsPerMicrosecond;
        sink.evidence.coverage.push_back({{}, sink.evidence.first, {}, CoverageHow::Stated});
    }

private:
    std::shared_ptr<const JournalExportDecoder> m_decoder = std::make_shared<JournalExportDecoder>();
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
        const Entry entry = parseEntry(line);
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
    into.clear();
    while (!lines.empty()) {
        const size_t end = lines.find('\n');
        std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const Entry entry = parseEntry(line);
        if (entry.message.empty() && !entry.whole)
            into.append(line.data(), static_cast<qsizetype>(line.size()));
        else
            into.append(withoutTerminalControl(messageOf(entry).toStdString()));
        if (end != std::string_view::npos)
            into.append('\n');
    }
    return true;
}

ImporterInfo JournalExport::info() const
{
    return {"journal-export", tr("Journal export (journalctl -o export)"), SourceKind::Journal, TimeBasis::Utc};
}

SniffResult JournalExport::sniff(const SourceHead &head) const
{
    if (head.bytes.startsWith("__CURSOR=") && head.bytes.contains("\n__REALTIME_TIMESTAMP="))
        return {95, tr("it begins with __CURSOR= and fields, as journalctl -o export writes them")};
    if (head.bytes.contains("\n__REALTIME_TIMESTAMP=") && head.bytes.contains("\n_BOOT_ID="))
        return {80, tr("it holds fields as journalctl -o export writes them")};
    return {};
}

std::vector<QByteArray> JournalExport::marks() const
{
    return {};
}

std::unique_ptr<CarrierSession> JournalExport::open(const SourceHead &) const
{
    return std::make_unique<JournalExportSession>();
}

} // namespace faultline
