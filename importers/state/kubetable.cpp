// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/kubetable.h"

#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/describewriter.h"
#include "importers/state/kubeinterpreter.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <array>

namespace faultline {

namespace {

struct Column {
    QByteArray name; ///< As printed: "LAST SEEN".
    size_t start = 0;
};

/// Columns stand two blanks or more apart: k8s.io/cli-runtime/pkg/printers/tabwriter.go pads by three.
std::vector<Column> columnsOf(std::string_view header)
{
    constexpr size_t MostColumns = 64;
    std::vector<Column> columns;
    size_t at = header.find_first_not_of(' ');
    while (at < header.size() && columns.size() < MostColumns) {
        const size_t end = std::min(std::min(header.find("  ", at), header.find('\t', at)), header.size());
        columns.push_back({bytesOf(header.substr(at, end - at)), at});
        at = std::min(header.find_first_not_of(" \t", end), header.size());
    }
    return columns;
}

enum class Table { None, Events, Usage, Objects };

bool has(const std::vector<Column> &columns, QByteArrayView name)
{
    return std::ranges::any_of(columns, [name](const Column &column) { return column.name == name; });
}

Table tableOf(std::string_view line)
{
    // Headers are in capitals, which few lines of anything else are.
    if (line.size() > 1024 || !(line.starts_with("N") || line.starts_with("L") || line.starts_with("P")))
        return Table::None;
    const std::vector<Column> columns = columnsOf(line);
    if ((has(columns, "LAST SEEN") || has(columns, "LASTSEEN")) && has(columns, "REASON") && has(columns, "MESSAGE"))
        return Table::Events;
    const bool named = has(columns, "NAME") || has(columns, "POD");
    if (named && has(columns, "CPU(cores)") && has(columns, "MEMORY(bytes)"))
        return Table::Usage;
    static constexpr std::array Known{"STATUS",     "READY",     "DESIRED",    "COMPLETIONS", "SCHEDULE",
                                      "CLUSTER-IP", "AVAILABLE", "UP-TO-DATE", "REFERENCE",   "CAPACITY"};
    if (named && has(columns, "AGE")
        && std::ranges::any_of(Known, [&](const char *name) { return has(columns, name); }))
        return Table::Objects;
    return Table::None;
}

/// What kind of object a table without prefixes lists. k8s.io/kubernetes/pkg/printers/internalversion/printers.go
QByteArray kindOf(const std::vector<Column> &columns)
{
    if (has(columns, "RESTARTS"))
        return "pod";
    if (has(columns, "ROLES") || has(columns, "VERSION"))
        return "node";
    if (has(columns, "COMPLETIONS"))
        return "job";
    if (has(columns, "SCHEDULE"))
        return "cronjob";
    if (has(columns, "CLUSTER-IP"))
        return "service";
    if (has(columns, "VOLUME") || has(columns, "ACCESS MODES"))
        return "pvc";
    if (has(columns, "NODE SELECTOR"))
        return "daemonset";
    if (has(columns, "UP-TO-DATE"))
        return "deployment";
    if (has(columns, "DESIRED") && has(columns, "CURRENT"))
        return "replicaset";
    if (has(columns, "REFERENCE"))
        return "horizontalpodautoscaler";
    if (has(columns, "READY"))
        return "statefulset";
    return "object";
}

/// "pods", "Pod", "po" as pod; "replicaset.apps" as replicaset.
QByteArray normalKind(QByteArray kind)
{
    kind = kind.toLower();
    kind = kind.left(kind.indexOf('.') < 0 ? kind.size() : kind.indexOf('.'));
    if (kind == "pods" || kind == "po")
        return "pod";
    return kind == "persistentvolumeclaim" ? QByteArray("pvc") : kind;
}

/// "CPU(cores)" as cpu, "LAST SEEN" as lastSeen.
QByteArray keyOf(const QByteArray &column)
{
    QByteArray key;
    bool upper = false;
    for (const char c : column.left(column.indexOf('(') < 0 ? column.size() : column.indexOf('('))) {
        if (c == ' ' || c == '-') {
            upper = true;
            continue;
        }
        key += upper ? c : static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        upper = false;
    }
    return key;
}

class TableReader
{
public:
    TableReader(const WholeText &text, SourceEvidence &evidence)
        : m_text(text)
        , m_evidence(evidence)
    {
    }

