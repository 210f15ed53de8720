// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/rows.h"

namespace faultline {

/// A terminal must not be driven by what a log wrote: control characters but LF become blanks.
QString withoutControl(QString text);

/// Rows for a terminal, as CSV (RFC 4180) or as a JSON array of objects.
QByteArray asTable(const Rows &rows);
QByteArray asCsv(const Rows &rows);
QByteArray asJson(const Rows &rows);

} // namespace faultline
