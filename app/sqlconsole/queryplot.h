// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/store/rows.h"

namespace faultline {

/// The rows of a query as something that the timeline can show: a series for each column of numbers (and each combination of the columns of
/// text), or, without numbers, an event a row.
struct QueryPlot {
    static constexpr size_t MostSeries = 24; ///< Rows of further combinations are left out.

    struct Place {
        int source = -1; ///< Index into Evidence::sources; -1 where the row names none.
        qint64 line = 0;
    };
    std::shared_ptr<const SourceEvidence> source; ///< Times are those of the axis.
    std::vector<Place> places;                    ///< What the event of that index is about.
    bool isCut = false;                           ///< There were more than MostSeries.

    /// Null where the rows have no column of times, or nothing beside it.
    static std::shared_ptr<const QueryPlot> of(const Rows &rows, const QString &name);
};

/// Whether a column is called as columns of moments are: "time", "start", "peak" …
bool isTimeColumn(const QString &column);

} // namespace faultline
