// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>

namespace faultline {

/// What Fusion alone does not do: flat docks, tabs, bars and cards in the palette's colours.
QString windowStyleSheet(const QPalette &palette);

} // namespace faultline