    qint64 read();
    Description take() { return m_objects.take(); }
    qint64 leftOut() const { return m_objects.leftOut(); }

private:
    bool split(std::string_view row);
    std::string_view cell(QByteArrayView column) const;
    bool eventRow(qint64 number);
    bool usageRow(qint64 number);
    bool objectRow(qint64 number);
    void addState(DescribedObject &pod, qint64 number);

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    KubeInterpreter m_objects;
    Table m_table = Table::None;
    std::vector<Column> m_columns;
    std::vector<std::string_view> m_cells;
    DescribedEvent *m_lastEvent = nullptr;
};

std::string_view TableReader::cell(QByteArrayView column) const
{
    for (size_t i = 0; i < std::min(m_columns.size(), m_cells.size()); ++i)
        if (m_columns[i].name == column)
            return m_cells[i];
    return {};
}

/// By the header's columns; a watched table keeps to them less and less: then by the gaps.
bool TableReader::split(std::string_view row)
{
    m_cells.clear();
    bool aligned = !row.contains('\t');
    for (size_t i = 1; i < m_columns.size() && aligned; ++i) {
        const size_t start = m_columns[i].start;
        aligned = start >= row.size() || row[start - 1] == ' ';
    }
    if (aligned) {
        for (size_t i = 0; i < m_columns.size(); ++i) {
            const size_t start = std::min(m_columns[i].start, row.size());
            const size_t end = i + 1 < m_columns.size() ? std::min(m_columns[i + 1].start, row.size()) : row.size();
            m_cells.push_back(trimmed(row.substr(start, end - start)));
        }
        return !m_cells.empty() && !m_cells.front().empty();
    }
    std::string_view rest = trimmed(row);
    while (!rest.empty() && m_cells.size() < m_columns.size()) {
        const bool last = m_cells.size() + 1 == m_columns.size();
        const size_t end = last ? std::string_view::npos : std::min(rest.find("  "), rest.find('\t'));
        m_cells.push_back(trimmed(rest.substr(0, end)));
        rest = end == std::string_view::npos ? std::string_view() : trimmed(rest.substr(end));
    }
    return m_cells.size() + 1 >= m_columns.size();
}

bool TableReader::eventRow(qint64 number)
{
    DescribedEvent event;
    event.line = event.lastLine = number;
    event.type = bytesOf(cell("TYPE"));
    event.reason = bytesOf(cell("REASON"));
    event.message = bytesOf(cell("MESSAGE")).left(Event::MostEventText);
    event.from = bytesOf(cell("SOURCE"));
    event.object = bytesOf(cell("SUBOBJECT"));
    if (const qsizetype comma = event.from.indexOf(", "); comma >= 0) {
        event.host = event.from.sliced(comma + 2);
        event.from.truncate(comma);
    }
    const std::string_view seen = has(m_columns, "LAST SEEN") ? cell("LAST SEEN") : cell("LASTSEEN");
    event.ageText = bytesOf(seen);
    event.age = parseKubeEventAge(seen);
    if (event.age && has(m_columns, "COUNT")) {
        event.age->count = std::max<qint64>(1, bytesOf(cell("COUNT")).toLongLong());
        if (event.age->count > 1)
            event.age->first = parseKubeAge(has(m_columns, "FIRST SEEN") ? cell("FIRST SEEN") : cell("FIRSTSEEN"));
    }
    if (event.reason.isEmpty() || event.reason.contains(' ') || (!event.age && !seen.starts_with('<'))
        || m_objects.eventCount() >= KubeInterpreter::MostEvents)
        return false;
    QByteArray kind = bytesOf(cell("KIND"));
    QByteArray name = bytesOf(cell("NAME"));
    if (const QByteArray about = bytesOf(cell("OBJECT")); !about.isEmpty()) {
        const qsizetype slash = about.indexOf('/');
        kind = about.left(std::max<qsizetype>(slash, 0));
        name = about.sliced(slash + 1);
    }
    DescribedObject *object = m_objects.objectNamed(normalKind(kind), bytesOf(cell("NAMESPACE")), name, number);
    if (!object)
        return false;
    m_objects.countEvent();
    object->hasEvents = true;
    object->events.push_back(std::move(event));
    m_lastEvent = &object->events.back();
    return true;
}

bool TableReader::usageRow(qint64 number)
{
    const bool isNode = has(m_columns, "CPU%") || has(m_columns, "CPU(%)");
    const bool byContainer = has(m_columns, "POD");
    const std::string_view name = byContainer ? cell("POD") : cell("NAME");
    if (name.empty() || cell("MEMORY(bytes)").empty())
        return false;
    DescribedObject *object =
        m_objects.objectNamed(isNode ? "node" : "pod", bytesOf(cell("NAMESPACE")), bytesOf(name), number);
    if (!object)
        return false;
    std::vector<DescribedValue> *values = &object->values;
    if (byContainer) {
        object->containers.push_back({});
        object->containers.back().name = bytesOf(cell("NAME"));
        object->containers.back().line = number;
        values = &object->containers.back().values;
    }
    for (const Column &column : m_columns)
        if (column.name.startsWith("CPU") || column.name.startsWith("MEMORY")) {
            const bool percent = column.name.contains('%');
            QByteArray key = "usage." + keyOf(column.name);
            if (key.endsWith('%'))
                key.chop(1);
            values->push_back({percent ? key + "_percent" : key, bytesOf(cell(column.name)), number});
        }
    return true;
}

bool TableReader::objectRow(qint64 number)
{
    QByteArray name = bytesOf(cell("NAME"));
    if (name.isEmpty() || name.contains(' '))
        return false;
    QByteArray kind = kindOf(m_columns);
    if (const qsizetype slash = name.indexOf('/'); slash > 0) {
        kind = normalKind(name.left(slash));
        name = name.sliced(slash + 1);
    }
    DescribedObject *object = m_objects.objectNamed(kind, bytesOf(cell("NAMESPACE")), name, number);
    if (!object)
        return false;
    for (size_t i = 0; i < std::min(m_columns.size(), m_cells.size()); ++i) {
        const QByteArray &column = m_columns[i].name;
        if (column != "NAME" && !m_cells[i].empty())
            object->values.push_back({column == "NODE" ? QByteArray("Node")
                                      : column == "IP" ? QByteArray("IP")
                                                       : keyOf(column),
                                      bytesOf(m_cells[i]), number});
    }
    if (kind == "pod")
        addState(*object, number);
    return true;
}

/// The Status column names the state of the container that is worst off: internalversion/printers.go, printPod.
void TableReader::addState(DescribedObject &pod, qint64 number)
{
    QByteArray status = bytesOf(cell("STATUS"));
    if (status.startsWith("Init:"))
        status = status.sliced(5);
    static constexpr std::array Calm{"Running",           "Completed",       "Succeeded", "Pending", "Terminating",
                                     "ContainerCreating", "PodInitializing", "NotReady",  "Unknown", ""};
    if (std::ranges::any_of(Calm, [&](const char *calm) { return status == calm; }) || status.contains('/'))
        return;
    if (status == "Evicted" || status == "Failed" || status == "NodeLost" || status == "DeadlineExceeded") {
        pod.values.push_back({"Status", "Failed", number});
        if (status != "Failed")
            pod.values.push_back({"Reason", status, number});
        return;
    }
    DescribedContainer container;
    container.line = number;
    DescribedState &state = container.state;
    state.line = state.lastLine = state.reasonLine = number;
    state.reason = status;
    bool isNumber = false;
    if (status.startsWith("ExitCode:"))
        state.exitCode = status.sliced(9).toLongLong(&isNumber);
    const bool ended = status == "OOMKilled" || status == "Error" || status == "ContainerCannotRun"
                       || status == "StartError" || status.startsWith("ExitCode:") || status.startsWith("Signal:");
    state.state = ended ? "Terminated" : "Waiting";
    if (ended && !isNumber)
        state.exitCode = std::nullopt;
    pod.containers.push_back(std::move(container));
}

qint64 TableReader::read()
{
    qint64 rows = 0;
    qint64 bad = 0;
    for (qint64 number = 1; number <= m_text.lineCount(); ++number) {
        const std::string_view line = m_text.line(number);
        if (const Table table = tableOf(line); table != Table::None) {
            m_table = table;
            m_columns = columnsOf(line);
            m_lastEvent = nullptr;
            continue;
        }
        if (m_table == Table::None || trimmed(line).empty())
            continue;
        bool good = split(line);
        if (good)
            good = m_table == Table::Events  ? eventRow(number)
                   : m_table == Table::Usage ? usageRow(number)
                                             : objectRow(number);
        if (good)
            ++rows;
        else if (m_lastEvent && m_table == Table::Events && m_lastEvent->message.size() < Event::MostEventText) {
            m_lastEvent->message += '\n' + bytesOf(trimmed(line)); // messages may hold line feeds
            m_lastEvent->lastLine = number;
        } else if (++bad <= 100) {
            addNote(m_evidence, Severity::Warning, Code::BadSyntax, m_text.position(number),
                    tr("Not a row of the table above"));
        }
    }
    return rows;
}

} // namespace

ImporterInfo KubeTable::info() const
{
    return {"kube-table", tr("Table of kubectl (get events, get pods, top)"), SourceKind::KubeObject, TimeBasis::Ages};
}

SniffResult KubeTable::sniff(const SourceHead &head) const
{
    int before = 0;
    for (const std::string_view line : headLines(head, 5)) {
        if (trimmed(line).empty())
            continue;
        if (tableOf(line) != Table::None)
            return {before == 0 ? 92 : 60, tr("it begins with the header of a table of kubectl")};
        ++before;
    }
    return {};
}

ImportOutcome KubeTable::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                              const ImportContext &context) const
{
    evidence.kind = SourceKind::KubeObject;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    TableReader reader(*text, evidence);
    if (reader.read() == 0 && context.forced)
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0}, tr("No table as kubectl prints it"));
    if (reader.leftOut() > 0)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("%1 rows more than are held were left out").arg(reader.leftOut()));
    const Description description = reader.take();
    writeDescription(*text, description, findCapture(description, evidence.modified), evidence);
    return ImportOutcome::Read;
}

} // namespace faultline
