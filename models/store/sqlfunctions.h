// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

struct sqlite3;

namespace faultline {

/// Adds to the connection:
///   regexp(pattern, text), so that `text REGEXP 'pattern'` works: PCRE2 with match limits; an error where the pattern is wrong or too costly;
///   overlaps(lo, hi, from, to): whether [lo, hi] and [from, to] share a moment; NULL where any is NULL;
///   near(a, b, ns): whether a and b are at most ns apart; NULL where any is NULL.
Result<void> registerFunctions(sqlite3 *connection);

} // namespace faultline
