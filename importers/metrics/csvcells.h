// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <QByteArray>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline {

/// Cells of one line by RFC 4180; false where a quote stays open.
bool splitCells(std::string_view line, char separator, std::vector<QByteArray> &cells);
/// Comma, semicolon or tab: what the header has most of.
char separatorOf(std::string_view header);

struct CellTime {
    SourceTime time;
    bool zoned = true;
    bool wholeSeconds = false;
};
/// ISO 8601, seconds to nanoseconds since 1970, and as spreadsheets and browsers write it.
std::optional<CellTime> timeOfCell(const QByteArray &cell);

/// Whether the cell is of a sample that is not there.
bool isNoCell(const QByteArray &cell);

struct CellValue {
    double value = 0;
    QByteArray unit; ///< Of `value`, where one is written beside the number: "1.5 GiB" is bytes.
};
/// Where the separator is no comma, one comma may stand for the decimal point.
std::optional<CellValue> valueOfCell(QByteArray cell, char separator);

/// Two values of one cell, "120MiB / 2GiB", as `docker stats` writes usage and limit.
std::optional<std::pair<CellValue, CellValue>> valuesOfCell(const QByteArray &cell, char separator);
/// The names of both by the header: "MEM USAGE / LIMIT" is of "MEM USAGE" and "MEM LIMIT".
std::pair<QByteArray, QByteArray> namesOfHeader(const QByteArray &header);

/// What the numbers of a column are to be multiplied by, and are then.
struct ColumnUnit {
    double factor = 1;
    QByteArray unit;
};
/// "mem_used_mib", "Memory (MiB)": bytes, by 1048576. Nothing where the header names no unit.
ColumnUnit unitOfHeader(const QByteArray &header);

} // namespace faultline
