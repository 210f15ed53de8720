// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace faultline::test {

/// Paints the widget; where FAULTLINE_SCREENSHOTS names a folder, writes it there as NAME.png. False where that fails.
bool screenshot(QWidget &widget, const QString &name);
bool screenshot(const QImage &image, const QString &name);
/// How many colours a widget paints with: a blank one has one.
int colorCount(QWidget &widget);
int colorCount(const QImage &image);

} // namespace faultline::test
