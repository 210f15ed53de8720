// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/json_lines/jsonrecord.h"

#include "importers/core/cursor.h"
#include "importers/core/jsonfields.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace faultline {

namespace {

enum class Part { None, Time, Level, Message, Error, Stream, Host, Wrapper };

struct FieldName {
    std::string_view name;
    Part part;
    int rank; ///< Of several fields for one part the lowest counts.
};
/// In order of names' first use in the formats above; matched exactly, then without regard to case.
constexpr std::array FieldNames{FieldName{"time", Part::Time, 0},
                                FieldName{"ts", Part::Time, 1},
                                FieldName{"timestamp", Part::Time, 1},
                                FieldName{"@timestamp", Part::Time, 0},
                                FieldName{"t", Part::Time, 2},
                                FieldName{"@t", Part::Time, 0},
                                FieldName{"date", Part::Time, 3},
                                FieldName{"datetime", Part::Time, 2},
                                FieldName{"asctime", Part::Time, 2},
                                FieldName{"timemillis", Part::Time, 2},
                                FieldName{"instant", Part::Time, 1},
                                FieldName{"eventtime", Part::Time, 3},
                                FieldName{"level", Part::Level, 0},
                                FieldName{"lvl", Part::Level, 1},
                                FieldName{"severity", Part::Level, 0},
                                FieldName{"loglevel", Part::Level, 1},
                                FieldName{"log.level", Part::Level, 0},
                                FieldName{"levelname", Part::Level, 0},
                                FieldName{"@l", Part::Level, 0},
                                FieldName{"s", Part::Level, 2},
                                FieldName{"msg", Part::Message, 0},
                                FieldName{"message", Part::Message, 0},
                                FieldName{"log", Part::Message, 1},
                                FieldName{"@m", Part::Message, 0},
                                FieldName{"@mt", Part::Message, 1},
                                FieldName{"short_message", Part::Message, 1},
                                FieldName{"textpayload", Part::Message, 1},
                                FieldName{"event", Part::Message, 2},
                                FieldName{"text", Part::Message, 2},
                                FieldName{"body", Part::Message, 3},
                                FieldName{"error", Part::Error, 0},
                                FieldName{"err", Part::Error, 0},
                                FieldName{"exception", Part::Error, 0},
                                FieldName{"exc_info", Part::Error, 0},
                                FieldName{"@x", Part::Error, 0},
                                FieldName{"stack", Part::Error, 1},
                                FieldName{"stacktrace", Part::Error, 1},
                                FieldName{"stack_trace", Part::Error, 1},
                                FieldName{"error.message", Part::Error, 0},
                                FieldName{"error.stack_trace", Part::Error, 1},
                                FieldName{"full_message", Part::Error, 1},
                                FieldName{"fields", Part::Wrapper, 0},
                                FieldName{"@fields", Part::Wrapper, 0},
                                FieldName{"jsonpayload", Part::Wrapper, 0},
                                FieldName{"stream", Part::Stream, 0},
                                FieldName{"hostname", Part::Host, 0},
                                FieldName{"host", Part::Host, 1}};

constexpr size_t LongestName = 17;

/// The names by their length: most fields are told to be none of them by that and their first letter.
struct NamesByLength {
    std::array<std::array<unsigned char, 16>, LongestName + 1> indices{};
    std::array<unsigned char, LongestName + 1> count{};
};
constexpr NamesByLength namesByLength()
{
    NamesByLength result;
    for (size_t i = 0; i < FieldNames.size(); ++i) {
        const size_t length = FieldNames[i].name.size();
        result.indices[length][result.count[length]++] = static_cast<unsigned char>(i);
    }
    return result;
}
constexpr NamesByLength Names = namesByLength();

constexpr char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

const FieldName *knownField(std::string_view name)
{
    if (name.empty() || name.size() > LongestName)
        return nullptr;
    for (unsigned i = 0; i < Names.count[name.size()]; ++i) {
        const FieldName &known = FieldNames[Names.indices[name.size()][i]];
        if (lowered(name[0]) == known.name[0] && std::ranges::equal(name, known.name, {}, lowered))
            return &known;
    }
    return nullptr;
}

std::optional<Stamp> stampOf(qint64 ns, DurationNs resolutionNs)
{
    constexpr qint64 Year2000 = 946'684'800;
    constexpr qint64 Year2100 = 4'102'444'800;
    const qint64 seconds = ns / NsPerSecond;
    return seconds < Year2000 || seconds > Year2100 ? std::nullopt
                                                    : std::optional(Stamp{SourceTime{ns}, 0, 0, resolutionNs});
}

/// "1.7954601185e+09", as some encoders write seconds.
std::optional<Stamp> readFloat(std::string_view text)
{
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || !(seconds > 0 && seconds < 1e19))
        return std::nullopt;
    double unit = 1e9;
    while (unit > 1 && seconds > 4.2e9) {
        seconds /= 1e3;
        unit /= 1e3;
    }
    return stampOf(fromSeconds(seconds), NsPerMillisecond);
}

