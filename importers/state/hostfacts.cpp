// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/hostfacts.h"

#include "importers/core/cursor.h"
#include "importers/core/notes.h"
#include "importers/metrics/numbers.h"
#include "models/core/views.h"

#include <QCoreApplication>

#include <array>
#include <map>

namespace faultline {

namespace {

constexpr qint64 MostHostRows = 1'000'000;
/// A machine may have more processes; facts of the first ones are enough to tell.
constexpr size_t MostProcesses = 2'000;

using Cells = std::vector<std::string_view>;

Cells cellsOf(std::string_view line)
{
    Cells cells;
    Cursor cursor(line);
    for (cursor.blanks(); !cursor.atEnd(); cursor.blanks())
        cells.push_back(cursor.word());
    return cells;
}

/// What plain numbers of `free` count is not printed: kibibytes, unless that would be a machine with less memory than any has.
qint64 freeUnit(std::string_view total)
{
    constexpr qint64 LeastKib = qint64(256) * 1024;
    constexpr qint64 LeastMib = 128;
    Cursor cursor(total);
    const auto amount = cursor.number(15);
    if (!amount || !cursor.atEnd() || *amount >= LeastKib || *amount == 0)
        return 1024;
    return *amount >= LeastMib ? qint64(1024) * 1024 : qint64(1024) * 1024 * 1024;
}

/// procps, free.c; before 3.3.10 a row "-/+ buffers/cache:" stood between.
bool readFree(const TextLine &row, const Cells &header, qint64 &unit, SourceEvidence &evidence)
{
    Cells cells = cellsOf(row.payload);
    const bool old = cells.size() == 4 && cells[0] == "-/+" && cells[1] == "buffers/cache:";
    if (!old && (cells.size() < 2 || !cells[0].ends_with(':')))
        return false;
    if (cells[0] == "Mem:")
        unit = freeUnit(cells[1]);
    const auto add = [&](const QByteArray &subject, std::string_view key, std::string_view value) {
        addHostFact(evidence, row.number, subject, bytesOf(key), bytesOf(value));
        if (const auto bytes = parseHumanSize(value, unit))
            addHostFact(evidence, row.number, subject, bytesOf(key) + "_bytes", QByteArray::number(*bytes));
    };
    if (old) {
        add("memory/without_cache", "used", cells[2]);
        add("memory/without_cache", "free", cells[3]);
        return true;
    }
    const QByteArray subject = "memory/" + bytesOf(cells[0].substr(0, cells[0].size() - 1));
    for (size_t i = 1; i < std::min(cells.size(), header.size() + 1); ++i)
        add(subject, header[i - 1], cells[i]);
    return true;
}

/// "tmpfs            48M   48M     0 100% /home/x"; busybox and GNU break a long device over two lines.
bool readDf(const TextLine &row, bool inodes, qint64 unit, SourceEvidence &evidence)
{
    const Cells cells = cellsOf(row.payload);
    size_t percent = 0;
    while (percent < cells.size() && !(cells[percent].ends_with('%') || cells[percent] == "-"))
        ++percent;
    if (cells.size() == 1 && cells[0].starts_with('/'))
        return true;
    if (percent < 3 || percent + 1 >= cells.size())
        return false;
    const std::string_view mount =
        row.payload.substr(static_cast<size_t>(cells[percent + 1].data() - row.payload.data()));
    const QByteArray subject = "filesystem/" + bytesOf(mount);
    const char *kind = inodes ? "inodes" : "bytes";
    const auto add = [&](const char *key, std::string_view cell) {
        if (const auto value = parseHumanSize(cell, inodes ? 1 : unit))
            addHostFact(evidence, row.number, subject, key + QByteArray("_") + kind, QByteArray::number(*value));
    };
    add("size", cells[percent - 3]);
    add("used", cells[percent - 2]);
    add("available", cells[percent - 1]);
    const QByteArray used = bytesOf(cells[percent].substr(0, cells[percent].size() - 1));
    if (!used.isEmpty())
        addHostFact(evidence, row.number, subject, inodes ? "inodes_used_percent" : "used_percent", used);
    if (percent >= 4)
        addHostFact(evidence, row.number, subject, "device", bytesOf(cells[0]));
    if (percent >= 5) // df -T
        addHostFact(evidence, row.number, subject, "type", bytesOf(cells[percent - 4]));
    return true;
}

struct ProcessCount {
    QByteArray command;
    qint64 line = 0;
    qint64 count = 0;
    qint64 sockets = 0;
};

/// Rows of lsof and ps are counted by process.
class Processes
{
public:
    bool readLsof(const TextLine &row, const Cells &header)
    {
        const Cells cells = cellsOf(row.payload);
        qint64 pid = 0;
        size_t at = 1;
        // The command may hold blanks: the first number is the pid.
        for (; at < cells.size() && at < 6; ++at) {
            Cursor cursor(cells[at]);
            if (const auto number = cursor.number(10); number && cursor.atEnd()) {
                pid = *number;
                break;
            }
        }
        if (pid == 0 || cells.size() < 4)
            return cells.size() > 3 && !header.empty();
        ++m_rows;
        ProcessCount *process = find(pid, cells[0], row.number);
        if (!process)
            return true;
        // Mapped files and the working directory take no descriptor; a number does.
        for (size_t i = at + 1; i < std::min(cells.size(), at + 5); ++i) {
            // With threads shown, a thread's id stands before: a descriptor has its mode behind its number.
            const bool threads = header.size() > 2 && header[2] == "TID";
            if (Cursor::isDigit(cells[i].empty() ? ' ' : cells[i].front()) && i <= at + 3
                && (!threads || !Cursor::isDigit(cells[i].back()))) {
                ++process->count;
                break;
            }
        }
        for (const std::string_view cell : cells)
            if (cell == "IPv4" || cell == "IPv6" || cell == "unix" || cell == "sock") {
                ++process->sockets;
                break;
            }
        return true;
    }

