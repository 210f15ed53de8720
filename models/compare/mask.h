// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>

namespace faultline {

/// A line with what differs between two runs of the same thing taken out: dates, times, durations, numbers, hexadecimal ids,
/// UUIDs, addresses and the names of temporary files become '#', blanks collapse. Lines that say the same have the same mask.
/// Kept, because they tell runs apart: zero against any other whole number ("0 failed"), numbers after "code", "status", "exit",
/// "signal" and "errno", and versions of three parts ("1.22.3"). `line` is a payload without terminal escapes.
QByteArray maskedLine(std::string_view line);

/// The same into a buffer that is used again.
void maskLine(std::string_view line, QByteArray &into);

} // namespace faultline
