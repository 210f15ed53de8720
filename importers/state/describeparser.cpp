// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/describeparser.h"

#include "importers/core/notes.h"
#include "importers/metrics/numbers.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

constexpr size_t MostObjects = 10'000;
constexpr size_t MostEvents = 100'000;

/// A line by its indentation and "Key:   value"; without a key all is value.
struct Described {
    size_t indent = 0;
    std::string_view key;
    std::string_view value;
};

Described splitLine(std::string_view line)
{
    Described result;
    result.indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view text = line.substr(result.indent);
    for (size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
        if (colon + 1 != text.size() && text[colon + 1] != ' ' && text[colon + 1] != '\t')
            continue;
        result.key = text.substr(0, colon);
        result.value = trimmed(text.substr(colon + 1));
        return result;
    }
    result.value = trimmed(text);
    return result;
}

struct Column {
    QByteArray name;
    size_t start = 0;
};

std::vector<Column> columnsOf(std::string_view header)
{
    std::vector<Column> columns;
    for (size_t at = header.find_first_not_of(" \t"); at != std::string_view::npos;) {
        const size_t end = std::min(header.find_first_of(" \t", at), header.size());
        columns.push_back({bytesOf(header.substr(at, end - at)).toLower(), at});
        at = header.find_first_not_of(" \t", end);
    }
    return columns;
}

/// Cells below the header's columns; where the row does not keep to them, cells between two blanks or more.
std::vector<std::string_view> cellsOf(std::string_view row, const std::vector<Column> &columns)
{
    std::vector<std::string_view> cells;
    bool aligned = !row.contains('\t');
    for (size_t i = 1; i < columns.size() && aligned; ++i)
        aligned = columns[i].start >= row.size() || (columns[i].start >= 1 && row[columns[i].start - 1] == ' ');
    if (aligned) {
        for (size_t i = 0; i < columns.size(); ++i) {
            const size_t start = std::min(columns[i].start, row.size());
            const size_t end = i + 1 < columns.size() ? std::min(columns[i + 1].start, row.size()) : row.size();
            cells.push_back(trimmed(row.substr(start, end - start)));
        }
        return cells;
    }
    std::string_view rest = trimmed(row);
    while (!rest.empty()) {
        size_t end = std::min(rest.find("  "), rest.find('\t'));
        if (cells.size() + 1 == columns.size())
            end = std::string_view::npos;
        cells.push_back(trimmed(rest.substr(0, end)));
        rest = end == std::string_view::npos ? std::string_view() : trimmed(rest.substr(end));
    }
    // Gaps do not show that a cell is empty: an event's type tells where the columns went on.
    const auto type = std::ranges::find(columns, "type", &Column::name);
    const auto at = type - columns.begin();
    if (type != columns.end() && at > 0 && std::cmp_less(at, cells.size() + 1)) {
        const std::string_view before = cells[static_cast<size_t>(at) - 1];
        if (cells.size() + 1 == columns.size() && (before == "Normal" || before == "Warning"))
            cells.insert(cells.begin() + (at - 1), std::string_view());
    }
    return cells;
}

class Parser
{
public:
    Parser(const WholeText &text, SourceEvidence &evidence)
        : m_text(text)
        , m_evidence(evidence)
    {
    }

    Description parse();

private:
    void line(qint64 number, std::string_view text);
    void topLevel(const Described &line, qint64 number);
    void containerLine(const Described &line, qint64 number);
    void containerField(const Described &line, qint64 number);
    void stateField(const Described &line, qint64 number);
    void conditionLine(std::string_view text, qint64 number);
    void sectionLine(const Described &line, std::string_view text, qint64 number);
    void allocatedLine(std::string_view text, qint64 number);
    void podRow(std::string_view text, qint64 number);
    void eventLine(std::string_view text, qint64 number);
    bool eventRow(std::string_view text, qint64 number);
    std::optional<SourceTime> absolute(std::string_view text, qint64 number);
    void nameKinds();
    DescribedObject &object() { return m_result.objects.back(); }
    DescribedContainer &container() { return object().containers.back(); }

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    Description m_result;
    QByteArray m_section;
    QByteArray m_field; ///< Of a container: "State", "Limits" …
    size_t m_containerIndent = 0;
    size_t m_fieldIndent = 0;
    std::vector<Column> m_columns;
    bool m_inContainers = false;
};

