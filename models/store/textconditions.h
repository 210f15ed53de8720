// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/search/searchquery.h"
#include "models/store/table.h"

namespace faultline {

/// A query whose lines hold all those for which the condition on a text holds (maybe more); none where it says nothing that a search
/// could use. The comparisons are Equal, Like, Glob and Regexp.
std::optional<SearchQuery> searchForCondition(const Constraint &constraint);

} // namespace faultline
