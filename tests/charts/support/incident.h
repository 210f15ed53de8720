// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

namespace faultline::test {

/// When the made-up incident's container is killed.
inline constexpr TimeNs KillTime{1'777'889'591'700'000'000}; // 2026-05-04T10:13:11.7Z

/// A container killed for memory while tests run: CI log, kernel log, pod description and metrics, all on one axis.
Analysis oomIncident();
/// The playbook walked for it.
WalkedFlowchart killedFlowchart();
/// A gauge with so many samples, a second apart, and one sample ten times as high as all others.
Analysis longSeries(size_t samples, size_t spikeAt);

} // namespace faultline::test