    bool readPs()
    {
        ++m_rows;
        return true;
    }

    /// What the columns of `ps` tell of a process, by their names: aux, -ef and any -o. The last column holds blanks.
    bool readPs(const TextLine &row, const Cells &header, SourceEvidence &evidence)
    {
        const Cells cells = cellsOf(row.payload);
        if (cells.size() < std::min<size_t>(3, header.size()))
            return false;
        const auto column = [&](std::initializer_list<std::string_view> names) -> std::string_view {
            for (size_t i = 0; i < std::min(header.size(), cells.size()); ++i)
                if (std::ranges::find(names, header[i]) != names.end())
                    return i + 1 == header.size()
                               ? row.payload.substr(static_cast<size_t>(cells[i].data() - row.payload.data()))
                               : cells[i];
            return {};
        };
        Cursor cursor(column({"PID"}));
        const auto pid = cursor.number(10);
        if (!pid)
            return false;
        if (++m_rows > static_cast<qint64>(MostProcesses))
            return true;
        Identity identity;
        identity.pid = *pid;
        const QByteArray subject = "process/" + QByteArray::number(*pid);
        const auto add = [&](const char *key, std::string_view value) {
            if (!value.empty())
                addHostFact(evidence, row.number, subject, key, bytesOf(value.substr(0, 512)), identity);
        };
        add("command", column({"COMMAND", "CMD", "ARGS"}));
        add("state", column({"STAT", "S", "STATE"}));
        add("cpu_percent", column({"%CPU", "C", "CPU"}));
        add("memory_percent", column({"%MEM"}));
        add("parent", column({"PPID"}));
        add("threads", column({"NLWP", "THCNT"}));
        if (const auto rss = parseHumanSize(column({"RSS", "RSZ"}), 1024))
            addHostFact(evidence, row.number, subject, "rss_bytes", QByteArray::number(*rss), identity);
        if (const auto size = parseHumanSize(column({"VSZ", "VSIZE"}), 1024))
            addHostFact(evidence, row.number, subject, "vsz_bytes", QByteArray::number(*size), identity);
        return true;
    }

