// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace faultline {

/// Whether a line goes on with the stack trace of the line before: frames, causes and what a runtime prints between them, as Java, Kotlin,
/// .NET, JavaScript, Python, Ruby, PHP, Rust and Go write them.
bool continuesTrace(std::string_view line);

} // namespace faultline