std::optional<SourceTime> Parser::absolute(std::string_view text, qint64 number)
{
    const auto time = parseKubeTime(text);
    if (!time) {
        if (!text.empty() && text.front() != '<' && !parseRfc1123z(text))
            addNote(m_evidence, Severity::Warning, Code::BadTimestamp, m_text.position(number),
                    tr("Not a time as kubectl writes it"));
        return std::nullopt;
    }
    if (!m_result.zoneSeconds)
        m_result.zoneSeconds = time->zoneSeconds;
    const SourceTime when = time->sourceTime();
    m_result.latest = m_result.latest ? std::max(*m_result.latest, when) : when;
    return when;
}

void Parser::topLevel(const Described &line, qint64 number)
{
    if (line.key == "Name" || m_result.objects.empty()) {
        if (m_result.objects.size() >= MostObjects)
            return;
        m_result.objects.emplace_back();
        object().line = number;
        if (line.key == "Name")
            object().name = bytesOf(line.value);
    }
    m_section = bytesOf(line.key);
    m_field.clear();
    m_columns.clear();
    m_inContainers = line.key == "Containers" || line.key == "Init Containers" || line.key == "Ephemeral Containers";
    m_containerIndent = 0;
    object().values.push_back({m_section, bytesOf(line.value), number});
    if (line.key == "Events")
        object().hasEvents = true;
    if (line.key == "Start Time" || line.key == "CreationTimestamp" || line.key == "Completed At"
        || line.key == "StartTime")
        absolute(line.value, number);
}

void Parser::containerLine(const Described &line, qint64 number)
{
    if (m_containerIndent == 0 || line.indent <= m_containerIndent) {
        if (line.key.empty() || !line.value.empty())
            return;
        m_containerIndent = line.indent;
        m_fieldIndent = 0;
        m_field.clear();
        DescribedContainer container;
        container.name = bytesOf(line.key);
        container.line = number;
        object().containers.push_back(std::move(container));
        return;
    }
    if (object().containers.empty())
        return;
    if (m_fieldIndent == 0)
        m_fieldIndent = line.indent;
    if (line.indent <= m_fieldIndent)
        containerField(line, number);
    else if (m_field == "State" || m_field == "Last State")
        stateField(line, number);
    else if ((m_field == "Limits" || m_field == "Requests") && !line.key.empty())
        container().values.push_back({m_field.toLower() + '.' + bytesOf(line.key), bytesOf(line.value), number});
}

void Parser::containerField(const Described &line, qint64 number)
{
    struct Known {
        std::string_view key;
        const char *fact;
    };
    static constexpr std::array Facts{Known{"Container ID", "containerId"}, Known{"Image", "image"},
                                      Known{"Image ID", "imageId"},         Known{"Ready", "ready"},
                                      Known{"Liveness", "liveness"},        Known{"Readiness", "readiness"},
                                      Known{"Startup", "startup"},          Known{"Restart Count", "restartCount"}};
    m_field = bytesOf(line.key);
    if (line.key == "State" || line.key == "Last State") {
        DescribedState &state = line.key == "State" ? container().state : container().lastState;
        state.state = bytesOf(line.value);
        state.line = state.lastLine = number;
        return;
    }
    if (line.key == "Restart Count")
        container().restartCount = bytesOf(line.value).toLongLong();
    for (const auto &[key, fact] : Facts)
        if (line.key == key && !line.value.empty())
            container().values.push_back({fact, bytesOf(line.value), number});
}

void Parser::stateField(const Described &line, qint64 number)
{
    DescribedState &state = m_field == "State" ? container().state : container().lastState;
    const auto keep = [&](const char *key) { state.values.push_back({key, bytesOf(line.value), number}); };
    if (line.key == "Reason" && state.reason.isEmpty()) {
        state.reason = bytesOf(line.value);
        state.reasonLine = number;
        keep("reason");
    } else if (line.key == "Message" && state.message.isEmpty()) {
        state.message = bytesOf(line.value);
        keep("message");
    } else if (line.key == "Exit Code") {
        bool good = false;
        const qint64 code = bytesOf(line.value).toLongLong(&good);
        if (good)
            state.exitCode = code;
        keep("exitCode");
    } else if (line.key == "Signal") {
        bool good = false;
        const qint64 signal = bytesOf(line.value).toLongLong(&good);
        if (good)
            state.signal = signal;
        keep("signal");
    } else if (line.key == "Started") {
        state.started = absolute(line.value, number);
        keep("started");
    } else if (line.key == "Finished") {
        state.finished = absolute(line.value, number);
        state.finishedLine = number;
        keep("finished");
    } else {
        return; // a message's further line
    }
    state.lastLine = number;
}

