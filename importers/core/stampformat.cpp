// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/stamps.h"

#include "models/core/translate.h"

#include <QDateTime>

#include <algorithm>
#include <array>

namespace faultline {

namespace {
constexpr std::array Shapes{StampFormat::Shape::Iso,      StampFormat::Shape::Klog,      StampFormat::Shape::Ctime,
                            StampFormat::Shape::Syslog,   StampFormat::Shape::CommonLog, StampFormat::Shape::Uptime,
                            StampFormat::Shape::Epoch,    StampFormat::Shape::DayMonth,  StampFormat::Shape::MonthDay,
                            StampFormat::Shape::ClockOnly};
constexpr std::array JsonKeys{
    "\"time\":", "\"ts\":", "\"timestamp\":", "\"@timestamp\":", "\"t\":", "\"date\":", "\"asctime\":"};
constexpr std::array LogfmtKeys{"ts=", "time=", "timestamp=", "@timestamp=", "t=", "date=", "datetime="};

size_t countStamped(const StampFormat &format, const std::vector<std::string_view> &lines)
{
    size_t count = 0;
    for (const std::string_view line : lines)
        count += format.read(line) ? size_t{1} : size_t{0};
    return count;
}

} // namespace

StampFormat StampFormat::detect(const std::vector<std::string_view> &lines, std::optional<TimeNs> reference)
{
    StampFormat best;
    size_t most = 0;
    const auto consider = [&](Shape shape, const char *key) {
        StampFormat format;
        format.m_shape = shape;
        format.m_key = key;
        format.m_reference = reference.value_or(TimeNs{QDateTime::currentMSecsSinceEpoch() * NsPerMillisecond});
        format.m_year = YearGuess(format.m_reference);
        if (const size_t count = countStamped(format, lines); count > most) {
            best = format;
            most = count;
        }
    };
    for (const Shape shape : Shapes)
        consider(shape, "");
    const auto startsJson = [](std::string_view line) { return line.starts_with('{'); };
    if (std::ranges::count_if(lines, startsJson) * 2 > static_cast<std::ptrdiff_t>(lines.size())) {
        for (const char *key : JsonKeys)
            consider(Shape::Json, key);
    } else if (most * 2 < lines.size()) {
        for (const char *key : LogfmtKeys)
            consider(Shape::Logfmt, key);
    }
    // One chance stamp in a long text is no log format.
    if (most < 2 && most * 4 < lines.size())
        return {};
    if (best.dateBasis() == DateBasis::YearAssumed)
        for (const std::string_view line : lines)
            if (const auto stamp = best.read(line); stamp && isLeapDay(stamp->time.ns)) {
                best.m_year = best.m_year.around(stamp->time.ns);
                break;
            }
    return best;
}

QString StampFormat::title() const
{
    switch (m_shape) {
    case Shape::None: return tr("no time stamps");
    case Shape::Iso: return tr("date and time (ISO 8601)");
    case Shape::Epoch: return tr("seconds since 1970");
    case Shape::Syslog: return tr("syslog time stamps without a year");
    case Shape::Klog: return tr("klog time stamps");
    case Shape::Ctime: return tr("time stamps with weekday and month names");
    case Shape::CommonLog: return tr("web server time stamps");
    case Shape::DayMonth: return tr("day, month's name, year and time");
    case Shape::MonthDay: return tr("month, day and time");
    case Shape::ClockOnly: return tr("time of day");
    case Shape::Uptime: return tr("seconds since the program's start");
    case Shape::Logfmt: return tr("a time field (logfmt)");
    case Shape::Json: return tr("a time field (JSON lines)");
    }
    return {};
}

namespace {

struct LevelWord {
    std::string_view text;
    Severity level;
};
constexpr std::array LevelWords = std::to_array<LevelWord>(
    {{"eror", Severity::Error},   {"dbug", Severity::Debug},      {"crit", Severity::Fatal}, // log15
     {"FATAL", Severity::Fatal},  {"PANIC", Severity::Fatal},     {"CRITICAL", Severity::Fatal},
     {"ERROR", Severity::Error},  {"SEVERE", Severity::Error},    {"WARNING", Severity::Warning},
     {"WARN", Severity::Warning}, {"DEBUG", Severity::Debug},     {"TRACE", Severity::Debug},
     {"fatal", Severity::Fatal},  {"panic", Severity::Fatal},     {"critical", Severity::Fatal},
     {"error", Severity::Error},  {"severe", Severity::Error},    {"warning", Severity::Warning},
     {"warn", Severity::Warning}, {"debug", Severity::Debug},     {"trace", Severity::Debug},
     {"Error", Severity::Error},  {"Warning", Severity::Warning}, {"Fatal", Severity::Fatal},
     {"Debug", Severity::Debug}});

/// 0: not in a word; 1: in a word; 2: a level's name may start with it.
constexpr std::array<unsigned char, 256> wordBytes()
{
    std::array<unsigned char, 256> result{};
    for (size_t c = 0; c < result.size(); ++c) {
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        result[c] = isLetter || (c >= '0' && c <= '9') || c == '_' ? 1 : 0;
    }
    for (const LevelWord &word : LevelWords)
        result[static_cast<unsigned char>(word.text[0])] = 2;
    return result;
}
constexpr std::array<unsigned char, 256> WordBytes = wordBytes();

} // namespace

Severity statedLevel(std::string_view payload)
{
    constexpr size_t MostLooked = 120;
    constexpr size_t LongestWord = 8;
    const std::string_view head = payload.substr(0, MostLooked);
    const auto kindOf = [head](size_t at) { return WordBytes[static_cast<unsigned char>(head[at])]; };
    for (size_t from = 0; from < head.size(); ++from) {
        const unsigned char kind = kindOf(from);
        if (kind == 0)
            continue;
        size_t end = from + 1;
        while (end < head.size() && kindOf(end) != 0)
            ++end;
        if (kind == 2 && end - from >= 4 && end - from <= LongestWord) {
            const std::string_view word = head.substr(from, end - from);
            const bool upper = word[1] < 'a';
            const bool field = from > 0 && (head[from - 1] == '=' || head[from - 1] == '"' || head[from - 1] == '[');
            const bool leading =
                from == 0 && (end == head.size() || head[end] == ':' || head[end] == '[' || head[end] == ' ');
            const auto *const known =
                upper || field || leading ? std::ranges::find(LevelWords, word, &LevelWord::text) : LevelWords.end();
            if (known != LevelWords.end())
                return known->level;
        }
        from = end;
    }
    return Severity::Info;
}

} // namespace faultline
