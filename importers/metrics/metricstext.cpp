// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/metricstext.h"

#include "models/core/saturate.h"

#include "importers/core/cursor.h"
#include "importers/core/linestream.h"
#include "importers/core/notes.h"
#include "importers/metrics/expositionhead.h"
#include "importers/metrics/expositionrules.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace faultline {

namespace {

bool isBlank(std::string_view line)
{
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

/// Reads the lines of any of the three dialects into series.
class MetricsReader
{
public:
    MetricsReader(SourceEvidence &evidence, const ImportContext &context, ExpositionDialect dialect)
        : m_evidence(evidence)
        , m_context(context)
        , m_dialect(dialect)
        , m_builder(evidence)
        , m_openRules([this](qint64 column, const QString &text) { rule(column, text); })
        , m_textRules([this](qint64 column, const QString &text) { rule(column, text); })
        , m_stem(stemOfFile(evidence.path))
    {
    }

    ImportOutcome read(const ByteSource &bytes);

private:
    void rule(qint64 column, const QString &text)
    {
        addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax,
                m_lines->position(column), text);
    }
    void line(std::string_view line);
    void comment(std::string_view line);
    void sample(const ExpositionSample &sample);
    bool dumpedHistogram(std::string_view line);
    int seriesOf(const ExpositionSample &sample);
    std::optional<SourceTime> timeOf(std::string_view stamp);
    void type(const MetadataLine &metadata);
    void placeSnapshot();
    void tellSnapshot();
    void takeLatestStated();
    void tellCounts();
    void fact(const QByteArray &key, const QByteArray &value)
    {
        Fact fact;
        fact.subject = "metrics";
        fact.key = key;
        fact.value = value;
        m_evidence.facts.push_back(std::move(fact));
    }
    void scaleSeconds();

    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    ExpositionDialect m_dialect;
    SeriesBuilder m_builder;
    OpenMetricsRules m_openRules;
    PrometheusTextRules m_textRules;
    LineStream *m_lines = nullptr;
    ExpositionSample m_sample;
    QByteArray m_stem;
    std::string m_lastText;
    int m_lastSeries = -1;
    std::string m_typedName; ///< What the last TYPE named, and as what.
    SeriesKind m_typedKind = SeriesKind::Unknown;
    std::map<QByteArray, qint64> m_typeCounts;
    SourceTime m_snapshot; ///< When samples without a stamp hold.
    QByteArray
        m_placedBy; ///< What told it: "name", "file", "content" (the host's clock), "stated" (other samples), or nothing.
    double m_ownTime = 0; ///< Seconds, where a sample tells the host's clock.
    qint64 m_unstamped = 0;
    qint64 m_sampleLines = 0;
    qint64 m_typeLines = 0;
    qint64 m_helpLines = 0;
    qint64 m_unitLines = 0;
    bool m_hasEof = false;
    qint64 m_good = 0;
    qint64 m_bad = 0;
    qint64 m_secondsLike = 0;
    qint64 m_stamped = 0;
};

std::optional<SourceTime> MetricsReader::timeOf(std::string_view stamp)
{
    if (m_dialect == ExpositionDialect::OpenMetrics) {
        const auto ns = parseSecondsNs(stamp);
        return ns ? std::optional(SourceTime{*ns}) : std::nullopt;
    }
    Cursor cursor(stamp);
    const bool negative = cursor.take('-');
    const auto milliseconds = cursor.number(13);
    if (!milliseconds || *milliseconds > 9'000'000'000'000)
        return std::nullopt;
    if (stamp.contains('.')) {
        // A float is seconds, whatever the file calls itself.
        const auto ns = parseSecondsNs(stamp);
        return ns ? std::optional(SourceTime{*ns}) : std::nullopt;
    }
    if (*milliseconds > 300'000'000 && *milliseconds < 100'000'000'000)
        ++m_secondsLike;
    return SourceTime{(negative ? -*milliseconds : *milliseconds) * NsPerMillisecond};
}

int MetricsReader::seriesOf(const ExpositionSample &sample)
{
    if (m_lastSeries >= 0 && sample.seriesText == m_lastText)
        return m_lastSeries;
    m_lastText = sample.seriesText;
    const std::string_view name = sample.name.empty() ? viewOf(m_stem) : sample.name;
    const int index = m_builder.series(name, sample.labels, m_lines->number());
    m_lastSeries = index;
    if (index >= 0 && !m_typedName.empty() && name == m_typedName)
        m_builder.at(index).kind = m_typedKind;
    return index;
}

void MetricsReader::sample(const ExpositionSample &sample)
{
    if (m_dialect == ExpositionDialect::OpenMetrics)
        m_openRules.sample(sample);
    else if (m_dialect == ExpositionDialect::Prometheus)
        m_textRules.sample(sample);
    const int index = seriesOf(sample);
    if (!sample.timestamp) {
        ++m_unstamped;
        if (sample.name == "node_time_seconds" && sample.value > 1e9 && sample.value < 1e10)
            m_ownTime = sample.value;
        m_builder.add(index, m_snapshot, sample.value);
        return;
    }
    const auto time = timeOf(*sample.timestamp);
    if (!time) {
        rule(1, tr("The time stamp is out of range"));
        return;
    }
    ++m_stamped;
    m_builder.add(index, *time, sample.value);
}

/// A family's samples follow its type; only those of its very name have its kind, the others tell theirs by their suffix.
void MetricsReader::type(const MetadataLine &metadata)
{
    constexpr size_t MostTypes = 32;
    m_typedName = metadata.name;
    m_typedKind = metadata.text == "counter"   ? SeriesKind::Counter
                  : metadata.text == "gauge"   ? SeriesKind::Gauge
                  : metadata.text == "summary" ? SeriesKind::Summary
                                               : SeriesKind::Unknown;
    if (m_typedKind == SeriesKind::Unknown)
        m_typedName.clear();
    const QByteArray name = bytesOf(metadata.text.substr(0, 64));
    if (m_typeCounts.size() < MostTypes || m_typeCounts.contains(name))
        ++m_typeCounts[name];
}

void MetricsReader::comment(std::string_view line)
{
    if (const auto metadata = parseMetadata(line)) {
        ++(metadata->keyword == "TYPE" ? m_typeLines : metadata->keyword == "HELP" ? m_helpLines : m_unitLines);
        if (metadata->keyword == "TYPE")
            type(*metadata);
    } else if (line == "# EOF") {
        m_hasEof = true;
    }
    if (m_dialect == ExpositionDialect::OpenMetrics)
        m_openRules.comment(line);
    else if (m_dialect == ExpositionDialect::Prometheus)
        m_textRules.comment(line);
}

void MetricsReader::line(std::string_view line)
{
    if (m_lines->number() == 1 && line.starts_with("\xEF\xBB\xBF"))
        line.remove_prefix(3);
    if (isBlank(line)) {
        if (m_dialect == ExpositionDialect::OpenMetrics && (line.empty() || m_context.forced))
            m_openRules.blankLine();
        return;
    }
    const size_t first = m_dialect == ExpositionDialect::OpenMetrics ? 0 : line.find_first_not_of(" \t");
    if (line[first] == '#') {
        comment(line);
        return;
    }
    ++m_sampleLines;
    auto mistake = parseExpositionLine(line, m_dialect, m_sample);
    if (mistake && m_dialect == ExpositionDialect::OpenMetrics) {
        // Not by the rules, but perhaps still a sample.
        rule(mistake->column, mistake->text);
        mistake = parseExpositionLine(line, ExpositionDialect::Prometheus, m_sample);
        if (!mistake && !m_context.forced) {
            ++m_good;
            const int index = seriesOf(m_sample);
            if (const auto time = m_sample.timestamp ? timeOf(*m_sample.timestamp) : std::nullopt)
                m_builder.add(index, *time, m_sample.value);
        }
        return;
    }
    if (mistake && m_dialect == ExpositionDialect::PromtoolDump && dumpedHistogram(line)) {
        ++m_good;
        return;
    }
    if (mistake) {
        ++m_bad;
        rule(mistake->column, mistake->text);
        return;
    }
    ++m_good;
    sample(m_sample);
}

/// `{__name__="x"} {count:12, sum:18.4, (1,2]:3, …} 1700000000000`: a native histogram, of which count and sum are read.
/// prometheus/prometheus, model/histogram: FloatHistogram.String()
bool MetricsReader::dumpedHistogram(std::string_view line)
{
    const size_t open = line.find("} {count:");
    const size_t close = line.rfind("} ");
    if (open == std::string_view::npos || close <= open)
        return false;
    const std::string_view body = line.substr(open + 3, close - open - 3);
    const auto time = timeOf(line.substr(close + 2));
    const std::string plain = std::string(line.substr(0, open + 1)) + " 0";
    if (!time || parseExpositionLine(plain, m_dialect, m_sample))
        return false;
    const std::string name = m_sample.name.empty() ? m_stem.toStdString() : std::string(m_sample.name);
    for (const auto &[key, suffix] : {std::pair("count:", "_count"), std::pair("sum:", "_sum")}) {
        const size_t at = body.find(key);
        if (at == std::string_view::npos)
            continue;
        const std::string_view text = body.substr(at + std::string_view(key).size());
        if (const auto value = parseFloat(text.substr(0, text.find(','))))
            m_builder.add(m_builder.series(name + suffix, m_sample.labels, m_lines->number()), *time, *value);
    }
    m_lastSeries = -1;
    ++m_stamped;
    return true;
}

void MetricsReader::scaleSeconds()
{
    if (m_dialect != ExpositionDialect::Prometheus || m_context.forced || m_secondsLike == 0
        || m_secondsLike != m_stamped)
        return;
    m_builder.changeTimes([](std::vector<SourceTime> &times) {
        for (SourceTime &time : times)
            time.ns = saturatedMultiply(time.ns, 1'000);
    });
    addNote(m_evidence, Severity::Info, Code::BadValue, {},
            tr("The time stamps were taken for seconds: as milliseconds they would lie in January 1970"));
}

/// Samples without a stamp hold when the page was read: the file's name may say when, else the file's time stands for it.
void MetricsReader::placeSnapshot()
{
    auto time = timeInFileName(m_evidence.path);
    m_placedBy = time ? "name" : "file";
    if (!time)
        time = m_evidence.modified;
    if (!time)
        m_placedBy = "";
    m_snapshot = SourceTime{time.value_or(TimeNs{}).ns};
}

/// Some exporters (cAdvisor's) state when a part of the page was measured: it was read just after the latest of these.
void MetricsReader::takeLatestStated()
{
    m_builder.settle();
    std::optional<SourceTime> latest;
    for (const Series &series : m_evidence.series) {
        for (const SourceTime time : series.times) {
            if (time != m_snapshot)
                latest = std::max(latest.value_or(time), time);
        }
    }
    if (!latest)
        return;
    m_builder.changeTimes([&](std::vector<SourceTime> &times) { std::ranges::replace(times, m_snapshot, *latest); });
    m_placedBy = "stated";
}

void MetricsReader::tellSnapshot()
{
    if (m_unstamped == 0)
        return;
    if (m_placedBy != "name" && m_stamped > 0)
        takeLatestStated();
    if (m_placedBy != "name" && m_ownTime > 0 && m_stamped == 0) { // node_exporter tells its clock
        const SourceTime time{std::llround(m_ownTime * 1e3) * NsPerMillisecond};
        m_builder.changeTimes([time](std::vector<SourceTime> &times) { std::ranges::fill(times, time); });
        m_placedBy = "content";
    }
    fact("time", m_placedBy);
    if (m_placedBy.isEmpty()) {
        m_evidence.basis = TimeBasis::None;
        addNote(m_evidence, Severity::Warning, Code::BadTimestamp, {},
                tr("Neither the samples nor the file say when this was measured"));
    } else {
        addNote(m_evidence, Severity::Info, Code::BadTimestamp, {},
                m_placedBy == "name"     ? tr("The samples state no time; that in the file's name was taken")
                : m_placedBy == "stated" ? tr("Some samples state no time; the latest that others state was taken")
                : m_placedBy == "content"
                    ? tr("The samples state no time; that of the host's clock among them was taken")
                    : tr("The samples state no time; that of the file was taken"));
    }
}

void MetricsReader::tellCounts()
{
    fact("sampleLines", QByteArray::number(m_sampleLines));
    fact("typeLines", QByteArray::number(m_typeLines));
    fact("helpLines", QByteArray::number(m_helpLines));
    fact("eof", m_hasEof ? "true" : "false");
    for (const auto &[type, count] : m_typeCounts) {
        fact(type, QByteArray::number(count));
        m_evidence.facts.back().subject = "metrics/types";
    }
}

ImportOutcome MetricsReader::read(const ByteSource &bytes)
{
    LineStream lines(bytes, m_context);
    m_lines = &lines;
    placeSnapshot();
    std::string_view text;
    bool lastEnded = true;
    while (lines.next(text)) {
        lastEnded = lines.ended();
        if (lines.wasCut())
            addNote(m_evidence, Severity::Warning, Code::LimitReached, lines.position(),
                    tr("The line is too long to be read"));
        else
            line(text);
    }
    if (lines.isCancelled())
        return ImportOutcome::Cancelled;
    if (lines.error())
        addNote(m_evidence, Severity::Error, lines.error()->code, lines.position(), lines.error()->message);
    if (m_dialect == ExpositionDialect::OpenMetrics)
        m_openRules.finish();
    if (m_dialect == ExpositionDialect::Prometheus && m_context.forced && !lastEnded)
        rule(1, tr("The last line does not end with a line feed"));
    scaleSeconds();
    const bool snapshot = m_stamped == 0 && m_unstamped > 0;
    tellCounts();
    tellSnapshot();
    m_builder.finish(snapshot ? CoverageHow::Assumed : CoverageHow::Stated);
    return m_good > 0 || m_bad == 0 ? ImportOutcome::Read : ImportOutcome::Broken;
}

ImportOutcome readText(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context, ExpositionDialect dialect)
{
    evidence.kind = SourceKind::Metrics;
    evidence.basis = TimeBasis::Utc;
    evidence.zone = "UTC";
    evidence.resolutionNs = NsPerMillisecond;
    return MetricsReader(evidence, context, dialect).read(*bytes);
}

} // namespace

ImporterInfo OpenMetrics::info() const
{
    return {"openmetrics", tr("OpenMetrics text"), SourceKind::Metrics, TimeBasis::Utc};
}

SniffResult OpenMetrics::sniff(const SourceHead &head) const
{
    const HeadCount count = countHead(head);
    const bool metrics = count.samples > count.bad || (count.metadata > 0 && count.samples + count.bad == 0);
    if (!metrics && !namedAsMetrics(head.name))
        return {};
    if (count.dump > 0)
        return {};
    if (count.eof && (metrics || count.metadata > 0 || namedAsMetrics(head.name)))
        return {93, tr("its lines are metrics with labels, and # EOF ends it")};
    if (count.openMetadata > 0 && metrics)
        return {88, tr("it declares units or types that only OpenMetrics has")};
    if (count.floatStamps > 0 && count.floatStamps == count.stamped)
        return {85, tr("its lines are metrics with time stamps in seconds")};
    return {};
}

ImportOutcome OpenMetrics::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                const ImportContext &context) const
{
    return readText(bytes, evidence, context, ExpositionDialect::OpenMetrics);
}

ImporterInfo PrometheusText::info() const
{
    return {"prometheus-text", tr("Prometheus metrics page"), SourceKind::Metrics, TimeBasis::Utc};
}

SniffResult PrometheusText::sniff(const SourceHead &head) const
{
    const HeadCount count = countHead(head);
    if (count.dump > 0)
        return {};
    if (count.metadata > 0 && count.samples > count.bad)
        return {90, tr("# TYPE or # HELP stands above metrics with values")};
    if (count.samples > 0 && count.bad == 0 && (namedAsMetrics(head.name) || head.bytes.contains('{')))
        return {80, tr("its lines are metrics with values")};
    if (count.samples > 2 * count.bad && namedAsMetrics(head.name))
        return {60, tr("it is named as metrics, and most lines are metrics with values")};
    if (count.metadata > 0 || namedAsMetrics(head.name))
        return {30, tr("it is named as metrics or declares types")};
    return {};
}

ImportOutcome PrometheusText::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                   const ImportContext &context) const
{
    return readText(bytes, evidence, context, ExpositionDialect::Prometheus);
}

ImporterInfo PromtoolDump::info() const
{
    return {"promtool-dump", tr("Samples dumped by promtool"), SourceKind::Metrics, TimeBasis::Utc};
}

SniffResult PromtoolDump::sniff(const SourceHead &head) const
{
    const HeadCount count = countHead(head);
    if (count.dump > 0 && count.dump >= count.bad)
        return {95, tr("its lines are {__name__=…} with a value and milliseconds, as promtool dumps them")};
    return {};
}

ImportOutcome PromtoolDump::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                 const ImportContext &context) const
{
    return readText(bytes, evidence, context, ExpositionDialect::PromtoolDump);
}

} // namespace faultline
