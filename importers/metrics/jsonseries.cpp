// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/jsonseries.h"

#include "importers/core/notes.h"
#include "importers/metrics/numbers.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace faultline {

namespace {

constexpr size_t MostJsonLabels = 1'000;
constexpr int MostBuckets = 2'000; ///< Of one histogram's sample.

} // namespace

JsonSeries::JsonSeries(const JsonWindow &window, SourceEvidence &evidence, const ImportContext &context)
    : m_window(window)
    , m_evidence(evidence)
    , m_context(context)
    , m_builder(evidence, true)
    , m_stem(stemOfFile(evidence.path))
{
}

size_t JsonSeries::item(size_t position)
{
    JsonScan scan(m_window.text());
    scan.reset(position);
    m_series = -1;
    m_name.clear();
    m_labels.clear();
    m_values.clear();
    m_stamps.clear();
    if (fields(scan))
        return scan.position();
    if (isCancelled())
        return m_window.text().size();
    const size_t where = scan.position();
    scan.reset(position);
    const bool ends = scan.skip();
    if (ends || !m_window.atEnd()) // a text that breaks off is told of once, at its end
        addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax,
                m_window.positionOf(where), tr("Damaged JSON; the rest of this series was not read"));
    else
        joinColumns();
    return ends || m_window.atEnd() ? scan.position() : m_window.wholeBefore();
}

bool JsonSeries::fields(JsonScan &scan)
{
    struct Later {
        std::string_view key;
        size_t position = 0;
    };
    std::vector<Later> later; // samples that stand before their metric
    bool named = false;
    if (!scan.take('{'))
        return false;
    if (scan.take('}'))
        return true;
    do {
        const auto key = scan.string();
        if (!key || !scan.take(':'))
            return false;
        scan.blanks();
        const bool isSamples =
            *key == "values" || *key == "value" || *key == "histograms" || *key == "histogram" || *key == "timestamps";
        if (*key == "metric" && scan.peek() == '{') {
            if (!metric(scan))
                return false;
            named = true;
        } else if (isSamples && named) {
            if (!read(*key, scan))
                return false;
        } else {
            if (isSamples && later.size() < 8)
                later.push_back({*key, scan.position()});
            if (!scan.skip())
                return false;
        }
    } while (scan.take(','));
    if (!scan.take('}'))
        return false;
    const size_t end = scan.position();
    for (const Later &field : later) {
        scan.reset(field.position);
        if (!read(field.key, scan))
            return false;
    }
    scan.reset(end);
    joinColumns();
    return true;
}

bool JsonSeries::metric(JsonScan &scan)
{
    if (!scan.take('{'))
        return false;
    if (scan.take('}'))
        return true;
    do {
        const auto key = scan.string();
        if (!key || !scan.take(':'))
            return false;
        const auto text = scan.string();
        if (!text)
            return false;
        if (*key == "__name__")
            m_name = unescapedJson(*text);
        else if (m_labels.size() < MostJsonLabels)
            m_labels.emplace_back(unescapedJson(*key), unescapedJson(*text));
    } while (scan.take(','));
    return scan.take('}');
}

void JsonSeries::openSeries()
{
    if (m_series >= 0)
        return;
    m_views.clear();
    for (const auto &[name, text] : m_labels)
        m_views.emplace_back(viewOf(name), viewOf(text));
    m_series = m_builder.series(viewOf(m_name.isEmpty() ? m_stem : m_name), m_views, 0);
    if (m_name.isEmpty() && m_series >= 0)
        m_builder.at(m_series).kind = SeriesKind::Unknown;
}

bool JsonSeries::read(std::string_view key, JsonScan &scan)
{
    if (key == "histograms")
        return histograms(scan);
    if (key == "histogram")
        return histogram(scan);
    if (key == "timestamps")
        return numbers(scan, m_stamps);
    openSeries();
    if (key == "value")
        return sample(scan);
    return samples(scan);
}

