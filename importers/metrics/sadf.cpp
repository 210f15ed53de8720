// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/core/wallclock.h"
#include "importers/metrics/columnnames.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "importers/metrics/systemtables.h"
#include "importers/state/objecttree.h"
#include "models/core/translate.h"
#include "models/core/views.h"

namespace faultline {

namespace {

std::vector<std::string_view> fieldsOf(std::string_view line)
{
    constexpr size_t MostFields = 1024;
    std::vector<std::string_view> fields;
    while (fields.size() < MostFields) {
        const size_t end = line.find(';');
        fields.push_back(line.substr(0, end));
        if (end == std::string_view::npos)
            break;
        line.remove_prefix(end + 1);
    }
    return fields;
}

/// "2026-11-23 18:50:01 UTC", or seconds since 1970 with -U.
std::optional<WallTime> stampOf(std::string_view text)
{
    Cursor cursor(text);
    if (auto time = takeIsoTime(cursor)) {
        cursor.blanks();
        if (!cursor.atEnd() && !time->zoneSeconds)
            time->zoneSeconds = zoneOfAbbreviation(cursor.word());
        return time;
    }
    const auto ns = parseEpochNs(text);
    if (!ns)
        return std::nullopt;
    WallTime time;
    time.ns = *ns;
    time.zoneSeconds = 0;
    return time;
}

/// JSON names "memused-percent" in "memory" what the table's column %memused is.
ColumnSeries seriesOfMember(const QByteArray &path, const QByteArray &key)
{
    QByteArray column = key;
    if (key.endsWith("-percent"))
        column = '%' + key.chopped(8);
    else if (path.startsWith("cpu-load"))
        column = '%' + key;
    else if (path.startsWith("memory"))
        column = "kb" + key;
    if (const auto known = knownColumn(viewOf(column)))
        return *known;
    QByteArray name = path.isEmpty() ? key : QByteArray(path + '_' + key);
    name.replace('-', '_');
    return seriesOfColumn(viewOf(name), false);
}

/// Both forms of sadf end in samples of series; the clock is the same.
class SadfReader
{
public:
    SadfReader(const WholeText &text, SourceEvidence &evidence)
        : m_text(text)
        , m_evidence(evidence)
        , m_builder(evidence)
    {
    }
    void readRows();
    void readJson(bool forced);
    void finish();

private:
    void row(std::string_view line, qint64 number);
    void statistics(const ObjectNode &moment);
    void values(const ObjectNode &node, const QByteArray &path, std::vector<Label> labels, int depth);
    void sample(const ColumnSeries &series, const std::vector<Label> &labels, double value, qint64 number);

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    SeriesBuilder m_builder;
    std::vector<QByteArray> m_header;
    std::optional<WallTime> m_now;
    std::optional<int> m_zone;
};

void SadfReader::sample(const ColumnSeries &series, const std::vector<Label> &labels, double value, qint64 number)
{
    const int index = m_builder.series(series.name, labels, number);
    if (index < 0 || !m_now)
        return;
    m_builder.at(index).kind = SeriesKind::Gauge;
    m_builder.at(index).unit = series.unit;
    m_builder.add(index, m_now->sourceTime(), value * series.factor);
}

void SadfReader::row(std::string_view line, qint64 number)
{
    if (line.starts_with("# hostname;")) {
        m_header.clear();
        for (const std::string_view field : fieldsOf(line.substr(2)))
            m_header.push_back(bytesOf(field));
        return;
    }
    const std::vector<std::string_view> fields = fieldsOf(line);
    if (fields.size() < 4)
        return;
    m_now = stampOf(fields[2]);
    if (!m_now) {
        addNote(m_evidence, Severity::Warning, Code::BadTimestamp, m_text.position(number), tr("The row has no time"));
        return;
    }
    if (!m_zone)
        m_zone = m_now->zoneSeconds;
    if (m_evidence.identity.host.isEmpty())
        m_evidence.identity.host = bytesOf(fields[0]);
    std::vector<Label> labels;
    for (size_t i = 3; i < std::min(fields.size(), m_header.size()); ++i)
        if (isLabelColumn(viewOf(m_header[i])))
            labels.emplace_back(m_header[i].toLower(), fields[i] == "-1" ? QByteArray("all") : bytesOf(fields[i]));
    for (size_t i = 3; i < std::min(fields.size(), m_header.size()); ++i)
        if (!isLabelColumn(viewOf(m_header[i])))
            if (const auto value = parseFloat(fields[i]))
                sample(seriesOfColumn(viewOf(m_header[i]), false), labels, *value, number);
}

void SadfReader::readRows()
{
    for (qint64 number = 1; number <= m_text.lineCount(); ++number)
        row(m_text.line(number), number);
}

/// Numbers become samples, texts become labels of the numbers beside them.
void SadfReader::values(const ObjectNode &node, const QByteArray &path, std::vector<Label> labels, int depth)
{
    constexpr int MostDepth = 5;
    if (depth > MostDepth)
        return;
    for (const auto &[key, member] : node.members) {
        if (member.kind == ObjectNode::Kind::Scalar && !parseFloat(viewOf(member.text)))
            labels.emplace_back(key.isEmpty() ? QByteArray("name") : key, member.text);
    }
    for (const auto &[key, member] : node.members) {
        const QByteArray below = key.isEmpty() ? path : path.isEmpty() ? key : QByteArray(path + '_' + key);
        if (member.kind == ObjectNode::Kind::List || member.kind == ObjectNode::Kind::Map)
            values(member, below, labels, depth + 1);
        else if (const auto value = parseFloat(viewOf(member.text)); value && !key.isEmpty())
            sample(seriesOfMember(path, key), labels, *value, member.line);
    }
}

/// One element of "statistics": a time stamp and the tables of that moment. sysstat, json_stats.c
void SadfReader::statistics(const ObjectNode &moment)
{
    const ObjectNode *stamp = moment.find("timestamp");
    if (!stamp)
        return;
    const QByteArray text = stamp->textAt({"date"}) + ' ' + stamp->textAt({"time"});
    Cursor cursor(viewOf(text));
    m_now = takeIsoTime(cursor);
    if (!m_now)
        return;
    if (stamp->textAt({"utc"}) == "1")
        m_now->zoneSeconds = 0;
    if (!m_zone)
        m_zone = m_now->zoneSeconds;
    for (const auto &[key, table] : moment.members)
        if (key != "timestamp")
            values(table, key, {}, 0);
}

void SadfReader::readJson(bool forced)
{
    readObjects(m_text, true, m_evidence, forced, [this](const ObjectNode &root) {
        const ObjectNode *hosts = root.find({"sysstat", "hosts"});
        for (const auto &[key, host] : hosts ? hosts->members : decltype(ObjectNode::members)()) {
            m_evidence.identity.host = host.textAt({"nodename"});
            if (const ObjectNode *list = host.find("statistics"))
                for (const auto &[none, moment] : list->members)
                    statistics(moment);
        }
    });
}

void SadfReader::finish()
{
    m_evidence.resolutionNs = NsPerSecond;
    if (m_zone) {
        m_evidence.basis = *m_zone == 0 ? TimeBasis::Utc : TimeBasis::Zoned;
        m_evidence.zone = zoneText(*m_zone);
    } else {
        m_evidence.basis = TimeBasis::Local;
    }
    m_builder.finish();
}

bool isJson(QByteArrayView bytes)
{
    return bytes.first(std::min<qsizetype>(bytes.size(), 64)).trimmed().startsWith('{');
}

} // namespace

ImporterInfo Sadf::info() const
{
    return {"sadf", tr("Samples of sar as sadf writes them"), SourceKind::Metrics, TimeBasis::Utc};
}

SniffResult Sadf::sniff(const SourceHead &head) const
{
    const QByteArrayView start = QByteArrayView(head.bytes).first(std::min<qsizetype>(head.bytes.size(), 512));
    if (start.startsWith("# hostname;interval;timestamp;"))
        return {96, tr("it has the header that sadf -d writes")};
    if (isJson(start) && start.contains("\"sysstat\"") && start.contains("\"hosts\""))
        return {95, tr("it is JSON with \"sysstat\" and \"hosts\" as sadf -j writes it")};
    return {};
}

ImportOutcome Sadf::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                         const ImportContext &context) const
{
    evidence.kind = SourceKind::Metrics;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    SadfReader reader(*text, evidence);
    if (isJson(text->bytes()))
        reader.readJson(context.forced);
    else
        reader.readRows();
    reader.finish();
    if (evidence.series.empty() && context.forced)
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0}, tr("No sample as sadf writes it"));
    return ImportOutcome::Read;
}

} // namespace faultline
