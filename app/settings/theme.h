// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace faultline {

enum class ThemeMode { System, Light, Dark };

/// Colours with a meaning, beside those of the palette. Text colours keep 4.5:1 on the palette's base and window.
struct ThemeColors {
    QColor faint; ///< Secondary text.
    QColor border;
    QColor surface; ///< Cards on the window.
    QColor accent;
    QColor failure;
    QColor failureGround;
    QColor warning;
    QColor warningGround;
    QColor good; ///< Confirmed, passed.
    QColor goodGround;
    QColor quiet; ///< Possible, not reached.
    QColor quietGround;
    QColor accentGround;
    QColor findGround;
};

bool isDark(const QPalette &palette);
const ThemeColors &themeColors(bool dark);
const ThemeColors &themeColors(const QPalette &palette);

/// Fusion with our palettes; System follows the desktop's scheme now and later.
void applyTheme(QApplication &application, ThemeMode mode);

} // namespace faultline