    void write(SourceEvidence &evidence, HostTable table, qint64 line) const
    {
        addHostFact(evidence, line,
                    table == HostTable::Lsof ? "lsof"
                    : table == HostTable::Ss ? "sockets"
                                             : "processes",
                    "count", QByteArray::number(m_rows));
        for (const auto &[pid, process] : m_byPid) {
            Identity identity;
            identity.pid = pid;
            const QByteArray subject = "process/" + QByteArray::number(pid);
            addHostFact(evidence, process.line, subject, "command", process.command, identity);
            addHostFact(evidence, process.line, subject, "open_files", QByteArray::number(process.count), identity);
            addHostFact(evidence, process.line, subject, "open_sockets", QByteArray::number(process.sockets), identity);
        }
    }

private:
    ProcessCount *find(qint64 pid, std::string_view command, qint64 line)
    {
        if (!m_byPid.contains(pid) && m_byPid.size() >= MostProcesses)
            return nullptr;
        ProcessCount &process = m_byPid[pid];
        if (process.line == 0) {
            process.line = line;
            process.command = bytesOf(command);
        }
        return &process;
    }

    std::map<qint64, ProcessCount> m_byPid;
    qint64 m_rows = 0;
};

/// What df's numbers count where they have no suffix: the header says 1K-blocks, 1M-blocks, 512-blocks …
qint64 dfUnit(const Cells &header)
{
    for (const std::string_view cell : header)
        if (cell.contains("-blocks"))
            return parseHumanSize(cell.substr(0, cell.find("-blocks")), 1).value_or(1024);
    return 1024;
}

bool readSs(const TextLine &row, SourceEvidence &evidence)
{
    const Cells cells = cellsOf(row.payload);
    static constexpr std::array States{"LISTEN",    "ESTAB",      "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2",
                                       "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING",  "UNCONN",     "CLOSED"};
    size_t state = 0;
    while (state < std::min<size_t>(cells.size(), 2)
           && std::ranges::none_of(States, [&](const char *known) { return cells[state] == known; }))
        ++state;
    if (state >= std::min<size_t>(cells.size(), 2) || cells.size() < state + 5)
        return false;
    if (cells[state] != "LISTEN")
        return true;
    const std::string_view address = cells[state + 3];
    const size_t colon = address.rfind(':');
    if (colon == std::string_view::npos)
        return true;
    const QByteArray subject = "port/" + bytesOf(address.substr(colon + 1));
    addHostFact(evidence, row.number, subject, "listening", bytesOf(address));
    const size_t users = row.payload.find("users:((\"");
    if (users != std::string_view::npos) {
        const std::string_view rest = row.payload.substr(users + 9);
        addHostFact(evidence, row.number, subject, "process", bytesOf(rest.substr(0, rest.find('"'))));
        const size_t pid = rest.find("pid=");
        if (pid != std::string_view::npos)
            if (const auto number = Cursor(rest.substr(pid + 4)).number(10))
                addHostFact(evidence, row.number, subject, "pid", QByteArray::number(*number));
    }
    return true;
}

} // namespace

std::optional<qint64> parseHumanSize(std::string_view text, qint64 unit)
{
    static constexpr std::string_view Suffixes = "KMGTPE";
    if (text.ends_with("iB"))
        text.remove_suffix(2);
    else if (text.ends_with('i') || text.ends_with('B'))
        text.remove_suffix(1);
    if (text.ends_with('i'))
        text.remove_suffix(1);
    if (text.empty())
        return std::nullopt;
    double factor = static_cast<double>(unit);
    if (const size_t power = Suffixes.find(text.back()); power != std::string_view::npos) {
        factor = 1;
        for (size_t i = 0; i <= power; ++i)
            factor *= 1024;
        text.remove_suffix(1);
    } else if (text.back() == 'b') {
        text.remove_suffix(1);
    }
    std::string number(text);
    std::ranges::replace(number, ',', '.');
    const auto value = parseFloat(number);
    if (!value || *value < 0 || *value * factor > 9e18)
        return std::nullopt;
    return static_cast<qint64>(*value * factor);
}

QByteArray leadingDigits(std::string_view text)
{
    return bytesOf(text.substr(0, text.find_first_not_of("0123456789")));
}

std::optional<WholeText> readHostState(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence)
{
    auto text = WholeText::read(bytes, evidence);
    if (!text)
        return std::nullopt;
    if (evidence.modified) {
        const SourceTime written{evidence.modified->ns};
        evidence.basis = TimeBasis::Utc;
        evidence.first = evidence.last = written;
        evidence.coverage.push_back({{}, written, written, CoverageHow::Assumed});
    } else {
        evidence.basis = TimeBasis::None;
    }
    return text;
}

void addHostFact(SourceEvidence &evidence, qint64 line, const QByteArray &subject, const QByteArray &key,
                 const QByteArray &value, const Identity &identity)
{
    Fact fact;
    fact.line = line;
    if (evidence.kind == SourceKind::HostState && evidence.first)
        fact.time = SourceInterval{*evidence.first, *evidence.first};
    fact.subject = subject;
    fact.key = key;
    fact.value = value;
    fact.identity = identity;
    evidence.facts.push_back(std::move(fact));
}

HostTable hostTableOf(std::string_view header)
{
    const Cells cells = cellsOf(header);
    if (cells.size() >= 3 && cells[0] == "total" && cells[1] == "used" && cells[2] == "free")
        return HostTable::Free;
    if (cells.size() >= 5 && cells[0] == "Filesystem" && header.contains("Mounted on"))
        return header.contains("IUse%") || header.contains("Inodes") ? HostTable::DfInodes : HostTable::Df;
    if (cells.size() >= 5 && cells[0] == "COMMAND" && cells[1] == "PID" && header.contains(" NAME"))
        return HostTable::Lsof;
    if (cells.size() >= 4 && header.contains("Recv-Q") && header.contains("Send-Q"))
        return HostTable::Ss;
    const bool pid = std::ranges::find(cells, "PID") != cells.end();
    const bool command =
        std::ranges::any_of(cells, [](std::string_view cell) { return cell == "CMD" || cell == "COMMAND"; });
    if (pid && command && cells.size() >= 3)
        return HostTable::Ps;
    return HostTable::None;
}

qint64 readHostTable(HostTable table, const TextLine &header, LineReader &lines, SourceEvidence &evidence)
{
    const QByteArray headerText = bytesOf(header.payload);
    const Cells columns = cellsOf({headerText.constData(), static_cast<size_t>(headerText.size())});
    const qint64 headerLine = header.number;
    const qint64 unit = dfUnit(columns);
    qint64 memoryUnit = 1024;
    Processes processes;
    qint64 count = 0;
    for (qint64 number = headerLine + 1; number <= headerLine + MostHostRows; ++number, ++count) {
        const auto row = lines.line(number);
        if (!row || row->payload.find_first_not_of(" \t") == std::string_view::npos || row->payload.starts_with("==> ")
            || hostTableOf(row->payload) != HostTable::None)
            break;
        bool good = false;
        switch (table) {
        case HostTable::Free: good = readFree(*row, columns, memoryUnit, evidence); break;
        case HostTable::Df: good = readDf(*row, false, unit, evidence); break;
        case HostTable::DfInodes: good = readDf(*row, true, unit, evidence); break;
        case HostTable::Lsof: good = processes.readLsof(*row, columns); break;
        case HostTable::Ss:
            good = readSs(*row, evidence);
            if (good)
                processes.readPs();
            break;
        case HostTable::Ps: good = processes.readPs(*row, columns, evidence); break;
        case HostTable::None: break;
        }
        if (!good)
            break;
    }
    if (table == HostTable::Lsof || table == HostTable::Ps || table == HostTable::Ss)
        processes.write(evidence, table, headerLine);
    return count;
}

} // namespace faultline
