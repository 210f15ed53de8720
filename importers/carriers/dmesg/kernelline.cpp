// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/dmesg/kernelline.h"

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
    line.sinceBoot = *micros * NsPerMicrosecond;
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

/// The distance to the line before, of dmesg --show-delta: " <    0.000010>".
void skipDelta(Cursor &cursor)
{
    const size_t start = cursor.position();
    cursor.blanks();
    if (cursor.take('<')) {
        cursor.blanks();
        if (cursor.number(12) && cursor.take('.') && cursor.nanos() && cursor.take('>'))
            return;
    }
    cursor.reset(start);
}

bool takeBracket(Cursor &cursor, KernelLine &line)
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
        }
    }
    if (line.stamp == KernelStamp::None) {
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

KernelLine parseKernelLine(std::string_view line, const YearGuess &year)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    KernelLine result;
    result.payload = line;
    Cursor cursor(line);
    if (!takePriority(cursor, result.level))
        takeDecodedPriority(cursor, result.level);
    cursor.blanks();
    if (cursor.peek() == '[') {
        takeBracket(cursor, result);
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
            } else {
                takeSyslog(cursor, result);
            }
            return result;
        }
    }
    if (const auto time = takeSyslogTime(cursor, year); time && cursor.take(' ')) {
        result.wall = *time;
        takeSyslog(cursor, result);
    }
    return result;
}

} // namespace faultline
