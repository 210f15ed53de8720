// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/hostsections.h"

#include "importers/core/cursor.h"
#include "importers/state/hostfacts.h"
#include "models/core/views.h"

#include <array>

// Documentation/filesystems/proc.rst of the kernel tells what stands in these files.

namespace faultline {

namespace {

constexpr qint64 MostRows = 5'000;

bool isNumber(std::string_view text)
{
    Cursor cursor(text);
    return cursor.number(18) && cursor.atEnd();
}

/// Calls `row` for each line from `first` on until it says no; returns how many were taken, at least 1.
template<typename Row>
qint64 rowsFrom(const WholeText &text, qint64 first, const Row &row)
{
    qint64 number = first;
    while (number <= text.lineCount() && number - first < MostRows && row(number, text.line(number)))
        ++number;
    return std::max<qint64>(1, number - first);
}

struct Pair {
    std::string_view key;
    std::string_view value;
};

/// "MemTotal:       16318556 kB"
std::optional<Pair> keyed(std::string_view line)
{
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    while (value.ends_with(' ') || value.ends_with('\t'))
        value.remove_suffix(1);
    return Pair{line.substr(0, colon), value};
}

/// A value, and its bytes where it is counted in kB.
void addSized(SourceEvidence &evidence, qint64 line, const QByteArray &subject, const Pair &pair,
              const Identity &identity = {})
{
    const QByteArray key = bytesOf(pair.key);
    addHostFact(evidence, line, subject, key, bytesOf(pair.value), identity);
    Cursor cursor(pair.value);
    const auto amount = cursor.number(15);
    if (amount && cursor.rest() == " kB")
        addHostFact(evidence, line, subject, key + "_bytes", QByteArray::number(*amount * 1024), identity);
}

bool beginsMeminfo(std::string_view line, QByteArrayView)
{
    return line.starts_with("MemTotal: ") && line.ends_with(" kB");
}

qint64 readMeminfo(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    return rowsFrom(text, first, [&](qint64 number, std::string_view line) {
        const auto pair = keyed(line);
        if (!pair || pair->key.contains(' ') || pair->value.empty() || !Cursor::isDigit(pair->value.front()))
            return false;
        addSized(evidence, number, "meminfo", *pair);
        return true;
    });
}

bool beginsStatus(std::string_view line, QByteArrayView file)
{
    // A name has at most 15 bytes (TASK_COMM_LEN), but kernel threads show more.
    const bool isShort = line.size() > 6 && line.size() <= 6 + 15 && line[6] != '\t' && line[6] != ' ';
    return line.starts_with("Name:\t") && (isShort || file.endsWith("status"));
}

qint64 readStatus(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    Identity identity;
    qint64 end = first;
    bool isStatus = false;
    for (; end <= text.lineCount() && end - first < 200; ++end) {
        const auto pair = keyed(text.line(end));
        if (!pair || pair->key.contains(' ') || (end > first && pair->key == "Name"))
            break;
        isStatus = isStatus || pair->key == "Tgid" || pair->key == "VmRSS";
        if (pair->key == "Pid" && isNumber(pair->value))
            identity.pid = bytesOf(pair->value).toLongLong();
    }
    if (!isStatus)
        return 1;
    const QByteArray subject = identity.pid > 0 ? "process/" + QByteArray::number(identity.pid) : QByteArray("process");
    for (qint64 number = first; number < end; ++number)
        addSized(evidence, number, subject, *keyed(text.line(number)), identity);
    return std::max<qint64>(1, end - first);
}

bool beginsLimits(std::string_view line, QByteArrayView)
{
    return line.starts_with("Limit ") && line.contains("Soft Limit") && line.contains("Hard Limit");
}

/// /proc/PID/limits under the names that `ulimit -a` has: fs/proc/base.c, lnames.
qint64 readLimits(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    struct Limit {
        std::string_view name;
        const char *key;
        qint64 unit; ///< 0: a number; else the unit of ulimit.
    };
    static constexpr std::array Limits{Limit{"Max open files", "open_files", 0},
                                       Limit{"Max processes", "max_user_processes", 0},
                                       Limit{"Max address space", "virtual_memory", 1024},
                                       Limit{"Max stack size", "stack_size", 1024},
                                       Limit{"Max core file size", "core_file_size", 512},
                                       Limit{"Max file size", "file_size", 1024},
                                       Limit{"Max data size", "data_seg_size", 1024},
                                       Limit{"Max resident set", "max_memory_size", 1024},
                                       Limit{"Max locked memory", "max_locked_memory", 1024},
                                       Limit{"Max file locks", "file_locks", 0},
                                       Limit{"Max cpu time", "cpu_time", 0},
                                       Limit{"Max pending signals", "pending_signals", 0}};
    return 1 + rowsFrom(text, first + 1, [&](qint64 number, std::string_view line) {
               if (!line.starts_with("Max "))
                   return false;
               for (const Limit &limit : Limits) {
                   if (!line.starts_with(limit.name))
                       continue;
                   Cursor cursor(line.substr(limit.name.size()));
                   cursor.blanks();
                   const std::string_view soft = cursor.word();
                   cursor.blanks();
                   const std::string_view hard = cursor.word();
                   const bool sized = limit.unit > 0 && isNumber(soft);
                   const qint64 amount = sized ? bytesOf(soft).toLongLong() : 0;
                   addHostFact(evidence, number, "ulimit", limit.key,
                               sized ? QByteArray::number(amount / limit.unit) : bytesOf(soft));
                   if (sized)
                       addHostFact(evidence, number, "ulimit", limit.key + QByteArray("_bytes"), bytesOf(soft));
                   addHostFact(evidence, number, "ulimit", limit.key + QByteArray("_hard"), bytesOf(hard));
               }
               return true;
           });
}

std::optional<std::array<std::string_view, 5>> loadOf(std::string_view line)
{
    std::array<std::string_view, 5> parts;
    Cursor cursor(line);
    for (std::string_view &part : parts) {
        part = cursor.word();
        cursor.blanks();
    }
    if (!cursor.atEnd() || !isNumber(parts[4]))
        return std::nullopt;
    for (int i = 0; i < 3; ++i) {
        Cursor load(parts[static_cast<size_t>(i)]);
        if (!load.number(6) || !load.take('.') || !load.digits(2) || !load.atEnd())
            return std::nullopt;
    }
    const size_t slash = parts[3].find('/');
    if (slash == std::string_view::npos || !isNumber(parts[3].substr(0, slash))
        || !isNumber(parts[3].substr(slash + 1)))
        return std::nullopt;
    return parts;
}

bool beginsLoad(std::string_view line, QByteArrayView)
{
    return line.size() < 64 && line.contains('/') && loadOf(line);
}

qint64 readLoad(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    const auto parts = loadOf(text.line(first));
    if (!parts)
        return 1;
    addHostFact(evidence, first, "load", "load1", bytesOf((*parts)[0]));
    addHostFact(evidence, first, "load", "load5", bytesOf((*parts)[1]));
    addHostFact(evidence, first, "load", "load15", bytesOf((*parts)[2]));
    const QByteArray threads = bytesOf((*parts)[3]);
    addHostFact(evidence, first, "load", "running", threads.left(threads.indexOf('/')));
    addHostFact(evidence, first, "load", "threads", threads.sliced(threads.indexOf('/') + 1));
    return 1;
}

bool beginsPressure(std::string_view line, QByteArrayView)
{
    return line.starts_with("some avg10=") && line.contains(" total=");
}

/// Documentation/accounting/psi.rst; which resource it is stands in the file's name alone.
qint64 readPressure(const WholeText &text, qint64 first, QByteArrayView file, SourceEvidence &evidence)
{
    QByteArray subject = "pressure";
    for (const char *resource : {"memory", "cpu", "io", "irq"})
        if (const QByteArray name(resource);
            file.endsWith(QByteArray('/' + name)) || file == name || file.endsWith(QByteArray(name + ".pressure")))
            subject += '/' + name;
    return rowsFrom(text, first, [&](qint64 number, std::string_view line) {
        if (!line.starts_with("some avg10=") && !line.starts_with("full avg10="))
            return false;
        Cursor cursor(line);
        const QByteArray which = bytesOf(cursor.word());
        for (cursor.blanks(); !cursor.atEnd(); cursor.blanks()) {
            const std::string_view pair = cursor.word();
            if (const size_t equals = pair.find('='); equals != std::string_view::npos)
                addHostFact(evidence, number, subject, which + '.' + bytesOf(pair.substr(0, equals)),
                            bytesOf(pair.substr(equals + 1)));
        }
        return true;
    });
}

/// "device mount type options 0 0"
std::optional<std::array<std::string_view, 4>> mountOf(std::string_view line)
{
    if (!line.ends_with(" 0 0") && !line.ends_with(" 0 1") && !line.ends_with(" 1 1") && !line.ends_with(" 0 2"))
        return std::nullopt;
    std::array<std::string_view, 4> parts;
    Cursor cursor(line);
    for (std::string_view &part : parts) {
        part = cursor.word();
        cursor.blanks();
    }
    const bool options =
        parts[3] == "rw" || parts[3] == "ro" || parts[3].starts_with("rw,") || parts[3].starts_with("ro,");
    return parts[1].starts_with('/') && options ? std::optional(parts) : std::nullopt;
}

bool beginsMounts(std::string_view line, QByteArrayView)
{
    return mountOf(line).has_value();
}

qint64 readMounts(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    return rowsFrom(text, first, [&](qint64 number, std::string_view line) {
        const auto mount = mountOf(line);
        if (!mount)
            return false;
        const QByteArray subject = "mount/" + bytesOf((*mount)[1]);
        addHostFact(evidence, number, subject, "device", bytesOf((*mount)[0]));
        addHostFact(evidence, number, subject, "type", bytesOf((*mount)[2]));
        addHostFact(evidence, number, subject, "options", bytesOf((*mount)[3]));
        return true;
    });
}

bool beginsCounters(std::string_view line, QByteArrayView)
{
    return line.starts_with("nr_free_pages ") && isNumber(line.substr(14));
}

/// /proc/vmstat: a name and a number a line.
qint64 readCounters(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    return rowsFrom(text, first, [&](qint64 number, std::string_view line) {
        const size_t space = line.find(' ');
        if (space == std::string_view::npos || !isNumber(line.substr(space + 1)))
            return false;
        addHostFact(evidence, number, "vmstat", bytesOf(line.substr(0, space)), bytesOf(line.substr(space + 1)));
        return true;
    });
}

bool beginsStat(std::string_view line, QByteArrayView)
{
    return line.starts_with("cpu  ") && line.size() > 10 && Cursor::isDigit(line[5])
           && line.find_first_not_of("0123456789 ", 5) == std::string_view::npos;
}

qint64 readStat(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    static constexpr std::array Columns{"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};
    return rowsFrom(text, first, [&](qint64 number, std::string_view line) {
        Cursor cursor(line);
        const QByteArray name = bytesOf(cursor.word());
        static constexpr std::array Single{"ctxt", "btime", "processes", "procs_running", "procs_blocked"};
        if (name == "cpu") {
            for (const char *column : Columns) {
                cursor.blanks();
                addHostFact(evidence, number, "cpu", column, bytesOf(cursor.word()));
            }
            return true;
        }
        cursor.blanks();
        if (std::ranges::any_of(Single, [&](const char *single) { return name == single; }))
            addHostFact(evidence, number, "stat", name, bytesOf(cursor.word()));
        return name.startsWith("cpu") || name == "intr" || name == "softirq" || name == "page" || name == "swap"
               || std::ranges::any_of(Single, [&](const char *single) { return name == single; });
    });
}

bool beginsSockstat(std::string_view line, QByteArrayView)
{
    return line.starts_with("sockets: used ");
}

qint64 readSockstat(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    return rowsFrom(text, first, [&](qint64 number, std::string_view line) {
        const auto pair = keyed(line);
        if (!pair || pair->key.contains(' '))
            return false;
        Cursor cursor(pair->value);
        while (!cursor.atEnd()) {
            const QByteArray key = bytesOf(cursor.word());
            cursor.blanks();
            addHostFact(evidence, number, "sockstat/" + bytesOf(pair->key), key, bytesOf(cursor.word()));
            cursor.blanks();
        }
        return true;
    });
}

/// Three bare numbers: the name must say what they are.
bool beginsFileNr(std::string_view line, QByteArrayView file)
{
    const size_t tab = line.find('\t');
    return file.endsWith("file-nr") && tab != std::string_view::npos && isNumber(line.substr(0, tab));
}

qint64 readFileNr(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    Cursor cursor(text.line(first));
    for (const char *key : {"allocated", "free", "max"}) {
        addHostFact(evidence, first, "file-nr", key, bytesOf(cursor.word()));
        cursor.blanks();
    }
    return 1;
}

} // namespace

std::span<const HostSection> procSections()
{
    static constexpr std::array Sections{
        HostSection{beginsMeminfo, readMeminfo},   HostSection{beginsStatus, readStatus},
        HostSection{beginsLimits, readLimits},     HostSection{beginsLoad, readLoad},
        HostSection{beginsPressure, readPressure}, HostSection{beginsMounts, readMounts},
        HostSection{beginsCounters, readCounters}, HostSection{beginsStat, readStat},
        HostSection{beginsSockstat, readSockstat}, HostSection{beginsFileNr, readFileNr}};
    return Sections;
}

QByteArray lastTwoParts(const QString &path)
{
    const qsizetype last = path.lastIndexOf(u'/');
    const qsizetype before = last > 0 ? path.lastIndexOf(u'/', last - 1) : -1;
    return path.sliced(before + 1).toUtf8();
}

} // namespace faultline
