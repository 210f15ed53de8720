// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/hostsections.h"

#include "importers/core/wallclock.h"
#include "importers/metrics/numbers.h"
#include "importers/recognisers/ulimit/ulimit.h"
#include "importers/state/describeparser.h"
#include "importers/state/hostfacts.h"
#include "models/core/views.h"

#include <array>

namespace faultline {

namespace {

constexpr qint64 MostSectionRows = 5'000;

std::string_view between(std::string_view text, std::string_view from, std::string_view to)
{
    const size_t start = text.find(from);
    if (start == std::string_view::npos)
        return {};
    text.remove_prefix(start + from.size());
    return to.empty() ? text : text.substr(0, text.find(to));
}

/// Cells that stand two blanks or more apart.
std::vector<std::string_view> wideCells(std::string_view line)
{
    constexpr size_t MostCells = 32;
    std::vector<std::string_view> cells;
    for (std::string_view rest = trimmed(line); !rest.empty() && cells.size() < MostCells;) {
        const size_t end = std::min(rest.find("  "), rest.find('\t'));
        cells.push_back(trimmed(rest.substr(0, end)));
        rest = end == std::string_view::npos ? std::string_view() : trimmed(rest.substr(end));
    }
    return cells;
}

// ---- uptime: " 10:14:32 up 3 days,  2:11,  2 users,  load average: 0.00, 0.01, 0.05" (procps, also busybox)

bool beginsUptime(std::string_view line, QByteArrayView)
{
    return line.size() < 160 && line.contains(" up ") && line.contains("load average: ") && !line.starts_with("top - ");
}

qint64 readUptime(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    const std::string_view line = text.line(first);
    std::string_view loads = between(line, "load average: ", {});
    for (const char *key : {"load1", "load5", "load15"}) {
        const size_t comma = loads.find(", ");
        addHostFact(evidence, first, "load", key, bytesOf(trimmed(loads.substr(0, comma))));
        loads = comma == std::string_view::npos ? std::string_view() : loads.substr(comma + 2);
    }
    addHostFact(evidence, first, "host", "up", bytesOf(trimmed(between(line, " up ", ",  "))).left(64));
    return 1;
}

// ---- ulimit -a, as bash, dash and zsh write it

bool beginsUlimit(std::string_view line, QByteArrayView)
{
    // The first line of each shell's list; lines of one alone are found by the recogniser in logs.
    return line.size() < 120
           && (line.contains("(blocks, -") || line.contains("(seconds, -") || line.starts_with("-t: ")
               || line.starts_with("time(seconds)") || line.starts_with("real-time non-blocking time"));
}

qint64 readUlimits(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    qint64 number = first;
    for (; number <= text.lineCount() && number - first < 40; ++number) {
        const std::string_view line = text.line(number);
        if (trimmed(line).empty() || line.size() > 200)
            break;
        for (const auto &[key, value] : readUlimitLine(line))
            addHostFact(evidence, number, "ulimit", key, value);
    }
    return std::max<qint64>(1, number - first);
}

// ---- docker ps -a, docker stats

bool beginsDockerTable(std::string_view line, QByteArrayView)
{
    return line.starts_with("CONTAINER ID ") && (line.contains("STATUS") || line.contains("MEM USAGE"));
}

void addState(SourceEvidence &evidence, qint64 line, const QByteArray &subject, const QByteArray &status)
{
    const bool exited = status.startsWith("Exited (") || status.startsWith("Restarting (");
    addHostFact(evidence, line, subject, "status", status);
    addHostFact(evidence, line, subject, "state",
                status.left(status.indexOf(' ') < 0 ? status.size() : status.indexOf(' ')));
    if (exited)
        addHostFact(evidence, line, subject, "exitCode",
                    bytesOf(between({status.constData(), static_cast<size_t>(status.size())}, "(", ")")));
}

void addUsage(SourceEvidence &evidence, qint64 line, const QByteArray &subject, const QByteArray &cell)
{
    const qsizetype slash = cell.indexOf(" / ");
    const auto bytes = [&](const char *key, const QByteArray &size) {
        if (const auto value = parseHumanSize({size.constData(), static_cast<size_t>(size.size())}, 1))
            addHostFact(evidence, line, subject, key, QByteArray::number(*value));
    };
    bytes("memory_bytes", cell.left(std::max<qsizetype>(slash, 0)));
    bytes("limits.memory_bytes", cell.sliced(std::min(cell.size(), slash + 3)));
}

qint64 readDockerTable(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    const std::string_view header = text.line(first);
    const std::vector<std::string_view> names = wideCells(header);
    std::vector<size_t> starts;
    for (const std::string_view name : names)
        starts.push_back(static_cast<size_t>(name.data() - header.data()));
    qint64 number = first + 1;
    for (; number <= text.lineCount() && number - first < MostSectionRows; ++number) {
        const std::string_view row = text.line(number);
        if (row.size() < 12 || row.find_first_not_of("0123456789abcdef") < 12 || beginsDockerTable(row, {}))
            break;
        const auto cell = [&](std::string_view name) -> QByteArray {
            for (size_t i = 0; i < names.size(); ++i)
                if (names[i] == name) {
                    const size_t start = std::min(starts[i], row.size());
                    const size_t end = i + 1 < starts.size() ? std::min(starts[i + 1], row.size()) : row.size();
                    return bytesOf(trimmed(row.substr(start, end - start)));
                }
            return {};
        };
        QByteArray name = cell("NAMES").isEmpty() ? cell("NAME") : cell("NAMES");
        if (name.isEmpty())
            name = cell("CONTAINER ID");
        const QByteArray subject = "container/" + name;
        addHostFact(evidence, number, subject, "containerId", cell("CONTAINER ID"));
        if (const QByteArray image = cell("IMAGE"); !image.isEmpty())
            addHostFact(evidence, number, subject, "image", image);
        if (const QByteArray status = cell("STATUS"); !status.isEmpty())
            addState(evidence, number, subject, status);
        if (const QByteArray usage = cell("MEM USAGE / LIMIT"); usage.contains('/'))
            addUsage(evidence, number, subject, usage);
        static constexpr std::array<std::pair<std::string_view, const char *>, 3> Plain{
            {{"CPU %", "cpu_percent"}, {"MEM %", "memory_percent"}, {"PIDS", "pids"}}};
        for (const auto &[column, key] : Plain)
            if (QByteArray value = cell(column); !value.isEmpty())
                addHostFact(evidence, number, subject, key, value.endsWith('%') ? value.chopped(1) : value);
    }
    return number - first;
}

// ---- systemctl status

bool beginsUnit(std::string_view line, QByteArrayView)
{
    // "●", "○", "×" or "*" before the unit's name.
    const bool bullet = line.starts_with("\xE2\x97\x8F ") || line.starts_with("\xE2\x97\x8B ")
                        || line.starts_with("\xC3\x97 ") || line.starts_with("* ");
    return bullet
           && (line.contains(".service") || line.contains(".scope") || line.contains(".slice")
               || line.contains(".mount") || line.contains(".timer") || line.contains(".socket"));
}

qint64 readUnit(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    Cursor head(text.line(first));
    head.word();
    head.blanks();
    const QByteArray subject = "unit/" + bytesOf(head.word());
    qint64 number = first + 1;
    for (; number <= text.lineCount() && number - first < 60; ++number) {
        const std::string_view line = text.line(number);
        const size_t colon = line.find(": ");
        if (trimmed(line).empty() || beginsUnit(line, {}))
            break;
        if (!line.starts_with(' ') || colon == std::string_view::npos)
            continue;
        QByteArray key = bytesOf(trimmed(line.substr(0, colon)));
        if (key.isEmpty() || key.size() > 20 || key.contains('-'))
            continue; // the tree of its control group
        key.replace(" ", "");
        if (key == key.toUpper())
            key = key.toLower(); // CPU, IP, IO
        const std::string_view value = trimmed(line.substr(colon + 2));
        addHostFact(evidence, number, subject, key.left(1).toLower() + key.sliced(1), bytesOf(value));
        if (key == "Active") {
            addHostFact(evidence, number, subject, "state", bytesOf(value.substr(0, value.find(' '))));
            if (const std::string_view result = between(value, "(Result: ", ")"); !result.empty())
                addHostFact(evidence, number, subject, "result", bytesOf(result));
        }
        if (const std::string_view code = between(value, "(code=", ")"); !code.empty())
            addHostFact(evidence, number, subject, key.left(1).toLower() + key.sliced(1) + ".code", bytesOf(code));
    }
    return number - first;
}

// ---- coredumpctl info and list

bool beginsCore(std::string_view line, QByteArrayView)
{
    const bool info = line.starts_with("           PID: ") || line.starts_with("PID: ");
    return info || (line.starts_with("TIME ") && line.contains(" SIG ") && line.contains(" COREFILE"));
}

qint64 readCoreList(const WholeText &text, qint64 first, SourceEvidence &evidence)
{
    qint64 number = first + 1;
    for (; number <= text.lineCount() && number - first < MostSectionRows; ++number) {
        // "Mon 2026-11-23 18:55:18 UTC 1234 1000 1000 SIGSEGV present /usr/bin/crash 61.2K"
        Cursor cursor(text.line(number));
        std::vector<std::string_view> words;
        for (cursor.blanks(); !cursor.atEnd() && words.size() < 12; cursor.blanks())
            words.push_back(cursor.word());
        if (words.size() < 9 || !words[7].starts_with("SIG"))
            break;
        Identity identity;
        identity.pid = bytesOf(words[4]).toLongLong();
        const QByteArray subject = "core/" + bytesOf(words[4]);
        addHostFact(evidence, number, subject, "signal", bytesOf(words[7]), identity);
        addHostFact(evidence, number, subject, "time",
                    bytesOf(words[1]) + ' ' + bytesOf(words[2]) + ' ' + bytesOf(words[3]), identity);
        if (words.size() > 9)
            addHostFact(evidence, number, subject, "program", bytesOf(words[9]), identity);
    }
    return number - first;
}

/// The event of a core that was written, as the journal tells it by signature.
void addCoreEvent(SourceEvidence &evidence, qint64 line, qint64 lastLine, std::string_view text, const Fields &fields,
                  std::optional<SourceTime> time)
{
    Event event;
    event.line = line;
    event.lastLine = lastLine;
    event.signature = "core.dumped";
    event.role = Role::Cause;
    event.severity = Severity::Error;
    event.text = bytesOf(trimmed(text)).left(Event::MostEventText);
    event.fields = fields;
    event.identity.pid = fieldValue(fields, "pid").toLongLong();
    if (time)
        event.time = SourceInterval{*time, *time + NsPerSecond};
    evidence.events.push_back(std::move(event));
}

/// "Mon 2026-11-23 18:55:18 UTC (3min 2s ago)"
std::optional<SourceTime> coreTime(std::string_view value)
{
    Cursor cursor(value);
    cursor.word();
    cursor.blanks();
    auto time = takeIsoTime(cursor);
    if (!time)
        return std::nullopt;
    cursor.blanks();
    if (!time->zoneSeconds)
        time->zoneSeconds = zoneOfAbbreviation(cursor.word());
    return time->zoneSeconds ? std::optional(time->sourceTime()) : std::nullopt;
}

qint64 readCore(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    if (text.line(first).starts_with("TIME "))
        return readCoreList(text, first, evidence);
    const std::string_view pidText = trimmed(between(text.line(first), "PID: ", {}));
    const QByteArray pid = bytesOf(pidText.substr(0, pidText.find(' ')));
    Identity identity;
    identity.pid = pid.toLongLong();
    const QByteArray subject = "core/" + pid;
    Fields fields{{"pid", pid}, {"comm", bytesOf(between(pidText, "(", ")"))}};
    addHostFact(evidence, first, subject, "comm", fields[1].second, identity);
    std::optional<SourceTime> time;
    qint64 signalLine = first;
    qint64 frames = 0;
    qint64 number = first + 1;
    for (; number <= text.lineCount() && number - first < MostSectionRows; ++number) {
        const std::string_view line = trimmed(text.line(number));
        if (beginsCore(text.line(number), {}))
            break;
        if (line.starts_with('#') && frames < 64) {
            // "#0  0x00007f1c main (crash + 0x1139)"
            Cursor cursor(line);
            cursor.word();
            cursor.blanks();
            if (cursor.peek() == '0')
                cursor.word();
            cursor.blanks();
            if (frames == 0 || line.starts_with("#" + std::to_string(frames)))
                addHostFact(evidence, number, subject, "frame." + QByteArray::number(frames++),
                            bytesOf(cursor.rest()).left(256), identity);
            continue;
        }
        const size_t colon = line.find(": ");
        if (colon == std::string_view::npos || colon > 20)
            continue;
        QByteArray key = bytesOf(line.substr(0, colon));
        const std::string_view value = line.substr(colon + 2);
        if (key == "Signal") {
            signalLine = number;
            fields.emplace_back("signal", "SIG" + bytesOf(between(value, "(", ")")));
        } else if (key == "Timestamp") {
            time = coreTime(value);
        } else if (key == "Executable") {
            fields.emplace_back("program", bytesOf(value));
        }
        key.replace(" ", "");
        static constexpr std::array Kept{"Signal", "Timestamp", "Executable", "CommandLine",
                                         "Unit",   "Storage",   "Hostname",   "ControlGroup"};
        if (std::ranges::any_of(Kept, [&](const char *kept) { return key == kept; }))
            addHostFact(evidence, number, subject, key.left(1).toLower() + key.sliced(1), bytesOf(value).left(512),
                        identity);
    }
    addCoreEvent(evidence, signalLine, signalLine, text.line(signalLine), fields, time);
    return number - first;
}

// ---- last: "reboot   system boot  6.1.0-18-amd64   Mon Nov 23 18:40   still running"

bool beginsLast(std::string_view line, QByteArrayView)
{
    return line.starts_with("reboot   system boot  ") || line.starts_with("wtmp begins ");
}

qint64 readLast(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    const std::string_view line = text.line(first);
    if (line.starts_with("wtmp"))
        addHostFact(evidence, first, "last", "begins", bytesOf(trimmed(line.substr(12))));
    else
        addHostFact(evidence, first, "last", "boot", bytesOf(trimmed(line.substr(22))));
    return 1;
}

// ---- ss -s

bool beginsSocketSummary(std::string_view line, QByteArrayView)
{
    return line.starts_with("Total: ") && line.size() < 60 && line.size() > 7 && Cursor::isDigit(line[7]);
}

qint64 readSocketSummary(const WholeText &text, qint64 first, QByteArrayView, SourceEvidence &evidence)
{
    addHostFact(evidence, first, "sockets", "count", leadingDigits(text.line(first).substr(7)));
    qint64 number = first + 1;
    for (; number <= text.lineCount() && number - first < 20; ++number) {
        const std::string_view line = text.line(number);
        if (!line.starts_with("TCP: "))
            continue;
        addHostFact(evidence, number, "sockets", "tcp", leadingDigits(trimmed(line.substr(5))));
        for (const char *state : {"estab ", "closed ", "orphaned ", "timewait "})
            if (const std::string_view rest = between(line, state, {}); !rest.empty())
                addHostFact(evidence, number, "sockets", QByteArray(state).trimmed(), leadingDigits(rest));
        break;
    }
    return number <= text.lineCount() && number - first < 20 ? number - first + 1 : 1;
}

} // namespace

std::span<const HostSection> commandSections()
{
    static constexpr std::array Sections{HostSection{beginsUptime, readUptime},
                                         HostSection{beginsUlimit, readUlimits},
                                         HostSection{beginsDockerTable, readDockerTable},
                                         HostSection{beginsUnit, readUnit},
                                         HostSection{beginsCore, readCore},
                                         HostSection{beginsLast, readLast},
                                         HostSection{beginsSocketSummary, readSocketSummary}};
    return Sections;
}

} // namespace faultline