/// {"seconds":…,"nanos":…}, {"epochSecond":…,"nanoOfSecond":…}, {"$date":"…"}.
std::optional<Stamp> readTimeObject(std::string_view object)
{
    qint64 seconds = 0;
    qint64 nanos = 0;
    std::optional<Stamp> stamp;
    forEachJsonField(object, [&](const JsonField &field) {
        qint64 number = 0;
        const auto [end, error] = std::from_chars(field.value.data(), field.value.data() + field.value.size(), number);
        const bool isNumber = error == std::errc() && end == field.value.data() + field.value.size();
        if (field.name == "$date")
            stamp = field.isString ? readIsoStamp(field.value) : readEpochStamp(field.value);
        else if (isNumber && (field.name == "seconds" || field.name == "epochSecond"))
            seconds = number;
        else if (isNumber && (field.name == "nanos" || field.name == "nanoOfSecond"))
            nanos = number;
        return true;
    });
    if (stamp || seconds <= 0 || seconds > std::numeric_limits<qint64>::max() / NsPerSecond - 1 || nanos < 0
        || nanos >= NsPerSecond)
        return stamp;
    return stampOf(seconds * NsPerSecond + nanos, 1);
}

std::optional<Stamp> readTime(const JsonField &field)
{
    if (!field.isString && field.value.starts_with('{'))
        return readTimeObject(field.value);
    if (auto stamp = readIsoStamp(field.value))
        return stamp;
    if (const auto stamp = readEpochStamp(field.value); stamp && stamp->end == field.value.size())
        return stamp;
    return field.isString ? std::nullopt : readFloat(field.value);
}

/// A value as text with its line ends as blanks; nested ones as they stand.
void appendValue(const JsonField &field, QByteArray &into)
{
    if (!field.isString) {
        into.append(field.value.data(), static_cast<qsizetype>(field.value.size()));
        return;
    }
    if (field.value.find('\\') == std::string_view::npos) {
        into.append(field.value.data(), static_cast<qsizetype>(field.value.size()));
        return;
    }
    QByteArray text = unescapeJson(field.value);
    while (text.endsWith('\n') || text.endsWith('\r'))
        text.chop(1);
    text.replace('\n', ' ');
    into.append(text);
}

constexpr bool isEmptyValue(const JsonField &field)
{
    return field.value.empty() || (!field.isString && (field.value == "null" || field.value == "{}"));
}

} // namespace

