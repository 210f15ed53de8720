// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/types.h"

#include <QIcon>

namespace faultline {

/// An icon of resources/icons, drawn in the palette's text colour of the moment: it follows the theme by itself.
QIcon icon(const QString &name);
/// The same in a colour of its own.
QIcon icon(const QString &name, const QColor &color);
/// Name of the icon for a kind of source.
QString iconOf(SourceKind kind);

} // namespace faultline
