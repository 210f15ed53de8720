// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/metricscsv.h"

#include "importers/core/linestream.h"
#include "importers/core/notes.h"
#include "importers/metrics/csvcells.h"
#include "importers/metrics/exposition.h"
#include "importers/metrics/seriesbuilder.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <QHash>

#include <array>

namespace faultline {

namespace {

bool isTimeHeader(const QByteArray &header)
{
    static constexpr std::array Names{
        "time",     "timestamp",    "_time",   "date",          "datetime",    "ts",        "epoch",
        "time_utc", "timestamp_ms", "time_ms", "timestamp_utc", "date & time", "date time", "@timestamp"};
    QByteArray lower = header.toLower();
    if (const qsizetype unit = lower.indexOf(" ("); unit > 0) // "Time (UTC)"
        lower.truncate(unit);
    return std::ranges::any_of(Names, [&](const char *name) { return lower == name; });
}

/// Whether a column tells what a row is about, as `docker stats` and the scripts around it name it: its words are labels then.
bool isLabelHeader(const QByteArray &header)
{
    static constexpr std::array Names{
        "container", "container_name", "container_id", "pod",   "namespace",  "node", "host",    "hostname",
        "instance",  "name",           "service",      "job",   "process",    "comm", "command", "cgroup",
        "device",    "interface",      "mountpoint",   "mount", "filesystem", "cpu",  "core",    "worker",
        "user",      "unit",           "target",       "id",    "pid",        "tid"};
    const QByteArray lower = header.toLower().replace(' ', '_');
    return std::ranges::any_of(Names, [&lower](const char *name) { return lower == name; });
}

/// Numbers that tell one thing from another rather than measure it.
bool isNumberOfThing(const QByteArray &header)
{
    const QByteArray lower = header.toLower();
    return lower == "pid" || lower == "tid";
}

/// Where things stand in the table.
struct Layout {
    int time = -1;
    int name = -1;  ///< In long tables: the column that names the series.
    int value = -1; ///< In long tables.
    bool isLong() const { return name >= 0 && value >= 0; }
};

Layout layoutOf(const std::vector<QByteArray> &header)
{
    Layout layout;
    for (size_t i = 0; i < header.size(); ++i) {
        const QByteArray lower = header[i].toLower();
        if (layout.time < 0 && isTimeHeader(header[i]))
            layout.time = static_cast<int>(i);
        else if (lower == "series" || lower == "metric" || lower == "name" || lower == "__name__")
            layout.name = static_cast<int>(i);
        else if (lower == "value")
            layout.value = static_cast<int>(i);
    }
    if (!layout.isLong())
        layout.name = layout.value = -1;
    return layout;
}

/// Name and labels of "name{label="value"}"; other texts are names as they stand.
struct HeaderSeries {
    explicit HeaderSeries(const QByteArray &header)
        : line(header + " 0")
        , name(viewOf(header))
    {
        if (header.endsWith('}') && !parseExpositionLine(viewOf(line), ExpositionDialect::PromtoolDump, sample))
            name = sample.name;
        else
            sample.clear();
    }
    QByteArray line; ///< What the views point into.
    ExpositionSample sample;
    std::string_view name;
};

class CsvReader
{
public:
    CsvReader(SourceEvidence &evidence, const ImportContext &context)
        : m_evidence(evidence)
        , m_context(context)
        , m_builder(evidence)
    {
    }

