// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/search/searchquery.h"

#include <optional>

namespace faultline {

/// A pattern for makeScanner() that hits every line that the term matches, and maybe others: bytes of a line as it stands are scanned,
/// with what the carrier wrote before. None where the scanner's language cannot say it (look-around, back references,
/// classes of Unicode), or where it would hit nearly every line.
std::optional<QByteArray> searchHull(const SearchTerm &term);

} // namespace faultline
