// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/dmesg/dmesg.h"
#include "importers/carriers/dmesg/kernelline.h"
#include "importers/core/headlines.h"
#include "importers/core/jsonfields.h"
#include "importers/core/recordtable.h"
#include "models/core/translate.h"

#include <array>

namespace faultline {

namespace {

/// A line `"name": value,` of a JSON object written over several lines.
struct Member {
    std::string_view name;
    std::string_view value; ///< A string without its quotes, still escaped.
};

std::optional<Member> memberOf(std::string_view line)
{
    const size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos || line[start] != '"')
        return std::nullopt;
    line.remove_prefix(start + 1);
    const size_t quote = line.find('"');
    if (quote == std::string_view::npos || quote > 8)
        return std::nullopt;
    Member member{line.substr(0, quote), line.substr(quote + 1)};
    const size_t value = member.value.find_first_not_of(" :");
    if (value == std::string_view::npos || !member.value.starts_with(':'))
        return std::nullopt;
    member.value.remove_prefix(value);
    while (member.value.ends_with(' ') || member.value.ends_with(',') || member.value.ends_with('\r'))
        member.value.remove_suffix(1);
    if (member.value.size() >= 2 && member.value.front() == '"' && member.value.back() == '"')
        member.value = member.value.substr(1, member.value.size() - 2);
    return member;
}

/// A number, or with --decode its name.
std::optional<Severity> severityOf(std::string_view priority)
{
    static constexpr std::array<std::string_view, 8> Names{"emerg", "alert",  "crit", "err",
                                                           "warn",  "notice", "info", "debug"};
    if (priority.size() == 1 && Cursor::isDigit(priority[0]))
        return severityOfPriority(priority[0] - '0');
    const auto found = std::ranges::find(Names, priority);
    return found == Names.end() ? std::nullopt
                                : std::optional(severityOfPriority(static_cast<int>(found - Names.begin())));
}

std::optional<SourceTime> timeOf(std::string_view text)
{
    Cursor cursor(text);
    const auto seconds = cursor.number(9);
    const bool point = cursor.take('.');
    const auto nanos = cursor.nanos();
    if (!seconds || !point || !nanos || !cursor.atEnd())
        return std::nullopt;
    return SourceTime{*seconds * NsPerSecond + *nanos};
}

QByteArray messageOf(std::string_view escaped)
{
    QByteArray message = unescapeJson(escaped);
    if (message.endsWith('\n'))
        message.chop(1);
    // dmesg --json --file gives with each message all that follow it: util-linux 2.38 does not end the text.
    for (qsizetype at = message.indexOf("\n<"); at >= 0; at = message.indexOf("\n<", at + 1)) {
        if (at + 3 < message.size() && Cursor::isDigit(message[at + 2])) {
            message.truncate(at);
            break;
        }
    }
    message.replace('\n', ' ');
    return message;
}

class DmesgJsonDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        DecodedLine decoded;
        decoded.payload = bareLine(line, byteOffset);
        const auto member = memberOf(decoded.payload);
        if (!member)
            return decoded;
        if (member->name == "time") {
            decoded.time = timeOf(member->value);
        } else if (member->name == "msg") {
            decoded.owned = messageOf(member->value);
            decoded.payload = std::string_view(decoded.owned.constData(), static_cast<size_t>(decoded.owned.size()));
            if (const auto record = m_records.at(byteOffset)) {
                decoded.time = record->time;
                decoded.level = record->level;
            }
        }
        return decoded;
    }

    RecordTable &records() const { return m_records; }

private:
    mutable RecordTable m_records;
};

class DmesgJsonSession final : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int, const TextLine &line, LineReader &, TextSink &) override
    {
        const auto member = memberOf(bareLine(line.raw, line.byteOffset));
        if (!member)
            return;
        if (member->name == "pri") {
            m_level = severityOf(member->value).value_or(Severity::Info);
        } else if (member->name == "time") {
            m_time = timeOf(member->value);
        } else if (member->name == "msg") {
            m_decoder->records().add({line.byteOffset, m_time, m_level, 0});
            m_level = Severity::Info;
        }
    }

    void finish(LineReader &, TextSink &sink) override
    {
        sink.evidence.kind = SourceKind::KernelLog;
        sink.evidence.basis = TimeBasis::Boot;
        sink.evidence.resolutionNs = NsPerMicrosecond;
        sink.evidence.clockStarts = {SourceTime{}};
        sink.evidence.coverage.push_back({{}, sink.evidence.first, {}, CoverageHow::Stated});
    }

private:
    std::shared_ptr<const DmesgJsonDecoder> m_decoder = std::make_shared<DmesgJsonDecoder>();
    std::optional<SourceTime> m_time;
    Severity m_level = Severity::Info;
};

} // namespace

ImporterInfo DmesgJson::info() const
{
    return {"dmesg-json", tr("Kernel log as JSON (dmesg --json)"), SourceKind::KernelLog, TimeBasis::Boot};
}

SniffResult DmesgJson::sniff(const SourceHead &head) const
{
    constexpr size_t MostLines = 20;
    bool named = false;
    int members = 0;
    for (const std::string_view line : headLines(head, MostLines)) {
        named = named || line.contains("\"dmesg\"");
        const auto member = memberOf(line);
        members += member && (member->name == "time" || member->name == "msg" || member->name == "pri") ? 1 : 0;
    }
    return named && head.bytes.trimmed().startsWith('{') && (members >= 2 || head.bytes.size() < 64)
               ? SniffResult{95, tr("it is a JSON object named dmesg, as dmesg --json writes it")}
               : SniffResult{};
}

std::vector<QByteArray> DmesgJson::marks() const
{
    return {R"("pri": ?"?[a-z0-9]+"?,)", R"("time": *[0-9]+\.[0-9]{6},)", R"(^ +"msg": ")"};
}

std::unique_ptr<CarrierSession> DmesgJson::open(const SourceHead &) const
{
    return std::make_unique<DmesgJsonSession>();
}

} // namespace faultline