    ImportOutcome read(const ByteSource &bytes);

private:
    bool header(std::string_view line);
    void row(std::string_view line);
    void note(Code code, const QString &text, qint64 column = 1)
    {
        addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, code, m_lines->position(column),
                text);
    }
    /// What each column is, by the first row.
    void findColumns(const std::vector<QByteArray> &cells, size_t time);
    void add(int series, SourceTime time, const CellValue &value, const ColumnUnit &column);
    void addPair(size_t column, SourceTime time);
    int columnSeries(size_t column);
    int namedSeries(const QByteArray &name);
    void longRow(SourceTime time);
    void wideRow(SourceTime time);

    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    SeriesBuilder m_builder;
    LineStream *m_lines = nullptr;
    std::vector<QByteArray> m_header;
    std::vector<QByteArray> m_cells;
    enum class Column { Number, Pair, Label, Other };
    std::vector<Column> m_columns;
    std::vector<ColumnUnit> m_units;
    std::vector<LabelView> m_labels;                    ///< Of the row in hand.
    QByteArray m_labelText;                             ///< The same, one behind another.
    QHash<QByteArray, std::vector<int>> m_seriesOfText; ///< By labels: each column's series.
    std::vector<int> *m_series = nullptr;               ///< Those of the row in hand.
    Layout m_layout;
    char m_separator = ',';
    bool m_local = false;
    bool m_wholeSeconds = true;
    qint64 m_rows = 0;
};

bool CsvReader::header(std::string_view line)
{
    if (line.starts_with("\xEF\xBB\xBF"))
        line.remove_prefix(3);
    m_separator = separatorOf(line);
    if (!splitCells(line, m_separator, m_header))
        note(Code::BadSyntax, tr("A quote stays open in the header"));
    m_layout = layoutOf(m_header);
    if (m_layout.time < 0)
        m_layout.time = 0;
    return m_header.size() > 1;
}

void CsvReader::findColumns(const std::vector<QByteArray> &cells, size_t time)
{
    for (size_t column = 0; column < m_header.size(); ++column) {
        const QByteArray &header = m_header[column];
        const bool isNumber =
            column < cells.size() && (isNoCell(cells[column]) || valueOfCell(cells[column], m_separator));
        m_units.push_back(unitOfHeader(header));
        if (column == time || std::cmp_equal(column, m_layout.name) || std::cmp_equal(column, m_layout.value)) {
            m_columns.push_back(Column::Other);
        } else if ((isLabelHeader(header) && !isNumber) || isNumberOfThing(header)) {
            m_columns.push_back(Column::Label);
        } else if (isNumber) {
            m_columns.push_back(Column::Number);
        } else if (column < cells.size() && valuesOfCell(cells[column], m_separator)) {
            m_columns.push_back(Column::Pair);
        } else {
            m_columns.push_back(Column::Other);
            note(Code::BadNumber, tr("The column %1 holds words; it is left out").arg(QString::fromUtf8(header)));
        }
    }
}

int CsvReader::namedSeries(const QByteArray &name)
{
    HeaderSeries series(name);
    series.sample.labels.insert(series.sample.labels.end(), m_labels.begin(), m_labels.end());
    const QByteArray stem = stemOfFile(m_evidence.path);
    const bool isNameless = series.name.empty();
    const int index =
        m_builder.series(isNameless ? viewOf(stem) : series.name, series.sample.labels, m_lines->number());
    if (index >= 0 && (isNameless || !isMetricName(series.name)))
        m_builder.at(index).kind = SeriesKind::Unknown;
    return index;
}

int CsvReader::columnSeries(size_t column)
{
    int &index = (*m_series)[column];
    if (index < 0)
        index = namedSeries(m_header[column]);
    return index;
}

/// A unit that is written beside a number goes before that of its column.
void CsvReader::add(int series, SourceTime time, const CellValue &value, const ColumnUnit &column)
{
    const bool isWritten = !value.unit.isEmpty();
    m_builder.add(series, time, value.value * (isWritten ? 1 : column.factor));
    if (const QByteArray &unit = isWritten ? value.unit : column.unit; series >= 0 && !unit.isEmpty())
        m_builder.at(series).unit = unit;
}

void CsvReader::addPair(size_t column, SourceTime time)
{
    const auto values = valuesOfCell(m_cells[column], m_separator);
    if (!values)
        return note(Code::BadNumber, tr("A cell is no pair of numbers"));
    const auto [first, second] = namesOfHeader(m_header[column]);
    add(namedSeries(first), time, values->first, {});
    add(namedSeries(second), time, values->second, {});
}

void CsvReader::longRow(SourceTime time)
{
    const auto name = static_cast<size_t>(m_layout.name);
    const auto number = static_cast<size_t>(m_layout.value);
    if (name >= m_cells.size() || number >= m_cells.size())
        return note(Code::Truncated, tr("The row is short"));
    if (isNoCell(m_cells[number]))
        return;
    if (const auto parsed = valueOfCell(m_cells[number], m_separator))
        add(namedSeries(m_cells[name]), time, *parsed, unitOfHeader(m_cells[name]));
    else
        note(Code::BadNumber, tr("A cell is no number"));
}

void CsvReader::wideRow(SourceTime time)
{
    if (m_cells.size() > m_header.size())
        note(Code::BadSyntax, tr("The row has more cells than the header"));
    for (size_t column = 0; column < std::min(m_cells.size(), m_header.size()); ++column) {
        if (isNoCell(m_cells[column]))
            continue;
        if (m_columns[column] == Column::Pair) {
            addPair(column, time);
        } else if (m_columns[column] == Column::Number) {
            if (const auto parsed = valueOfCell(m_cells[column], m_separator))
                add(columnSeries(column), time, *parsed, m_units[column]);
            else
                note(Code::BadNumber, tr("A cell is no number"));
        }
    }
}

void CsvReader::row(std::string_view line)
{
    if (line.find_first_not_of(" \t") == std::string_view::npos)
        return;
    if (!splitCells(line, m_separator, m_cells))
        note(Code::BadSyntax, tr("A quote stays open"));
    const auto at = static_cast<size_t>(m_layout.time);
    const auto time = at < m_cells.size() ? timeOfCell(m_cells[at]) : std::nullopt;
    if (!time) {
        note(Code::BadTimestamp, tr("The row has no time"));
        return;
    }
    if (m_rows++ == 0)
        findColumns(m_cells, at);
    m_local = m_local || !time->zoned;
    m_wholeSeconds = m_wholeSeconds && time->wholeSeconds;
    m_labels.clear();
    m_labelText.clear();
    for (size_t column = 0; column < std::min(m_cells.size(), m_header.size()); ++column) {
        if (m_columns[column] != Column::Label)
            continue;
        if (!m_cells[column].isEmpty())
            m_labels.push_back({viewOf(m_header[column]), viewOf(m_cells[column])});
        m_labelText += m_cells[column] + '\0';
    }
    if (m_layout.isLong())
        return longRow(time->time);
    constexpr qsizetype MostThings = 10'000;
    if (m_seriesOfText.size() >= MostThings && !m_seriesOfText.contains(m_labelText))
        return note(Code::LimitReached, tr("The table tells of more than %1 things").arg(MostThings));
    m_series = &m_seriesOfText[m_labelText];
    m_series->resize(m_header.size(), -1);
    wideRow(time->time);
}

ImportOutcome CsvReader::read(const ByteSource &bytes)
{
    LineStream lines(bytes, m_context);
    m_lines = &lines;
    std::string_view text;
    bool headed = false;
    while (lines.next(text)) {
        if (lines.wasCut())
            note(Code::LimitReached, tr("The line is too long to be read"));
        else if (headed)
            row(text);
        else if (text.starts_with("sep=") || text.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        else if (headed = header(text); !headed)
            return ImportOutcome::NotThisFormat;
    }
    if (lines.isCancelled())
        return ImportOutcome::Cancelled;
    if (lines.error())
        addNote(m_evidence, Severity::Error, lines.error()->code, lines.position(), lines.error()->message);
    m_evidence.basis = m_local ? TimeBasis::Local : TimeBasis::Utc;
    m_evidence.zone = m_local ? "" : "UTC";
    m_evidence.resolutionNs = m_wholeSeconds ? NsPerSecond : NsPerMillisecond;
    m_builder.finish();
    return m_rows > 0 || m_evidence.notes.empty() ? ImportOutcome::Read : ImportOutcome::Broken;
}

} // namespace

ImporterInfo MetricsCsv::info() const
{
    return {"metrics-csv", tr("Table of metrics (CSV)"), SourceKind::Metrics, TimeBasis::Utc};
}

SniffResult MetricsCsv::sniff(const SourceHead &head) const
{
    std::string_view text(head.bytes.constData(), static_cast<size_t>(head.bytes.size()));
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (text.starts_with("sep="))
        text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
    const size_t headerEnd = text.find('\n');
    const std::string_view header = text.substr(0, headerEnd);
    const bool named = head.name.endsWith(QLatin1StringView(".csv")) || head.name.endsWith(QLatin1StringView(".tsv"));
    const char separator = separatorOf(header);
    std::vector<QByteArray> names;
    if (header.empty() || !splitCells(header, separator, names) || names.size() < 2)
        return {};
    const Layout layout = layoutOf(names);
    if (layout.time < 0 && !named)
        return {};
    const auto column = static_cast<size_t>(std::max(layout.time, 0));
    if (headerEnd == std::string_view::npos || headerEnd + 1 >= text.size())
        return named && layout.time >= 0 ? SniffResult{60, tr("its header names a time column")} : SniffResult{};
    const std::string_view rest = text.substr(headerEnd + 1);
    std::vector<QByteArray> cells;
    splitCells(rest.substr(0, rest.find('\n')), separator, cells);
    if (column >= cells.size() || !timeOfCell(cells[column]) || cells.size() > names.size())
        return {};
    return {named ? 92 : layout.time >= 0 ? 85 : 0, tr("its header names a time column and its rows begin with times")};
}

ImportOutcome MetricsCsv::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                               const ImportContext &context) const
{
    evidence.kind = SourceKind::Metrics;
    return CsvReader(evidence, context).read(*bytes);
}

} // namespace faultline
