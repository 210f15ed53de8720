// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/cursor.h"
#include "models/core/time.h"

#include <QByteArray>

#include <optional>
#include <string_view>
#include <vector>

namespace faultline {

/// What a column of sar, vmstat … is as a series: its name, and what its numbers are to be multiplied by (kB to bytes).
struct ColumnSeries {
    QByteArray name;
    QByteArray unit;
    double factor = 1;
};
ColumnSeries seriesOfColumn(std::string_view column, bool ofProcess);
/// The same where the column is known by name; else nothing.
std::optional<ColumnSeries> knownColumn(std::string_view column);
/// Whether a column names what the row is about (CPU, IFACE, DEV, PID …) and so is a label.
bool isLabelColumn(std::string_view column);

/// Words between blanks, at most 128.
std::vector<std::string_view> wordsOf(std::string_view line);

/// "18:55:18" or "06:55:18 PM": nanoseconds since midnight.
std::optional<DurationNs> takeClock(Cursor &cursor);
/// A date as the C locale and others print it: 11/23/2026, 11/23/26, 23/11/2026, 2026-11-23, 23.11.2026; days since 1970.
std::optional<qint64> takeDate(Cursor &cursor);

} // namespace faultline
