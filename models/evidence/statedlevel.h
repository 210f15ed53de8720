// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/linedecoder.h"

namespace faultline {

/// A level that the line's start states: "ERROR", "level=warn", `"level":"fatal"`; Info where none.
Severity statedLevel(std::string_view payload);

/// The level that its carrier says, or else its own words. Not found by decode(): who reads millions of lines seldom asks for it.
Severity levelOf(const DecodedLine &line);

} // namespace faultline
