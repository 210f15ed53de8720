// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/dmesg/kernelline.h"

#include "models/core/saturate.h"

#include <array>

namespace faultline {

namespace {

/// "<6>" or "<30>"; the lowest three bits are the level.
bool takePriority(Cursor &cursor, Severity &level)
{
    const size_t start = cursor.position();
    if (cursor.take('<'))
        if (const auto priority = cursor.number(3); priority && cursor.take('>')) {
            level = severityOfPriority(static_cast<int>(*priority & 7));
            return true;
        }
    cursor.reset(start);
    return false;
}

/// "kern  :info  : " of dmesg --decode.
bool takeDecodedPriority(Cursor &cursor, Severity &level)
{
    struct Level {
        std::string_view name;
        int priority;
    };
    static constexpr std::array Levels{Level{"emerg", 0}, Level{"alert", 1},  Level{"crit", 2}, Level{"err", 3},
                                       Level{"warn", 4},  Level{"notice", 5}, Level{"info", 6}, Level{"debug", 7}};
    const size_t start = cursor.position();
    const std::string_view head = cursor.rest().substr(0, 20);
    const size_t first = head.find(':');
    const size_t second = first == std::string_view::npos ? first : head.find(':', first + 1);
    if (second == std::string_view::npos || first == 0 || first > 9)
        return false;
    for (const char c : head.substr(0, first))
        if (!(c >= 'a' && c <= 'z') && c != ' ' && !Cursor::isDigit(c))
            return false;
    std::string_view name = head.substr(first + 1, second - first - 1);
    while (name.ends_with(' '))
        name.remove_suffix(1);
    for (const auto &[known, priority] : Levels)
        if (name == known) {
            level = severityOfPriority(priority);
            cursor.reset(start + second + 1);
            cursor.blanks();
            return true;
        }
    return false;
}

/// "6,339,5140900,-;message": priority, number, microseconds, flags, as /dev/kmsg gives them.
bool takeDevKmsg(Cursor &cursor, KernelLine &line)
{
    const size_t start = cursor.position();
    const auto priority = cursor.number(4);
    const bool first = cursor.take(',');
    const auto sequence = cursor.number(18);
    const bool second = cursor.take(',');
    const auto micros = cursor.number(16);
    const size_t semicolon = cursor.rest().substr(0, 64).find(';');
    if (!priority || !first || !sequence || !second || !micros || cursor.peek() != ','
        || semicolon == std::string_view::npos) {
        cursor.reset(start);
        return false;
    }
    cursor.reset(cursor.position() + semicolon + 1);
    line.stamp = KernelStamp::Boot;
    line.hasSinceBoot = true;
    line.sinceBoot = saturatedMultiply(*micros, NsPerMicrosecond);
    line.level = severityOfPriority(static_cast<int>(*priority & 7));
    line.payload = cursor.rest();
    return true;
}

/// The thread or processor of CONFIG_PRINTK_CALLER: "[   T31]", "[    C0]".
void skipCaller(Cursor &cursor)
{
    const size_t start = cursor.position();
    if (cursor.take('[')) {
        cursor.blanks();
        if ((cursor.take('T') || cursor.take('C')) && cursor.number(9) && cursor.take(']'))
            return;
    }
    cursor.reset(start);
}

/// "<    0.000010>"; journalctl -o short-delta has a blank before '>', or '*' where the clock behind it may have been set.
std::optional<DurationNs> takeDelta(Cursor &cursor)
{
    const size_t start = cursor.position();
    if (cursor.take('<')) {
        cursor.blanks();
        const auto seconds = cursor.number(9);
        const bool point = cursor.take('.');
        const auto nanos = cursor.nanos();
        if (!cursor.take('*'))
            cursor.take(' ');
        if (seconds && point && nanos && cursor.take('>'))
            return *seconds * NsPerSecond + *nanos;
    }
    cursor.reset(start);
    return std::nullopt;
}

/// The distance to the line before, of dmesg --show-delta and journalctl -o short-delta (there the first line has blanks).
void skipDelta(Cursor &cursor)
{
    const size_t start = cursor.position();
    cursor.blanks();
    if (!takeDelta(cursor) && cursor.peek() != ']')
        cursor.reset(start);
}

/// "Nov23 18:55" (the month's name localised, no blank before a day of two digits) or "  +0.000010".
bool takeReltime(Cursor &cursor, KernelLine &line, const YearGuess &year)
{
    const size_t start = cursor.position();
    cursor.blanks();
    if (cursor.take('+')) {
        const auto seconds = cursor.number(9);
        const bool point = cursor.take('.');
        if (const auto nanos = cursor.nanos(); seconds && point && nanos) {
            line.isRelative = true;
            line.sinceBoot = *seconds * NsPerSecond + *nanos;
            return true;
        }
        cursor.reset(start);
        return false;
    }
    std::string_view name = cursor.rest().substr(0, 12);
    // "11月23 18:55" begins with a digit, and "Nov23 18:55" goes on with one.
    size_t end = name.find("月");
    if (end == std::string_view::npos)
        end = name.find("월");
    end = end == std::string_view::npos ? name.find_first_of("0123456789 ]") : end + std::string_view("月").size();
    name = name.substr(0, end);
    const int month = monthOfName(name);
    cursor.reset(cursor.position() + name.size());
    cursor.blanks();
    const auto day = month > 0 ? cursor.number(2) : std::nullopt;
    const bool blank = cursor.blanks() > 0;
    const auto hour = cursor.digits(2);
    const bool colon = cursor.take(':');
    const auto minute = cursor.digits(2);
    if (day && blank && hour && colon && minute && *hour < 24 && *minute < 60)
        if (const auto ns = year.place(month, static_cast<int>(*day), (*hour * 60 + *minute) * NsPerMinute)) {
            line.wall.ns = *ns;
            return true;
        }
    cursor.reset(start);
    return false;
}

/// "ESC[32m" of dmesg --color=always.
void skipColours(Cursor &cursor)
{
    constexpr int MostColours = 4;
    for (int i = 0; i < MostColours && cursor.rest().starts_with("\x1b["); ++i) {
        const std::string_view rest = cursor.rest().substr(0, 16);
        const size_t end = rest.find('m');
        if (end == std::string_view::npos || rest.find_first_not_of("0123456789;", 2) != end)
            return;
        cursor.reset(cursor.position() + end + 1);
    }
}

bool takeBracket(Cursor &cursor, KernelLine &line, const YearGuess &year)
{
    const size_t start = cursor.position();
    if (takeBootStamp(cursor, line.sinceBoot)) {
        line.stamp = KernelStamp::Boot;
        line.hasSinceBoot = true;
    } else if (cursor.take('[')) {
        if (const auto wall = takeCtime(cursor)) {
            skipDelta(cursor);
            if (cursor.take(']')) {
                line.stamp = KernelStamp::Ctime;
                line.wall = *wall;
            }
        } else if (const auto delta = takeDelta(cursor)) {
            if (cursor.take(']')) {
                line.stamp = KernelStamp::Delta;
                line.sinceBoot = *delta;
            }
        } else if (takeReltime(cursor, line, year) && cursor.take(']')) {
            line.stamp = KernelStamp::Reltime;
        }
    }
    if (line.stamp == KernelStamp::None) {
        line.isRelative = false;
        cursor.reset(start);
        return false;
    }
    skipCaller(cursor);
    cursor.take(' ');
    line.payload = cursor.rest();
    return true;
}

bool takeSyslog(Cursor &cursor, KernelLine &line)
{
    SyslogSender sender;
    if (!takeSyslogSender(cursor, sender))
        return false;
    line.stamp = KernelStamp::Syslog;
    line.host = sender.host;
    line.fromKernel = sender.ident == "kernel";
    if (line.fromKernel && takeBootStamp(cursor, line.sinceBoot)) {
        line.hasSinceBoot = true;
        skipCaller(cursor);
        cursor.take(' ');
    }
    line.payload = cursor.rest();
    return true;
}

} // namespace

Severity severityOfPriority(int priority)
{
    if (priority <= 2)
        return Severity::Fatal;
    if (priority == 3)
        return Severity::Error;
    if (priority == 4)
        return Severity::Warning;
    return priority >= 7 ? Severity::Debug : Severity::Info;
}

bool takeBootStamp(Cursor &cursor, DurationNs &sinceBoot)
{
    const size_t start = cursor.position();
    int decimals = 0;
    if (cursor.take('[')) {
        cursor.blanks();
        const auto seconds = cursor.number(9);
        if (seconds && cursor.take('.'))
            if (const auto nanos = cursor.nanos(&decimals); nanos && decimals == 6) {
                skipDelta(cursor);
                if (cursor.take(']')) {
                    sinceBoot = *seconds * NsPerSecond + *nanos;
                    return true;
                }
            }
    }
    cursor.reset(start);
    return false;
}

bool takeSyslogSender(Cursor &cursor, SyslogSender &sender)
{
    constexpr size_t LongestIdent = 64;
    const size_t start = cursor.position();
    sender.host = cursor.word();
    if (!sender.host.empty() && !sender.host.contains(':') && cursor.take(' ')) {
        const std::string_view rest = cursor.rest().substr(0, LongestIdent);
        size_t colon = rest.find(": ");
        if (colon == std::string_view::npos && rest.size() == cursor.rest().size() && rest.ends_with(':'))
            colon = rest.size() - 1;
        if (colon != std::string_view::npos && colon > 0) {
            std::string_view ident = rest.substr(0, colon);
            const size_t bracket = ident.rfind('[');
            if (bracket != std::string_view::npos && ident.ends_with(']')) {
                Cursor pid(ident.substr(bracket + 1));
                sender.pid = pid.number(10).value_or(-1);
                ident = ident.substr(0, bracket);
            }
            if (!ident.empty() && ident.front() != ' ') {
                sender.ident = ident;
                cursor.reset(cursor.position() + colon + 1);
                cursor.take(' ');
                return true;
            }
        }
    }
    cursor.reset(start);
    return false;
}

namespace {

/// A console's capture may have a prompt or another program's stamp before the kernel's.
void findBootStamp(std::string_view line, KernelLine &result)
{
    constexpr size_t MostBefore = 80;
    const std::string_view head = line.substr(0, MostBefore);
    for (size_t at = head.find('['); at != std::string_view::npos; at = head.find('[', at + 1)) {
        Cursor cursor(line);
        cursor.reset(at);
        if (!takeBootStamp(cursor, result.sinceBoot))
            continue;
        result.stamp = KernelStamp::Boot;
        result.hasSinceBoot = true;
        skipCaller(cursor);
        cursor.take(' ');
        result.payload = cursor.rest();
        return;
    }
}

} // namespace

KernelLine parseKernelLine(std::string_view line, const YearGuess &year)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    KernelLine result;
    result.payload = line;
    Cursor cursor(line);
    if (cursor.peek() != '[') { // most lines begin so
        skipColours(cursor);
        if (!takePriority(cursor, result.level))
            takeDecodedPriority(cursor, result.level);
        cursor.blanks();
        skipColours(cursor);
    }
    if (cursor.peek() == '[') {
        if (!takeBracket(cursor, result, year))
            findBootStamp(line, result);
        return result;
    }
    if (Cursor::isDigit(cursor.peek())) {
        if (takeDevKmsg(cursor, result))
            return result;
        if (const auto iso = takeIsoTime(cursor); iso && cursor.take(' ')) {
            result.wall = *iso;
            // dmesg writes a comma and a zone; syslog a point, and who sent it.
            if (iso->separator == ',' && iso->zoneSeconds) {
                result.stamp = KernelStamp::Iso;
                skipCaller(cursor);
                cursor.blanks();
                result.payload = cursor.rest();
                return result;
            }
            if (takeSyslog(cursor, result))
                return result;
        }
    } else if (const auto time = takeSyslogTime(cursor, year); time && cursor.take(' ')) {
        result.wall = *time;
        if (takeSyslog(cursor, result))
            return result;
    }
    findBootStamp(line, result);
    return result;
}

} // namespace faultline
