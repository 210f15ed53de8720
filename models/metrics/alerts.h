// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/placement.h"

namespace faultline {

/// Of the events that tell where an alert of a rule file would have fired. Fields: alert, for, since, until, value, expr.
inline constexpr QByteArrayView AlertSignature = "prometheus.alert";

struct Alerted {
    std::shared_ptr<const Evidence> evidence;
    Placement placement;
};

/// Evaluates the alerts of rule files (facts "alert/…") on the series of the case: looked at with every sample, however seldom Prometheus
/// would have. Where one would have fired, its source has an event and a span, in the time of the axis, and a fact tells how each came out;
/// what could not be evaluated is noted. The same evidence where no source holds alerts; what was found before is found anew.
Alerted withAlerts(std::shared_ptr<const Evidence> evidence, Placement placement);

} // namespace faultline
