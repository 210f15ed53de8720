// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace faultline {

/// A field of RFC 4180; what a spreadsheet would take for a formula gets an apostrophe.
QString csvField(QString text);

} // namespace faultline