void Parser::conditionLine(std::string_view text, qint64 number)
{
    const std::string_view first = trimmed(text);
    if (first.starts_with("Type ") || first.starts_with("Type\t")) {
        m_columns = columnsOf(text);
        return;
    }
    if (m_columns.empty() || first.starts_with("----"))
        return;
    const auto cells = cellsOf(text, m_columns);
    if (cells.size() < 2 || cells[0].empty())
        return;
    const QByteArray type = bytesOf(cells[0]);
    object().conditions.push_back({type, bytesOf(cells[1]), number});
    for (size_t i = 2; i < std::min(cells.size(), m_columns.size()); ++i) {
        if (cells[i].empty())
            continue;
        if (m_columns[i].name.endsWith("time"))
            absolute(cells[i], number);
        object().conditions.push_back({type + '.' + m_columns[i].name, bytesOf(cells[i]), number});
    }
}

bool Parser::eventRow(std::string_view text, qint64 number)
{
    const auto cells = cellsOf(text, m_columns);
    DescribedEvent event;
    event.line = event.lastLine = number;
    std::optional<KubeAge> firstSeen;
    std::optional<KubeAge> lastSeen;
    qint64 count = 1;
    for (size_t i = 0; i < std::min(cells.size(), m_columns.size()); ++i) {
        const QByteArray &column = m_columns[i].name;
        if (column == "type")
            event.type = bytesOf(cells[i]);
        else if (column == "reason")
            event.reason = bytesOf(cells[i]);
        else if (column == "age")
            event.ageText = bytesOf(cells[i]);
        else if (column == "from")
            event.from = bytesOf(cells[i]);
        else if (column == "message")
            event.message = bytesOf(cells[i]);
        else if (column == "subobjectpath")
            event.object = bytesOf(cells[i]);
        else if (column == "firstseen")
            firstSeen = parseKubeAge(cells[i]);
        else if (column == "lastseen") {
            lastSeen = parseKubeAge(cells[i]);
            event.ageText = bytesOf(cells[i]);
        } else if (column == "count")
            count = std::max<qint64>(1, bytesOf(cells[i]).toLongLong());
    }
    if (lastSeen)
        event.age = KubeEventAge{*lastSeen, count > 1 ? firstSeen : std::nullopt, count};
    else
        event.age = parseKubeEventAge({event.ageText.constData(), static_cast<size_t>(event.ageText.size())});
    const bool unknownAge = event.ageText.startsWith('<');
    if (event.reason.isEmpty() || event.reason.contains(' ') || event.type.contains(' ') || (!event.age && !unknownAge))
        return false;
    object().events.push_back(std::move(event));
    return true;
}

void Parser::eventLine(std::string_view text, qint64 number)
{
    const std::string_view first = trimmed(text);
    if (m_columns.empty()) {
        if (first.contains("Reason") && first.contains("Message"))
            m_columns = columnsOf(text);
        return;
    }
    if (first.starts_with("----") || object().events.size() >= MostEvents)
        return;
    if (eventRow(text, number))
        return;
    if (object().events.empty()) {
        addNote(m_evidence, Severity::Warning, Code::BadSyntax, m_text.position(number), tr("Not a row of events"));
        return;
    }
    // Messages may hold line feeds.
    DescribedEvent &event = object().events.back();
    event.lastLine = number;
    if (event.message.size() < Event::MostEventText)
        event.message += '\n' + bytesOf(first);
}

void Parser::line(qint64 number, std::string_view text)
{
    const Described line = splitLine(text);
    if (line.indent == text.size())
        return;
    const bool atTop = line.indent == 0;
    if (atTop && !line.key.empty() && !line.key.contains("  ")) {
        // A message of an event that goes on at the left edge is no section.
        static constexpr std::array Starts{std::string_view("Name")};
        if (m_section != "Events" || std::ranges::find(Starts, line.key) != Starts.end() || m_columns.empty())
            return topLevel(line, number);
    }
    if (m_result.objects.empty())
        return;
    if (m_section == "Events")
        eventLine(text, number);
    else if (m_section == "Conditions")
        conditionLine(text, number);
    else if (m_inContainers && !atTop)
        containerLine(line, number);
    else if (!atTop)
        sectionLine(line, text, number);
}

