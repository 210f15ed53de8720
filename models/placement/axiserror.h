// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/placement.h"

namespace faultline {

/// By how much the whole axis may be off UTC, beside what single sources are: where a log without a zone was taken for UTC and all else
/// that has a place has it from there, as far as zones reach (and where
/// none states its date, as far as days are looked for). 0 where any source states its zone, or a person does.
DurationNs axisErrorNs(const Evidence &evidence, const Placement &placement);

} // namespace faultline
