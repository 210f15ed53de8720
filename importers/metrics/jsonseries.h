// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"
#include "importers/metrics/jsonscan.h"
#include "importers/metrics/jsonwindow.h"
#include "importers/metrics/seriesbuilder.h"

namespace faultline {

/// Reads the objects that hold a metric and its samples, in whatever order their fields stand:
/// Prometheus: {"metric":{…},"values":[[seconds,"number"],…],"histograms":[[seconds,{…}],…]}, or "value" and "histogram";
/// VictoriaMetrics' export: {"metric":{…},"values":[number,…],"timestamps":[milliseconds,…]}.
class JsonSeries
{
public:
    JsonSeries(const JsonWindow &window, SourceEvidence &evidence, const ImportContext &context);

    /// The object that begins at the position in the window, which holds it whole; the position just past it, or the text's end where
    /// it breaks off. What is damaged becomes a note, what came before it is kept.
    size_t item(size_t position);
    /// A sample [seconds, "number"] that is no metric's: the answer's own.
    bool scalar(std::string_view pair);

    void finish();
    qint64 sampleCount() const { return m_builder.sampleCount(); }
    qint64 histogramCount() const { return m_histograms; }
    bool isCancelled() const { return m_context.cancel.isCancelled(); }

private:
    bool fields(JsonScan &scan);
    bool metric(JsonScan &scan);
    void openSeries();
    bool read(std::string_view key, JsonScan &scan);
    bool samples(JsonScan &scan);
    bool sample(JsonScan &scan);
    bool plainSample(JsonScan &scan);
    bool numbers(JsonScan &scan, std::vector<double> &into);
    bool histograms(JsonScan &scan);
    bool histogram(JsonScan &scan);
    bool histogramFields(JsonScan &scan, SourceTime time);
    bool buckets(JsonScan &scan, SourceTime time);
    std::optional<double> value(JsonScan &scan);
    void histogramValue(std::string_view suffix, std::string_view le, SourceTime time, double value);
    void joinColumns();

    const JsonWindow &m_window;
    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    SeriesBuilder m_builder;
    QByteArray m_stem;
    QByteArray m_name;
    std::vector<std::pair<QByteArray, QByteArray>> m_labels;
    std::vector<LabelView> m_views; ///< Of m_labels.
    int m_series = -1;
    std::vector<double> m_values;
    std::vector<double> m_stamps; ///< Milliseconds.
    qint64 m_histograms = 0;
    qint64 m_seen = 0;
};

} // namespace faultline