std::optional<double> JsonSeries::value(JsonScan &scan)
{
    scan.blanks();
    if (scan.peek() == '"') {
        const size_t where = scan.position();
        const auto text = scan.string();
        if (!text)
            return std::nullopt;
        if (const auto number = parseFloat(*text))
            return number;
        addNote(m_evidence, Severity::Warning, Code::BadNumber, m_window.positionOf(where),
                tr("A sample's value is no number"));
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::string_view token = scan.token();
    if (token == "null")
        return std::numeric_limits<double>::quiet_NaN();
    return parseFloat(token);
}

/// [1700000000.123,"0.5"] as nearly all are written; false, and nothing taken, where it is not.
bool JsonSeries::plainSample(JsonScan &scan)
{
    constexpr std::array<qint64, 10> Scales{1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                            10'000,        1'000,       100,        10,        1};
    const std::string_view text = scan.rest();
    const char *at = text.data();
    const char *const end = at + text.size();
    constexpr std::ptrdiff_t Shortest = 7; // [0,"0"]
    if (end - at < Shortest || *at++ != '[')
        return false;
    qint64 seconds = 0;
    const char *const whole = at;
    for (; at < end && *at >= '0' && *at <= '9' && at - whole < 10; ++at)
        seconds = seconds * 10 + (*at - '0');
    if (at == whole || at >= end || seconds > 9'000'000'000)
        return false;
    qint64 nanos = 0;
    if (*at == '.') {
        const char *const fraction = ++at;
        for (; at < end && *at >= '0' && *at <= '9' && at - fraction < 9; ++at)
            nanos = nanos * 10 + (*at - '0');
        nanos *= Scales[static_cast<size_t>(at - fraction)];
    }
    if (end - at < 3 || *at++ != ',' || *at++ != '"')
        return false;
    double number = 0;
    const char *after = readShortDecimal(at, end, number);
    if (after == at) {
        const auto [place, error] = std::from_chars(at, end, number);
        if (error != std::errc())
            return false;
        after = place;
    }
    if (end - after < 2 || after[0] != '"' || after[1] != ']')
        return false;
    scan.reset(scan.position() + static_cast<size_t>(after + 2 - text.data()));
    m_builder.add(m_series, SourceTime{seconds * NsPerSecond + nanos}, number);
    return true;
}

bool JsonSeries::sample(JsonScan &scan)
{
    if (plainSample(scan))
        return true;
    if (!scan.take('['))
        return false;
    const auto ns = parseSecondsNs(scan.token());
    if (!ns || !scan.take(','))
        return false;
    const auto number = value(scan);
    if (!number)
        return false;
    while (!scan.take(']'))
        if (!scan.take(',') || !scan.skip())
            return false;
    m_builder.add(m_series, SourceTime{*ns}, *number);
    return true;
}

bool JsonSeries::samples(JsonScan &scan)
{
    const size_t start = scan.position();
    if (!scan.take('['))
        return false;
    if (scan.take(']'))
        return true;
    scan.blanks();
    if (scan.peek() != '[') {
        scan.reset(start);
        return numbers(scan, m_values);
    }
    do {
        if (!sample(scan))
            return false;
        if ((++m_seen & 0xFFFF) != 0)
            continue;
        if (m_context.progress)
            m_context.progress(m_window.byteOffset() + static_cast<qint64>(scan.position()), m_window.sourceSize());
        if (isCancelled())
            return false;
    } while (scan.take(','));
    return scan.take(']');
}

bool JsonSeries::numbers(JsonScan &scan, std::vector<double> &into)
{
    if (!scan.take('['))
        return false;
    if (scan.take(']'))
        return true;
    do {
        const auto number = value(scan);
        if (!number || ((++m_seen & 0xFFFF) == 0 && isCancelled()))
            return false;
        into.push_back(*number);
    } while (scan.take(','));
    return scan.take(']');
}

/// Columns of an export: what one of them has more than the other is nobody's.
void JsonSeries::joinColumns()
{
    const size_t count = std::min(m_values.size(), m_stamps.size());
    if (count > 0)
        openSeries();
    constexpr double Most = 9e12; // ms
    for (size_t i = 0; i < count; ++i)
        if (std::abs(m_stamps[i]) < Most)
            m_builder.add(m_series, SourceTime{std::llround(m_stamps[i]) * NsPerMillisecond}, m_values[i]);
    if (m_values.size() != m_stamps.size())
        addNote(m_evidence, Severity::Warning, Code::Truncated, {},
                tr("A series has not as many values as times; the rest was left out"));
    m_values.clear();
    m_stamps.clear();
}

void JsonSeries::histogramValue(std::string_view suffix, std::string_view le, SourceTime time, double number)
{
    QByteArray name = m_name.isEmpty() ? m_stem : m_name;
    name.append(suffix.data(), static_cast<qsizetype>(suffix.size()));
    m_views.clear();
    for (const auto &[label, text] : m_labels)
        m_views.emplace_back(viewOf(label), viewOf(text));
    if (!le.empty())
        m_views.emplace_back("le", le);
    m_builder.add(m_builder.series(viewOf(name), m_views, 0), time, number);
}

bool JsonSeries::histograms(JsonScan &scan)
{
    if (!scan.take('['))
        return false;
    if (scan.take(']'))
        return true;
    do {
        if (!histogram(scan) || isCancelled())
            return false;
    } while (scan.take(','));
    return scan.take(']');
}

/// [seconds, {"count":"3","sum":"7.5","buckets":[[boundary rule,"left","right","count"],…]}]
/// https://prometheus.io/docs/prometheus/latest/querying/api/#native-histograms
bool JsonSeries::histogram(JsonScan &scan)
{
    if (!scan.take('['))
        return false;
    const auto ns = parseSecondsNs(scan.token());
    if (!ns || !scan.take(',') || !histogramFields(scan, SourceTime{*ns}) || !scan.take(']'))
        return false;
    ++m_histograms;
    return true;
}

bool JsonSeries::histogramFields(JsonScan &scan, SourceTime time)
{
    if (!scan.take('{'))
        return false;
    if (scan.take('}'))
        return true;
    do {
        const auto key = scan.string();
        if (!key || !scan.take(':'))
            return false;
        if (*key == "count" || *key == "sum") {
            const auto number = value(scan);
            if (!number)
                return false;
            histogramValue(*key == "count" ? "_count" : "_sum", {}, time, *number);
        } else if (*key == "buckets") {
            if (!buckets(scan, time))
                return false;
        } else if (!scan.skip()) {
            return false;
        }
    } while (scan.take(','));
    return scan.take('}');
}

/// Buckets count their own, those of a classic histogram all up to their upper bound.
bool JsonSeries::buckets(JsonScan &scan, SourceTime time)
{
    double below = 0;
    int count = 0;
    std::string_view bound;
    if (!scan.take('['))
        return false;
    if (scan.take(']'))
        return true;
    do {
        if (!scan.take('['))
            return false;
        scan.token();
        const bool comma = scan.take(',');
        const auto left = scan.string();
        const bool second = scan.take(',');
        const auto right = scan.string();
        if (!comma || !left || !second || !right || !scan.take(','))
            return false;
        const auto number = value(scan);
        if (!number || !scan.take(']'))
            return false;
        // Empty buckets are left out: without its own lower bound, the next would seem to begin where the last one ends.
        if (++count <= MostBuckets && *left != bound)
            histogramValue("_bucket", *left, time, below);
        below += *number;
        bound = *right;
        if (count <= MostBuckets)
            histogramValue("_bucket", *right, time, below);
    } while (scan.take(','));
    if (count > MostBuckets)
        addNote(m_evidence, Severity::Warning, Code::LimitReached, {},
                tr("A histogram has more than %1 buckets; the rest is left out").arg(MostBuckets));
    return scan.take(']');
}

bool JsonSeries::scalar(std::string_view pair)
{
    JsonScan scan(pair);
    m_series = m_builder.series(viewOf(m_stem), {}, 0);
    return sample(scan);
}

void JsonSeries::finish()
{
    m_builder.finish();
}

} // namespace faultline
