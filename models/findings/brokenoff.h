// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings/findings.h"

namespace faultline {

/// CI logs that stop without a word of how the run ended, where the host's journal or kernel log tells that their runner was killed then.
/// One failure a log, at the time of the kill, with its evidence. None for logs that merely lack an end.
std::vector<Failure> failuresOfBrokenLogs(const Evidence &evidence, const Placement &placement,
                                          const SignatureSet &signatures);

} // namespace faultline