std::optional<Severity> severityOfLevel(std::string_view level, bool isNumber)
{
    if (isNumber) {
        int number = 0;
        const auto [end, error] = std::from_chars(level.data(), level.data() + level.size(), number);
        if (error != std::errc() || end != level.data() + level.size() || number < -8)
            return std::nullopt;
        if (number >= 10) // bunyan, pino
            return number >= 60   ? Severity::Fatal
                   : number >= 50 ? Severity::Error
                   : number >= 40 ? Severity::Warning
                   : number >= 30 ? Severity::Info
                                  : Severity::Debug;
        if (number < 0)
            return Severity::Debug;
        return number <= 2   ? Severity::Fatal
               : number == 3 ? Severity::Error
               : number == 4 ? Severity::Warning
               : number <= 6 ? Severity::Info
                             : Severity::Debug;
    }
    struct Name {
        std::string_view name;
        Severity level;
    };
    static constexpr std::array LevelNames{
        Name{"trace", Severity::Debug},     Name{"debug", Severity::Debug},  Name{"verbose", Severity::Debug},
        Name{"d", Severity::Debug},         Name{"info", Severity::Info},    Name{"information", Severity::Info},
        Name{"notice", Severity::Info},     Name{"i", Severity::Info},       Name{"warn", Severity::Warning},
        Name{"warning", Severity::Warning}, Name{"w", Severity::Warning},    Name{"error", Severity::Error},
        Name{"err", Severity::Error},       Name{"e", Severity::Error},      Name{"severe", Severity::Error},
        Name{"critical", Severity::Fatal},  Name{"crit", Severity::Fatal},   Name{"alert", Severity::Fatal},
        Name{"emergency", Severity::Fatal}, Name{"emerg", Severity::Fatal},  Name{"fatal", Severity::Fatal},
        Name{"panic", Severity::Fatal},     Name{"dpanic", Severity::Fatal}, Name{"f", Severity::Fatal}};
    constexpr size_t Longest = 11;
    if (level.size() > Longest)
        return std::nullopt;
    std::array<char, Longest> lower{};
    std::ranges::transform(level, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string_view text(lower.data(), level.size());
    while (text.size() > 3 && text.back() >= '0' && text.back() <= '9') // "DEBUG5"
        text.remove_suffix(1);
    for (const auto &[name, severity] : LevelNames)
        if (name == text)
            return severity;
    // slog counts on: "INFO+2", "ERROR-1".
    if (const size_t sign = text.find_first_of("+-"); sign != std::string_view::npos && sign > 0)
        return severityOfLevel(text.substr(0, sign), false);
    return std::nullopt;
}

namespace {

/// What stands in an object of its own: Google Cloud's jsonPayload, logstash's @fields.
void takeWrapped(const JsonRecord &inner, JsonRecord &record)
{
    record.hasText = inner.hasText;
    record.text = inner.text;
    if (!record.level)
        record.level = inner.level;
    if (!record.stamp)
        record.stamp = inner.stamp;
}

JsonRecord readRecord(std::string_view line, bool mayBeWrapped, JsonParts parts)
{
    constexpr int None = 100;
    JsonRecord record;
    JsonField message;
    std::string_view wrapped;
    std::array<JsonField, 4> errors{};
    size_t errorCount = 0;
    int timeRank = None;
    int levelRank = None;
    int messageRank = None;
    record.isObject = forEachJsonField(line, [&](const JsonField &field) {
        const FieldName *known = knownField(field.name);
        if (!known)
            return true;
        switch (known->part) {
        case Part::Time:
            if (parts == JsonParts::All && known->rank < timeRank)
                if (const auto stamp = readTime(field)) {
                    record.stamp = stamp;
                    timeRank = known->rank;
                }
            break;
        case Part::Level:
            if (parts == JsonParts::All && known->rank < levelRank)
                if (const auto level = severityOfLevel(field.value, !field.isString)) {
                    record.level = level;
                    levelRank = known->rank;
                }
            break;
        case Part::Message:
            if (known->rank < messageRank && field.isString) {
                message = field;
                messageRank = known->rank;
            }
            break;
        case Part::Error:
            if (errorCount < errors.size() && !isEmptyValue(field))
                errors[errorCount++] = field;
            break;
        case Part::Stream:
            record.stream = field.value == "stderr" ? 'E' : field.value == "stdout" ? 'O' : record.stream;
            break;
        case Part::Host:
            if (field.isString && record.host.empty())
                record.host = field.value;
            break;
        case Part::Wrapper:
            if (field.value.starts_with('{') && !field.isString)
                wrapped = field.value;
            break;
        case Part::None: break;
        }
        return true;
    });
    record.hasText = messageRank < None;
    if (record.hasText)
        appendValue(message, record.text);
    else if (!wrapped.empty() && mayBeWrapped)
        takeWrapped(readRecord(wrapped, false, parts), record);
    for (size_t i = 0; i < errorCount && (record.hasText || record.isObject); ++i) {
        if (!record.text.isEmpty())
            record.text.append(": ");
        appendValue(errors[i], record.text);
        record.hasText = true;
    }
    return record;
}

} // namespace

JsonRecord readJsonRecord(std::string_view line, JsonParts parts)
{
    return readRecord(line, true, parts);
}

} // namespace faultline
