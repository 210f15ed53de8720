// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/metrics/seriesbuilder.h"

#include <list>
#include <string>

namespace faultline {

/// One sample line of the text formats. Views point into the line, or into `unescaped`.
struct ExpositionSample {
    std::string_view name;
    std::vector<LabelView> labels;
    std::string_view seriesText; ///< Name and labels as written: equal texts are the same series.
    std::string_view valueText;
    double value = 0;
    std::optional<std::string_view> timestamp;
    bool hasExemplar = false;
    std::vector<LabelView> exemplarLabels;
    std::list<std::string> unescaped; ///< Label values that hold escapes.

    void clear();
};

/// What is wrong with a line, and in which column (from 1).
struct ExpositionError {
    qint64 column = 1;
    QString text;
};

/// How the dialects differ.
enum class ExpositionDialect {
    Prometheus,   ///< Blanks are free, timestamps whole milliseconds.
    OpenMetrics,  ///< One space, timestamps in seconds, exemplars.
    PromtoolDump, ///< {__name__="up", …} 1 1700000000000
};

/// Reads a sample line into `sample`, whose memory is used again; the first mistake where it is none.
/// Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/
/// OpenMetrics: https://prometheus.io/docs/specs/om/open_metrics_spec/
std::optional<ExpositionError> parseExpositionLine(std::string_view line, ExpositionDialect dialect,
                                                   ExpositionSample &sample);

bool isMetricName(std::string_view name);
bool isLabelName(std::string_view name);

} // namespace faultline
