// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/diagnosis.h"

#include <QColor>
#include <QFont>

class QPalette;

namespace faultline {

/// WCAG 2.1 contrast ratio of two opaque colours, 1 to 21.
double contrastRatio(const QColor &a, const QColor &b);
/// `color` moved towards black or white until it stands out from `ground` by `ratio`; unchanged where it does already.
QColor readable(const QColor &color, const QColor &ground, double ratio);
/// `share` of `b` over `a`.
QColor mixed(const QColor &a, const QColor &b, double share);

/// All colours and fonts of the charts, from one place, for the palette at hand.
/// Text keeps 4.5:1 and marks 3:1 against what they stand on. Hues are told apart by colour-blind people (after Okabe and Ito), and no
/// meaning rests on hue alone: severities have shapes, outcomes and verdicts have words or strokes.
struct Theme {
    bool dark = false;

    QColor ground; ///< Behind plots.
    QColor panel;  ///< Behind headers and axes.
    QColor stripe; ///< Every other track.
    QColor text;
    QColor mutedText;
    QColor grid; ///< Barely there.
    QColor border;
    QColor accent; ///< Selection and keyboard focus.
    QColor cursor; ///< The time cursor.
    QColor failure;
    QColor limit;
    QColor baseline;
    QColor spike; ///< Opaque; shade with shade().
    QColor tooltipGround;
    QColor tooltipText;

    QFont font;
    QFont smallFont;
    QFont boldFont;

    static Theme of(const QPalette &palette, const QFont &font);
    /// For pictures that no window shows.
    static Theme plain(bool dark);
    /// A palette with the theme's colours, for widgets shown in screenshots and tests.
    static QPalette palette(bool dark);

    /// Colour of the n-th line of a plot; eight, then again from the start.
    QColor series(int index) const;
    QColor severity(Severity severity) const;
    QColor outcome(Outcome outcome) const;

    /// Ground of a bar or node of that colour that the theme's text stands on.
    QColor tint(const QColor &color, double share = 0.22) const { return mixed(ground, color, share); }
    /// Translucent, for bands over a plot.
    static QColor shade(QColor color, double opacity);
    /// Text on a solid fill: black or white, whichever reads better.
    static QColor textOn(const QColor &fill);

    QColor node(NodeState state) const;
    QColor edge(EdgeState state) const;
};

} // namespace faultline
