// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>
#include <QStringList>

namespace faultline {

/// A name over at most two lines: broken behind a `_`, `.`, `:`, `/`, `-` or space where it is too long for the first, and elided in the
/// middle where the rest is too long for the second. One line only where `second` is 0. Widths in pixels.
QStringList nameLines(const QString &name, const QFontMetricsF &metrics, double first, double second);

} // namespace faultline
