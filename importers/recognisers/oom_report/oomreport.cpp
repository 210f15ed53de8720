// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/oom_report/oomreport.h"

#include "importers/core/cursor.h"
#include "importers/recognisers/oom_report/memoryinfo.h"
#include "importers/recognisers/oom_report/oomtext.h"

#include <QCoreApplication>

#include <array>
#include <map>

namespace faultline {

using namespace oomtext;

namespace {

/// Rows of a task table that are counted; a machine may have more.
constexpr qint64 MostTasks = 20'000;
/// Rows of tasks that become facts, over all reports of a source.
constexpr qint64 MostTaskRows = 10'000;
/// Values of one report besides its tasks.
constexpr size_t MostValues = 4'000;
/// How far the memory's state reaches behind "Mem-Info:".
constexpr qint64 MostInfoLines = 3'000;
/// Lines of others that may stand between.
constexpr int MostForeignLines = 40;
/// A report that is cut off does not lend its numbers to a kill this many lines on.
constexpr qint64 MostReportLines = 25'000;

struct Value {
    QByteArray text;
    qint64 line = 0;
};

/// What one report has told so far.
struct Report {
    qint64 firstLine = 0;
    std::map<QByteArray, Value> values;
    /// Of each task of the table, and of each cgroup whose memory is listed: the subject's end, key and value.
    struct Part {
        QByteArray subject;
        QByteArray key;
        Value value;
    };
    std::vector<Part> parts;
    bool partsWritten = false;
    QByteArray pid; ///< Of the victim that the summary names.
    bool killed = false;

    void set(const QByteArray &key, const QByteArray &text, qint64 line)
    {
        if (!text.isEmpty() && (values.size() < MostValues || values.contains(key)))
            values.insert_or_assign(key, Value{text, line});
    }
    void set(const QByteArray &key, std::optional<qint64> number, qint64 line)
    {
        if (number)
            set(key, QByteArray::number(*number), line);
    }
};

/// Pod and container in the path that kubelet gives a container's cgroup, with the systemd or the cgroupfs driver.
void setContainer(Report &report, const QByteArray &path, qint64 line)
{
    qsizetype pod = path.lastIndexOf("pod");
    if (path.contains("kubepods") && pod > 0 && pod + 3 + 32 <= path.size()) {
        QByteArray uid = path.sliced(pod + 3);
        uid.truncate(std::min(std::min<qsizetype>(36, uid.size()), uid.indexOf('.') < 0 ? 36 : uid.indexOf('.')));
        uid.replace('_', '-');
        report.set("pod_uid", uid, line);
    }
    QByteArray last = path.sliced(path.lastIndexOf('/') + 1);
    if (last.endsWith(".scope"))
        last.chop(6);
    last = last.sliced(last.lastIndexOf('-') + 1);
    const bool isId = last.size() == 64 && std::ranges::all_of(last, [](char c) {
                          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                      });
    if (isId)
        report.set("container_id", last, line);
}

class OomSession : public RecogniserSession
{
    enum Trigger { Invoked, Summary, OldScope, Usage, Tasks, KillOld, Killed, Reaped, Memory, CgroupStat, Task, Group };

public:
    void trigger(int trigger, const TextLine &line, LineReader &lines, TextSink &sink) override;
    void finish(LineReader &, TextSink &sink) override
    {
        if (m_open && !m_report.killed)
            write(m_report, sink, m_time);
        if (m_tasksLeftOut > 0)
            addNote(sink.evidence.notes, {Severity::Warning,
                                          Code::LimitReached,
                                          {},
                                          QCoreApplication::translate(
                                              "faultline::OomReport",
                                              "Of the tasks listed in out-of-memory reports, %1 more are only counted")
                                              .arg(m_tasksLeftOut),
                                          1});
    }

private:
    void invoked(const TextLine &line, TextSink &sink);
    void summary(const TextLine &line);
    void oldScope(const TextLine &line);
    void usage(const TextLine &line);
    void taskTable(const TextLine &line, LineReader &lines);
    void memory(const TextLine &line, LineReader &lines);
    void cgroupStat(const TextLine &line, LineReader &lines);
    void task(const TextLine &line);
    void group(const TextLine &line);
    void killOld(const TextLine &line);
    void killed(const TextLine &line, TextSink &sink);
    void reaped(const TextLine &line, TextSink &sink);
    void write(const Report &report, TextSink &sink, std::optional<SourceTime> time);
    void forgetOld(const TextLine &line)
    {
        if (m_open && line.number - m_report.firstLine > MostReportLines) {
            m_report = {};
            m_open = false;
        }
    }
    void begin(const TextLine &line)
    {
        if (!m_open) {
            m_report = {};
            m_report.firstLine = line.number;
            m_open = true;
        }
        if (line.time)
            m_time = line.time;
    }

