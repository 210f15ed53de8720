// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline {

/// Shapes of flowchart nodes, as Mermaid knows them.
enum class NodeShape {
    Rect,
    Rounded,
    Stadium,
    Diamond,
    Hexagon,
    Circle,
    DoubleCircle,
    Subroutine,
    Cylinder,
    Asymmetric,
    Parallelogram,
    Trapezoid
};

} // namespace faultline
