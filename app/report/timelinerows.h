// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QStringList>

namespace faultline {

/// A moment or stretch of a run that is worth telling. Nothing of it is escaped.
struct TimelineRow {
    std::optional<TimeNs> time;
    std::optional<TimeNs> end;
    QString kind;  ///< "failure", "evidence", "spike", "note", "job", "step", "test"
    QString where; ///< "ci.log:59", or a series.
    QString path;  ///< Of the source; empty without one.
    qint64 line = 0;
    QString text;
    QString author; ///< Of a note, as are the tags.
    QStringList tags;
};

/// The annotated timeline, in order of time, what has none last: failures, the lines and samples that are cited, spikes and notes; with
/// `spans` also jobs and steps, and the tests that failed. At most MostTimelineRows.
std::vector<TimelineRow> timelineRows(const Analysis &analysis, bool spans);
inline constexpr size_t MostTimelineRows = 10'000;

/// The same as CSV (RFC 4180) with a header, times as RFC 3339 in UTC.
QByteArray timelineCsv(const Analysis &analysis);

} // namespace faultline