/// What stands below a section of a node or a workload: resources, system, further labels and taints, pods.
void Parser::sectionLine(const Described &line, std::string_view text, qint64 number)
{
    constexpr size_t MostValues = 20'000;
    if (object().values.size() >= MostValues)
        return;
    const auto add = [&](const QByteArray &key, std::string_view value) {
        if (!value.empty())
            object().values.push_back({key, bytesOf(value), number});
    };
    if (m_section == "Capacity" || m_section == "Allocatable") {
        if (!line.key.empty())
            add(m_section.toLower() + '.' + bytesOf(line.key), line.value);
    } else if (m_section == "System Info") {
        QByteArray key = bytesOf(line.key);
        key.replace(" ", "");
        if (!key.isEmpty())
            add("systemInfo." + key.left(1).toLower() + key.sliced(1), line.value);
    } else if (m_section == "Labels" || m_section == "Taints") {
        add(m_section, trimmed(text));
    } else if (m_section == "Allocated resources") {
        allocatedLine(trimmed(text), number);
    } else if (m_section == "Non-terminated Pods") {
        podRow(text, number);
    }
}

/// "  cpu                950m (47%)  100m (5%)" below "Resource  Requests  Limits".
void Parser::allocatedLine(std::string_view text, qint64 number)
{
    Cursor cursor(text);
    const QByteArray resource = bytesOf(cursor.word());
    if (resource == "Resource" || resource.startsWith('-') || resource.startsWith('('))
        return;
    for (const char *which : {"requests", "limits"}) {
        cursor.blanks();
        const std::string_view amount = cursor.word();
        cursor.blanks();
        if (amount.empty() || !Cursor::isDigit(amount.front()))
            return;
        const QByteArray key = "allocated." + QByteArray(which) + '.' + resource;
        object().values.push_back({key, bytesOf(amount), number});
        if (!cursor.take('('))
            continue;
        if (const auto percent = cursor.number(9))
            object().values.push_back({key + "_percent", QByteArray::number(*percent), number});
        cursor.word();
    }
}

/// "  Namespace  Name  CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age": which pods run there.
void Parser::podRow(std::string_view text, qint64 number)
{
    Cursor cursor(trimmed(text));
    const QByteArray nameSpace = bytesOf(cursor.word());
    cursor.blanks();
    const QByteArray name = bytesOf(cursor.word());
    if (name.isEmpty() || nameSpace == "Namespace" || nameSpace.startsWith('-'))
        return;
    object().values.push_back({"pods", nameSpace + '/' + name, number});
}

void Parser::nameKinds()
{
    for (DescribedObject &object : m_result.objects) {
        const auto has = [&](QByteArrayView key) { return object.value(key) != nullptr; };
        if (has("Containers") || (has("Node") && has("Status")) || has("Node-Selectors"))
            object.kind = has("Pod Template") ? "workload" : "pod";
        else if (has("Roles") && (has("Capacity") || has("Taints") || has("Conditions")))
            object.kind = "node";
        else if (has("StrategyType") || has("NewReplicaSet") || has("OldReplicaSets"))
            object.kind = "deployment";
        else if (has("Pods Statuses") || has("Parallelism") || has("Completions"))
            object.kind = "job";
        else if (has("StorageClass") && has("Volume"))
            object.kind = "pvc";
        else if (has("Replicas"))
            object.kind = "replicaset";
    }
}

Description Parser::parse()
{
    for (qint64 number = 1; number <= m_text.lineCount(); ++number)
        line(number, m_text.line(number));
    nameKinds();
    return std::move(m_result);
}

} // namespace

const DescribedValue *DescribedObject::value(QByteArrayView key) const
{
    const auto found = std::ranges::find_if(values, [key](const DescribedValue &value) { return value.key == key; });
    return found == values.end() ? nullptr : &*found;
}

std::optional<SourceTime> DescribedObject::startTime() const
{
    const DescribedValue *start = value("Start Time");
    if (!start)
        return std::nullopt;
    if (const auto time = parseKubeTime({start->value.constData(), static_cast<size_t>(start->value.size())}))
        return time->sourceTime();
    return std::nullopt;
}

Description parseDescription(const WholeText &text, SourceEvidence &evidence)
{
    return Parser(text, evidence).parse();
}

} // namespace faultline
