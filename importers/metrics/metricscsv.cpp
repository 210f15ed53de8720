// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/metricscsv.h"

#include "importers/core/linestream.h"
#include "importers/core/notes.h"
#include "importers/core/wallclock.h"
#include "importers/metrics/exposition.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <array>

namespace faultline {

namespace {

constexpr size_t MostColumns = 20'000;

/// Cells of one line by RFC 4180; false where a quote stays open.
bool splitCells(std::string_view line, char separator, std::vector<QByteArray> &cells)
{
    cells.clear();
    QByteArray cell;
    bool quoted = false;
    for (size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted) {
            if (c != '"')
                cell.append(c);
            else if (i + 1 < line.size() && line[i + 1] == '"')
                cell.append(line[++i]);
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == separator) {
            cells.push_back(cell.trimmed());
            cell.clear();
            if (cells.size() >= MostColumns)
                return true;
        } else {
            cell.append(c);
        }
    }
    cells.push_back(cell.trimmed());
    return !quoted;
}

char separatorOf(std::string_view header)
{
    char best = ',';
    qint64 most = 0;
    for (const char candidate : {',', ';', '\t'}) {
        qint64 count = 0;
        bool quoted = false;
        for (const char c : header) {
            if (c == '"')
                quoted = !quoted;
            count += !quoted && c == candidate;
        }
        if (count > most) {
            most = count;
            best = candidate;
        }
    }
    return best;
}

struct CellTime {
    SourceTime time;
    bool zoned = true;
    bool wholeSeconds = false;
};

/// "11/23/2026 18:47:13", "11/23/2026, 6:47:13 PM" (month first), "23.11.2026 18:47:13": as spreadsheets and browsers write it.
std::optional<CellTime> dayAndTime(std::string_view text)
{
    Cursor cursor(text);
    const auto first = cursor.number(2);
    const char separator = cursor.peek();
    if (!first || (separator != '/' && separator != '.') || !cursor.take(separator))
        return std::nullopt;
    const auto second = cursor.number(2);
    if (!second || !cursor.take(separator))
        return std::nullopt;
    const auto year = cursor.digits(4);
    cursor.take(',');
    if (!year || cursor.blanks() == 0)
        return std::nullopt;
    auto hour = cursor.number(2);
    if (!hour || !cursor.take(':'))
        return std::nullopt;
    const auto minute = cursor.digits(2);
    const auto seconds = cursor.take(':') ? cursor.digits(2) : std::optional(0);
    qint64 nanos = 0;
    if (cursor.take('.') || cursor.take(','))
        nanos = cursor.nanos().value_or(0);
    cursor.blanks();
    const bool isMorning = cursor.take("AM") || cursor.take("am");
    const bool isEvening = !isMorning && (cursor.take("PM") || cursor.take("pm"));
    if (!minute || !seconds || !cursor.atEnd())
        return std::nullopt;
    if ((isMorning || isEvening) && (*hour < 1 || *hour > 12))
        return std::nullopt;
    if (isMorning || isEvening)
        hour = *hour % 12 + (isEvening ? 12 : 0);
    const bool monthFirst = separator == '/';
    const auto month = static_cast<int>(monthFirst ? *first : *second);
    const auto day = static_cast<int>(monthFirst ? *second : *first);
    const auto ns = civilNs(*year, month, day, static_cast<int>(*hour), *minute, *seconds, nanos);
    return ns ? std::optional(CellTime{SourceTime{*ns}, false, nanos == 0}) : std::nullopt;
}

std::optional<CellTime> timeOfCell(const QByteArray &cell)
{
    const std::string_view text = viewOf(cell);
    Cursor cursor(text);
    if (const auto iso = takeIsoTime(cursor)) {
        cursor.blanks();
        std::optional<WallTime> time = iso;
        if (!cursor.atEnd() && !time->zoneSeconds)
            time->zoneSeconds = zoneOfAbbreviation(cursor.word());
        if (!cursor.atEnd())
            return std::nullopt;
        return CellTime{time->sourceTime(), time->zoneSeconds.has_value(), time->decimals == 0};
    }
    if (const auto written = dayAndTime(text))
        return written;
    const auto ns = parseEpochNs(text);
    // Smaller numbers are counts, not times of a run.
    if (!ns || *ns < 300'000'000 * NsPerSecond)
        return std::nullopt;
    return CellTime{SourceTime{*ns}, true, *ns % NsPerSecond == 0};
}

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

/// A cell of a sample that is not there.
bool isNothing(const QByteArray &cell)
{
    return cell.isEmpty() || cell == "null" || cell == "undefined" || cell == "-";
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
    int columnSeries(size_t column);
    std::optional<double> value(QByteArray cell, const char **unit);

    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    SeriesBuilder m_builder;
    LineStream *m_lines = nullptr;
    std::vector<QByteArray> m_header;
    std::vector<QByteArray> m_cells;
    std::vector<int> m_columns;
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
    m_columns.assign(m_header.size(), -1);
    return m_header.size() > 1;
}

int CsvReader::columnSeries(size_t column)
{
    int &index = m_columns[column];
    if (index >= 0)
        return index;
    const HeaderSeries series(m_header[column]);
    const QByteArray stem = stemOfFile(m_evidence.path);
    const bool nameless = series.name.empty();
    index = m_builder.series(nameless ? viewOf(stem) : series.name, series.sample.labels, 1);
    if (index >= 0 && (nameless || !isMetricName(series.name)))
        m_builder.at(index).kind = SeriesKind::Unknown;
    return index;
}

/// What a unit written beside a number multiplies it by, and what it is then: Grafana writes cells as its panel shows them.
struct WrittenUnit {
    std::string_view text;
    double factor;
    const char *unit;
};
constexpr std::array WrittenUnits{
    WrittenUnit{"B", 1, "bytes"},
    WrittenUnit{"KiB", 1024, "bytes"},
    WrittenUnit{"MiB", 1024.0 * 1024, "bytes"},
    WrittenUnit{"GiB", 1024.0 * 1024 * 1024, "bytes"},
    WrittenUnit{"TiB", 1024.0 * 1024 * 1024 * 1024, "bytes"},
    WrittenUnit{"kB", 1e3, "bytes"},
    WrittenUnit{"MB", 1e6, "bytes"},
    WrittenUnit{"GB", 1e9, "bytes"},
    WrittenUnit{"TB", 1e12, "bytes"},
    WrittenUnit{"%", 1, "percent"},
    WrittenUnit{"ns", 1e-9, "seconds"},
    WrittenUnit{"µs", 1e-6, "seconds"},
    WrittenUnit{"ms", 1e-3, "seconds"},
    WrittenUnit{"s", 1, "seconds"},
    WrittenUnit{"min", 60, "seconds"},
    WrittenUnit{"mins", 60, "seconds"},
    WrittenUnit{"hour", 3600, "seconds"},
    WrittenUnit{"hours", 3600, "seconds"},
    WrittenUnit{"K", 1e3, ""},
    WrittenUnit{"Mil", 1e6, ""},
    WrittenUnit{"Bil", 1e9, ""},
};

std::optional<double> CsvReader::value(QByteArray cell, const char **unit)
{
    if (m_separator != ',' && cell.count(',') == 1 && !cell.contains('.'))
        cell.replace(',', '.');
    const std::string_view text = viewOf(cell);
    if (const auto plain = parseFloat(text))
        return plain;
    const size_t end = text.find_first_not_of("+-0123456789.eE");
    const auto number = end == std::string_view::npos || end == 0 ? std::nullopt : parseFloat(text.substr(0, end));
    if (!number)
        return std::nullopt;
    const size_t from = text.find_first_not_of(' ', end);
    const auto known =
        std::ranges::find(WrittenUnits, from == std::string_view::npos ? "" : text.substr(from), &WrittenUnit::text);
    if (known == WrittenUnits.end())
        return std::nullopt;
    if (unit)
        *unit = known->unit;
    return *number * known->factor;
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
    ++m_rows;
    m_local = m_local || !time->zoned;
    m_wholeSeconds = m_wholeSeconds && time->wholeSeconds;
    if (m_layout.isLong()) {
        const auto name = static_cast<size_t>(m_layout.name);
        const auto number = static_cast<size_t>(m_layout.value);
        if (name >= m_cells.size() || number >= m_cells.size())
            return note(Code::Truncated, tr("The row is short"));
        const auto parsed = value(m_cells[number], nullptr);
        if (!parsed)
            return isNothing(m_cells[number]) ? void() : note(Code::BadNumber, tr("A cell is no number"));
        const HeaderSeries series(m_cells[name]);
        m_builder.add(m_builder.series(series.name, series.sample.labels, m_lines->number()), time->time, *parsed);
        return;
    }
    if (m_cells.size() > m_header.size())
        note(Code::BadSyntax, tr("The row has more cells than the header"));
    for (size_t column = 0; column < std::min(m_cells.size(), m_header.size()); ++column) {
        if (column == at || isNothing(m_cells[column]))
            continue;
        const char *unit = "";
        if (const auto parsed = value(m_cells[column], &unit)) {
            const int series = columnSeries(column);
            m_builder.add(series, time->time, *parsed);
            if (series >= 0 && *unit != '\0')
                m_builder.at(series).unit = unit;
        } else
            note(Code::BadNumber, tr("A cell is no number"));
    }
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
