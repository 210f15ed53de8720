// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/views/texts.h"

namespace faultline {

/// What a moment that a person types may leave open.
struct MomentContext {
    ZoneShown zone = ZoneShown::Utc;
    std::optional<TimeNs> failure; ///< What "T" means.
    std::optional<TimeNs> near;    ///< A time of day means the one nearest to it.
};

/// The moment that a person typed: "2026-05-04 10:03:11.7" with or without a zone, "10:03", "10:03:11.7", "T-38s", "+1m30s", "T-1:02:03",
/// "T", or seconds, milliseconds, microseconds or nanoseconds since 1970. nullopt where it is none, or where what it counts from is not known.
std::optional<TimeNs> momentOf(const QString &typed, const MomentContext &context);

} // namespace faultline