    Report m_report;
    bool m_open = false;
    qint64 m_read = 0; ///< Up to this line tables were read ahead; none begins before.
    qint64 m_taskRows = 0;
    qint64 m_tasksLeftOut = 0;
    std::optional<SourceTime> m_time;
};

void OomSession::trigger(int trigger, const TextLine &line, LineReader &lines, TextSink &sink)
{
    forgetOld(line);
    switch (trigger) {
    case Invoked: return invoked(line, sink);
    case Summary: return summary(line);
    case OldScope: return oldScope(line);
    case Usage: return usage(line);
    case Tasks: return taskTable(line, lines);
    case Memory: return memory(line, lines);
    case CgroupStat: return cgroupStat(line, lines);
    case Task: return task(line);
    case Group: return group(line);
    case KillOld: return killOld(line);
    case Killed: return killed(line, sink);
    case Reaped: return reaped(line, sink);
    default: break;
    }
}

/// "X invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0"
void OomSession::invoked(const TextLine &line, TextSink &sink)
{
    if (m_open && !m_report.killed)
        write(m_report, sink, m_time);
    m_open = false;
    begin(line);
    m_report.set("invoked_by", bytesOf(line.payload.substr(0, line.payload.find(" invoked oom-killer"))), line.number);
    // "0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)"; nodemask, in newer kernels, may be a list with commas.
    m_report.set("gfp_mask", bytesOf(between(line.payload, "gfp_mask=", ", ")), line.number);
    m_report.set("nodemask", bytesOf(between(line.payload, "nodemask=", ", order=")), line.number);
    m_report.set("order", bytesOf(between(line.payload, "order=", ",")), line.number);
    m_report.set("invoked_by_oom_adj", bytesOf(between(line.payload, "oom_adj=", ",")), line.number);
    m_report.set("invoked_by_oom_score_adj", bytesOf(between(line.payload, "oom_score_adj=", ",")), line.number);
}

/// Kernel 5.0+: "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=…,task_memcg=…,task=x,pid=1,uid=0"
void OomSession::summary(const TextLine &line)
{
    const std::string_view text = line.payload;
    if (m_open && m_report.killed)
        m_open = false;
    begin(line);
    m_report.set("constraint", bytesOf(between(text, "constraint=", ",")), line.number);
    if (text.contains(",global_oom"))
        m_report.set("global", "true", line.number);
    m_report.set("oom_memcg", bytesOf(between(text, "oom_memcg=", ",task_memcg=")), line.number);
    const QByteArray path = bytesOf(between(text, "task_memcg=", ",task="));
    m_report.set("task_memcg", path, line.number);
    setContainer(m_report, path, line.number);
    m_report.set("cpuset", bytesOf(between(text, "cpuset=", ",mems_allowed=")), line.number);
    std::string_view allowed = between(text, "mems_allowed=", "oom_memcg=").substr(0, 256);
    allowed = allowed.substr(0, std::min(allowed.find(",global_oom"), allowed.find(",task_memcg=")));
    while (allowed.ends_with(','))
        allowed.remove_suffix(1);
    m_report.set("mems_allowed", bytesOf(allowed), line.number);
    m_report.set("victim", bytesOf(between(text, ",task=", ",pid=")), line.number);
    m_report.pid = bytesOf(between(text, ",pid=", ",uid="));
    m_report.set("uid", bytesOf(between(text, ",uid=", {})), line.number);
}

/// Before 5.0: "Task in /a/b killed as a result of limit of /a"
void OomSession::oldScope(const TextLine &line)
{
    begin(line);
    const QByteArray task = bytesOf(between(line.payload, "Task in ", " killed as a result of limit of"));
    m_report.set("constraint", "CONSTRAINT_MEMCG", line.number);
    m_report.set("task_memcg", task, line.number);
    setContainer(m_report, task, line.number);
    QByteArray limit = bytesOf(between(line.payload, "as a result of limit of", {})).trimmed();
    if (limit.isEmpty())
        limit = "/";
    m_report.set("oom_memcg", limit, line.number);
}

/// "memory: usage 327680kB, limit 327680kB, failcnt 630313"; also memory+swap, swap and kmem.
void OomSession::usage(const TextLine &line)
{
    if (!m_open)
        return;
    const std::string_view text = line.payload;
    QByteArray prefix;
    if (text.starts_with("memory+swap:"))
        prefix = "memsw_";
    else if (text.starts_with("swap:"))
        prefix = "swap_";
    else if (text.starts_with("kmem:"))
        prefix = "kmem_";
    else if (!text.starts_with("memory:"))
        return;
    m_report.set(prefix + "usage_bytes", kilobytesAfter(text, "usage"), line.number);
    m_report.set(prefix + "limit_bytes", kilobytesAfter(text, "limit"), line.number);
    m_report.set(prefix + "failcnt", bytesOf(between(text, "failcnt ", {})).trimmed(), line.number);
}

/// "[ pid ]   uid  tgid total_vm      rss …" and a row a task.
void OomSession::taskTable(const TextLine &line, LineReader &lines)
{
    if (!m_open || line.number <= m_read)
        return;
    TaskTable table;
    const qint64 header = line.number;
    if (!table.readHeading(line.payload))
        return;
    qint64 count = 0;
    int foreign = 0;
    for (qint64 number = header + 1; number <= header + MostTasks && foreign < MostForeignLines; ++number) {
        const auto row = lines.line(number);
        if (!row)
            break;
        std::vector<std::pair<QByteArray, QByteArray>> values;
        QByteArray pid;
        if (!table.readRow(row->payload, pid, [&values](const QByteArray &key, const QByteArray &value) {
                values.emplace_back(key, value);
            })) {
            // The summary or the kill follows; other lines may have come between.
            if (row->payload.contains("ut of memory") || row->payload.contains("oom-kill:")
                || row->payload.contains("Killed process "))
                break;
            ++foreign;
            continue;
        }
        foreign = 0;
        m_read = number;
        ++count;
        if (m_taskRows >= MostTaskRows) {
            ++m_tasksLeftOut;
            continue;
        }
        ++m_taskRows;
        for (const auto &[key, value] : values)
            m_report.parts.push_back({"/task/" + pid, key, {value, number}});
    }
    m_report.set("tasks", QByteArray::number(count), header);
}

/// "Mem-Info:" and what the machine's memory was in use for.
void OomSession::memory(const TextLine &line, LineReader &lines)
{
    if (!m_open || line.number <= m_read)
        return;
    MemoryInfo info;
    int foreign = 0;
    for (qint64 number = line.number + 1; number <= line.number + MostInfoLines && foreign < MostForeignLines;
         ++number) {
        const auto next = lines.line(number);
        if (!next)
            break;
        TaskTable table;
        if (table.readHeading(next->payload) || next->payload.contains("ut of memory")
            || next->payload.contains("Killed process ") || next->payload.contains(" invoked oom-killer"))
            break;
        const bool known = info.read(next->payload, [this, number](const QByteArray &key, const QByteArray &value) {
            m_report.set(key, value, number);
        });
        foreign = known ? 0 : foreign + 1;
        m_read = known ? number : m_read;
    }
}

/// "Memory cgroup stats for /a/b: cache:0KB …", or the values on the lines that follow.
void OomSession::cgroupStat(const TextLine &line, LineReader &lines)
{
    if (!m_open || line.number <= m_read || m_report.parts.size() > static_cast<size_t>(MostTaskRows) * 10)
        return;
    const std::string_view text = between(line.payload, "Memory cgroup stats for ", {});
    const size_t colon = std::min(text.find(": "), text.ends_with(':') ? text.size() - 1 : std::string_view::npos);
    if (colon == std::string_view::npos)
        return;
    const QByteArray subject = "/memcg" + bytesOf(text.substr(0, colon));
    qint64 number = line.number;
    const auto add = [&](const QByteArray &key, const QByteArray &value) {
        m_report.parts.push_back({subject, key, {value, number}});
    };
    if (readCgroupStat(text.substr(std::min(colon + 1, text.size())), add))
        return;
    constexpr qint64 MostLines = 200;
    constexpr int MostOthers = 5;
    int foreign = 0;
    for (++number; number <= line.number + MostLines && foreign < MostOthers; ++number) {
        const auto next = lines.line(number);
        if (!next)
            break;
        // "active_anon:660530 …" is the machine's, which follows.
        foreign = !next->payload.contains(':') && readCgroupStat(next->payload, add) ? 0 : foreign + 1;
        m_read = foreign == 0 ? number : m_read;
    }
}

/// "CPU: 0 PID: 1381 Comm: x Not tainted 4.8.0 #2", in 2.6 "Pid: 24113, comm: sshd Not tainted 2.6.32 #1": who asked, and the kernel.
void OomSession::task(const TextLine &line)
{
    constexpr qint64 MostBehind = 10;
    if (!m_open || m_report.killed || line.number > m_report.firstLine + MostBehind)
        return;
    const std::string_view text = line.payload;
    const bool old = text.starts_with("Pid: ");
    m_report.set("invoked_by_pid", bytesOf(old ? between(text, "Pid: ", ",") : between(text, "PID: ", " ")),
                 line.number);
    // "Tainted: P           OE      6.0.11-arch1-1 #1": the release is the word before the build number.
    if (const size_t build = text.find(" #"); build != std::string_view::npos) {
        const size_t space = text.rfind(' ', build - 1);
        if (space != std::string_view::npos && Cursor::isDigit(text[space + 1]))
            m_report.set("kernel", bytesOf(text.substr(space + 1, build - space - 1)), line.number);
    }
}

/// Since 4.19: "Tasks in /a/b are going to be killed due to memory.oom.group set".
void OomSession::group(const TextLine &line)
{
    begin(line);
    m_report.set("oom_group", bytesOf(between(line.payload, "Tasks in ", " are going to be killed")), line.number);
}

/// Before 4.19: "Out of memory: Kill process 1234 (x) score 900 or sacrifice child", the kill itself on the next line.
void OomSession::killOld(const TextLine &line)
{
    if (m_open && m_report.killed)
        m_open = false;
    begin(line);
    m_report.pid = bytesOf(between(line.payload, "ill process ", " "));
    m_report.set("victim", bytesOf(between(line.payload, " (", ") ")), line.number);
    m_report.set("score", bytesOf(between(line.payload, "score ", " ")), line.number);
    if (line.payload.starts_with("Out of memory:") && !m_report.values.contains("constraint"))
        m_report.set("constraint", "CONSTRAINT_NONE", line.number);
}

/// "Killed process 9355 (x) total-vm:…kB, anon-rss:…kB, file-rss:…kB, …"; in 2.6 also "Killed process 21358, UID 48, (httpd) …".
void OomSession::killed(const TextLine &line, TextSink &sink)
{
    if (line.payload.contains("ill process "))
        return;
    const size_t at = line.payload.find("Killed process ");
    if (at == std::string_view::npos) // the trigger saw the line before its escapes were taken out
        return;
    begin(line);
    const std::string_view text = line.payload.substr(at);
    Cursor cursor(text);
    cursor.take("Killed process ");
    const auto pid = cursor.number(10);
    if (!pid)
        return;
    // Old kernels announce one process and may kill its child.
    if (!m_report.killed && !m_report.pid.isEmpty() && m_report.pid != QByteArray::number(*pid)
        && m_report.values.contains("score")) {
        Report announced;
        announced.pid = m_report.pid;
        announced.firstLine = m_report.firstLine;
        for (const char *key : {"victim", "score"})
            if (const auto known = m_report.values.find(key); known != m_report.values.end())
                announced.set(key, known->second.text, known->second.line);
        announced.set("announced", "true", m_report.values.at("score").line);
        write(announced, sink, m_time);
        m_report.values.erase("score");
    }
    // A second victim of the same report keeps its numbers, not the first one's own.
    for (const char *own : {"victim", "total_vm_bytes", "anon_rss_bytes", "file_rss_bytes", "shmem_rss_bytes",
                            "pgtables_bytes", "oom_score_adj"})
        if (m_report.killed || std::string_view(own) != "victim")
            m_report.values.erase(own);
    m_report.pid = QByteArray::number(*pid);
    std::string_view comm = between(text, "(", {});
    // A comm may hold a bracket: the last one before the numbers closes.
    const size_t numbers = std::min(comm.find(" total-vm:"), comm.find(" vsz:"));
    const size_t close = comm.substr(0, numbers).rfind(')');
    m_report.set("victim", bytesOf(comm.substr(0, close)), line.number);
    for (const auto &[mark, key] :
         {std::pair{"total-vm:", "total_vm_bytes"}, std::pair{"vsz:", "total_vm_bytes"},
          std::pair{"anon-rss:", "anon_rss_bytes"}, std::pair{"file-rss:", "file_rss_bytes"},
          std::pair{"shmem-rss:", "shmem_rss_bytes"}, std::pair{"pgtables:", "pgtables_bytes"}})
        m_report.set(key, kilobytesAfter(text, mark), line.number);
    m_report.set("oom_score_adj", bytesOf(between(text, "oom_score_adj:", {})).trimmed(), line.number);
    m_report.set("uid",
                 bytesOf(between(text, text.contains("UID:") ? "UID:" : ", UID ", text.contains("UID:") ? " " : ",")),
                 line.number);
    if (line.payload.starts_with("Memory cgroup out of memory") && !m_report.values.contains("constraint"))
        m_report.set("constraint", "CONSTRAINT_MEMCG", line.number);
    else if (line.payload.starts_with("Out of memory") && !m_report.values.contains("constraint"))
        m_report.set("constraint", "CONSTRAINT_NONE", line.number);
    m_report.set("killed", "true", line.number);
    m_report.killed = true;
    write(m_report, sink, line.time);
    m_report.partsWritten = true;
}

/// "oom_reaper: reaped process 9355 (x), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB"
void OomSession::reaped(const TextLine &line, TextSink &sink)
{
    const std::string_view pid = between(line.payload, "reaped process ", " ");
    if (pid.empty())
        return;
    Report report;
    report.pid = bytesOf(pid);
    report.set("reaped", "true", line.number);
    for (const auto &[mark, key] :
         {std::pair{"anon-rss:", "reaped_anon_rss_bytes"}, std::pair{"file-rss:", "reaped_file_rss_bytes"},
          std::pair{"shmem-rss:", "reaped_shmem_rss_bytes"}})
        report.set(key, kilobytesAfter(line.payload, mark), line.number);
    write(report, sink, line.time);
}

void OomSession::write(const Report &report, TextSink &sink, std::optional<SourceTime> time)
{
    if (report.pid.isEmpty())
        return;
    bool good = false;
    Identity identity;
    identity.pid = report.pid.toLongLong(&good);
    if (!good)
        return;
    if (const auto path = report.values.find("task_memcg"); path != report.values.end())
        identity.cgroup = path->second.text;
    identity.host = sink.evidence.identity.host;
    const QByteArray subject = "oom/" + report.pid;
    const SharedIdentity shared = identity;
    const auto add = [&](const QByteArray &key, const Value &value, const QByteArray &part = {}) {
        Fact fact;
        fact.line = value.line;
        if (time)
            fact.time = SourceInterval{*time, *time};
        fact.subject = subject + part;
        fact.key = key;
        fact.value = value.text;
        fact.identity = shared;
        sink.evidence.facts.push_back(std::move(fact));
    };
    qint64 lastLine = report.firstLine;
    for (const auto &[key, value] : report.values) {
        add(key, value);
        lastLine = std::max(lastLine, value.line);
    }
    add("pid", {report.pid, lastLine});
    // The tables belong to the report; its first victim has them.
    if (!report.partsWritten)
        for (const Report::Part &part : report.parts)
            add(part.key, part.value, part.subject);
}

} // namespace

bool OomReport::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::KernelLog || kind == SourceKind::Journal || kind == SourceKind::Log
           || kind == SourceKind::CiLog;
}

std::vector<QByteArray> OomReport::triggers() const
{
    return {R"( invoked oom-killer: )",
            R"(oom-kill:constraint=)",
            R"(Task in .* killed as a result of limit of)",
            R"((memory|memory\+swap|swap|kmem): usage [0-9]+kB, limit)",
            R"(\[ *pid *\] +uid +tgid +total_vm)",
            R"([Oo]ut of [Mm]emory.*: [Kk]ill process [0-9]+ )",
            R"(Killed process [0-9]+)",
            R"(oom_reaper: reaped process [0-9]+ )",
            R"(Mem-[Ii]nfo:)",
            R"(Memory cgroup stats for )",
            R"(PID: [0-9]+ .*Comm: |Pid: [0-9]+, comm: )",
            R"(Tasks in .* are going to be killed due to memory\.oom\.group)"};
}

std::unique_ptr<RecogniserSession> OomReport::open() const
{
    return std::make_unique<OomSession>();
}

} // namespace faultline
