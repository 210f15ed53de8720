// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <QMetaType>

#include <optional>

namespace faultline {

/// What a person points at in a chart: enough for any other view to show the same thing. Unknown parts are -1, 0 or nullopt.
struct TrackItem {
    enum class Kind { None, Event, Span, Fact, Failure, Spike, Sample, Coverage, Profile };

    Kind kind = Kind::None;
    int source = -1;
    qint64 line = 0; ///< From 1; 0 where there is none.
    qint64 lastLine = 0;
    int event = -1;   ///< Index into the source's events.
    int span = -1;    ///< Index into the source's spans.
    int fact = -1;    ///< Index into the source's facts.
    int failure = -1; ///< Index into Findings::failures.
    int spike = -1;   ///< Index into Findings::spikes.
    int profile = -1; ///< Index into the source's profiles.
    int series = -1;  ///< Index into Evidence::allSeries().
    std::optional<TimeNs> time;

    bool isNull() const { return kind == Kind::None; }
    /// The same thing, whatever moment of it was hit.
    bool isSameThing(const TrackItem &other) const
    {
        return kind == other.kind && source == other.source && event == other.event && span == other.span
               && fact == other.fact && failure == other.failure && spike == other.spike && series == other.series
               && profile == other.profile && (kind != Kind::Sample || time == other.time);
    }
    bool operator==(const TrackItem &) const = default;
};

} // namespace faultline

Q_DECLARE_METATYPE(faultline::TrackItem)
