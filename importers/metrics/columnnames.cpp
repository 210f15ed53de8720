// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/columnnames.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

struct Known {
    std::string_view column;
    const char *name;
    const char *unit;
    double factor;
};

// sysstat: rd_stats.h, man sar, man pidstat; procps: man vmstat.
constexpr std::array KnownColumns{Known{"%user", "cpu_user_percent", "percent", 1},
                                  Known{"%usr", "cpu_user_percent", "percent", 1},
                                  Known{"%nice", "cpu_nice_percent", "percent", 1},
                                  Known{"%system", "cpu_system_percent", "percent", 1},
                                  Known{"%sys", "cpu_system_percent", "percent", 1},
                                  Known{"%steal", "cpu_steal_percent", "percent", 1},
                                  Known{"%CPU", "cpu_percent", "percent", 1},
                                  Known{"%iowait", "iowait_percent", "percent", 1},
                                  Known{"%idle", "idle_percent", "percent", 1},
                                  Known{"kbmemfree", "mem_free_bytes", "bytes", 1024},
                                  Known{"kbavail", "mem_available_bytes", "bytes", 1024},
                                  Known{"kbmemused", "mem_used_bytes", "bytes", 1024},
                                  Known{"%memused", "mem_used_percent", "percent", 1},
                                  Known{"kbbuffers", "mem_buffers_bytes", "bytes", 1024},
                                  Known{"kbcached", "mem_cached_bytes", "bytes", 1024},
                                  Known{"kbcommit", "mem_committed_bytes", "bytes", 1024},
                                  Known{"%commit", "mem_committed_percent", "percent", 1},
                                  Known{"kbactive", "mem_active_bytes", "bytes", 1024},
                                  Known{"kbinact", "mem_inactive_bytes", "bytes", 1024},
                                  Known{"kbdirty", "mem_dirty_bytes", "bytes", 1024},
                                  Known{"kbswpfree", "swap_free_bytes", "bytes", 1024},
                                  Known{"kbswpused", "swap_used_bytes", "bytes", 1024},
                                  Known{"%swpused", "swap_used_percent", "percent", 1},
                                  Known{"ldavg-1", "load1", "", 1},
                                  Known{"ldavg-5", "load5", "", 1},
                                  Known{"ldavg-15", "load15", "", 1},
                                  Known{"runq-sz", "run_queue", "", 1},
                                  Known{"plist-sz", "node_procs", "", 1},
                                  Known{"file-nr", "filefd_allocated", "", 1},
                                  Known{"%util", "disk_util_percent", "percent", 1},
                                  Known{"%ifutil", "network_util_percent", "percent", 1},
                                  Known{"MBfsfree", "filesystem_free_bytes", "bytes", 1024.0 * 1024},
                                  Known{"MBfsused", "filesystem_used_bytes", "bytes", 1024.0 * 1024},
                                  Known{"Ifree", "filesystem_files_free", "", 1},
                                  Known{"RSS", "resident_memory_bytes", "bytes", 1024},
                                  Known{"VSZ", "virtual_size_bytes", "bytes", 1024},
                                  Known{"%MEM", "resident_percent", "percent", 1},
                                  Known{"threads", "threads", "", 1},
                                  Known{"fd-nr", "open_fds", "", 1},
                                  Known{"r", "procs_running", "", 1},
                                  Known{"b", "procs_blocked", "", 1},
                                  Known{"swpd", "swap_used_bytes", "bytes", 1024},
                                  Known{"free", "mem_free_bytes", "bytes", 1024},
                                  Known{"buff", "mem_buffers_bytes", "bytes", 1024},
                                  Known{"cache", "mem_cached_bytes", "bytes", 1024},
                                  Known{"si", "swap_in_bytes_per_second", "bytes", 1024},
                                  Known{"so", "swap_out_bytes_per_second", "bytes", 1024},
                                  Known{"bi", "blocks_in_per_second", "", 1},
                                  Known{"bo", "blocks_out_per_second", "", 1},
                                  Known{"in", "interrupts_per_second", "", 1},
                                  Known{"cs", "context_switches_per_second", "", 1},
                                  Known{"us", "cpu_user_percent", "percent", 1},
                                  Known{"sy", "cpu_system_percent", "percent", 1},
                                  Known{"id", "idle_percent", "percent", 1},
                                  Known{"wa", "iowait_percent", "percent", 1},
                                  Known{"st", "cpu_steal_percent", "percent", 1},
                                  Known{"gu", "cpu_guest_percent", "percent", 1}};

