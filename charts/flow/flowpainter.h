// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/flow/flowlayout.h"

class QPainter;

namespace faultline {

/// Paints a flowchart that is laid out, in the layout's pixels. `current` is marked; -1 for none.
void paintFlow(QPainter &painter, const WalkedFlowchart &chart, const FlowLayout &layout, const Theme &theme,
               int current);

/// A flowchart with its layout as SVG or picture.
QByteArray flowSvg(const WalkedFlowchart &chart, const FlowLayout &layout, const Theme &theme);
QImage flowImage(const WalkedFlowchart &chart, const FlowLayout &layout, const Theme &theme, double pixelRatio);

} // namespace faultline
