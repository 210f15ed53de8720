// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

namespace faultline {

/// The failure of `after` that `failure` of `before` is: more files may have given it another number. -1 where it is not there.
int sameFailure(const Analysis &before, int failure, const Analysis &after);
/// The source of the same path; -1 where it is not there.
int sameSource(const Analysis &before, int source, const Analysis &after);

} // namespace faultline