/// "rxkB/s" as rxkB_per_s, "%vmeff" as vmeff_percent, "await" as it is.
QByteArray plainName(std::string_view column)
{
    QByteArray name;
    const bool percent = column.starts_with('%');
    for (const char c : percent ? column.substr(1) : column) {
        const bool word = Cursor::isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (c == '/')
            name += "_per_";
        else
            name += word ? c : '_';
    }
    return percent ? name + "_percent" : name;
}

} // namespace

std::optional<ColumnSeries> knownColumn(std::string_view column)
{
    const auto known = std::ranges::find(KnownColumns, column, &Known::column);
    return known == KnownColumns.end() ? std::nullopt
                                       : std::optional(ColumnSeries{known->name, known->unit, known->factor});
}

ColumnSeries seriesOfColumn(std::string_view column, bool ofProcess)
{
    const QByteArray prefix = ofProcess ? "process_" : "";
    if (const auto known = knownColumn(column))
        return {prefix + known->name, known->unit, known->factor};
    return {prefix + plainName(column), column.starts_with('%') ? "percent" : "", 1};
}

bool isLabelColumn(std::string_view column)
{
    static constexpr std::array Labels{"CPU",  "IFACE",   "DEV",  "Device", "Device:",    "UID",  "USER", "PID",
                                       "TGID", "TID",     "INTR", "TTY",    "FILESYSTEM", "FAN",  "BUS",  "TEMP",
                                       "BAT",  "Command", "NODE", "IN",     "DEVICE",     "CORE", "SOCK"};
    return std::ranges::any_of(Labels, [column](const char *label) { return column == label; });
}

std::vector<std::string_view> wordsOf(std::string_view line)
{
    constexpr size_t MostWords = 128;
    std::vector<std::string_view> words;
    Cursor cursor(line);
    for (cursor.blanks(); !cursor.atEnd() && words.size() < MostWords; cursor.blanks())
        words.push_back(cursor.word());
    return words;
}

std::optional<DurationNs> takeClock(Cursor &cursor)
{
    const size_t start = cursor.position();
    const auto hour = cursor.digits(2);
    const bool first = cursor.take(':');
    const auto minute = cursor.digits(2);
    const bool second = cursor.take(':');
    const auto seconds = cursor.digits(2);
    const bool ended = cursor.atEnd() || cursor.peek() == ' ' || cursor.peek() == '\t';
    if (!hour || !first || !minute || !second || !seconds || !ended || *hour > 23 || *minute > 59 || *seconds > 60) {
        cursor.reset(start);
        return std::nullopt;
    }
    int hours = *hour;
    const size_t after = cursor.position();
    cursor.blanks();
    const std::string_view half = cursor.word();
    if (half == "PM")
        hours = hours % 12 + 12;
    else if (half == "AM")
        hours %= 12;
    else
        cursor.reset(after);
    return hours * NsPerHour + *minute * NsPerMinute + *seconds * NsPerSecond;
}

std::optional<qint64> takeDate(Cursor &cursor)
{
    const size_t start = cursor.position();
    std::array<qint64, 3> parts{};
    char separator = 0;
    for (size_t i = 0; i < parts.size(); ++i) {
        if (i == 1)
            separator = cursor.peek();
        if (i > 0 && !cursor.take(separator))
            break;
        const auto part = cursor.number(4);
        if (!part)
            break;
        parts[i] = *part;
        if (i < 2)
            continue;
        // Year first; else American order unless the first part is no month, or the separator is a full stop.
        std::array<qint64, 3> ymd{parts[2], parts[0], parts[1]};
        if (parts[0] > 31)
            ymd = parts;
        else if (separator == '.' || parts[0] > 12)
            ymd = {parts[2], parts[1], parts[0]};
        if (ymd[0] < 100)
            ymd[0] += 2000;
        const bool good = (separator == '/' || separator == '-' || separator == '.') && ymd[1] >= 1 && ymd[1] <= 12
                          && ymd[2] >= 1 && ymd[2] <= 31 && ymd[0] >= 1990 && ymd[0] <= 2200;
        if (good)
            return daysFromCivil(static_cast<int>(ymd[0]), static_cast<int>(ymd[1]), static_cast<int>(ymd[2]));
        break;
    }
    cursor.reset(start);
    return std::nullopt;
}

} // namespace faultline
