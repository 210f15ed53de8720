// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/badge.h"

#include <QPainter>

namespace faultline {

namespace {
constexpr int BadgePadding = 8;
constexpr int Height = 4; ///< Above and below the text, together.

QFont badgeFont(const QFont &base)
{
    QFont font = base;
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(base.pointSizeF() * 0.92);
    return font;
}
} // namespace

QColor toneInk(Tone tone, const QPalette &palette)
{
    const ThemeColors &colors = themeColors(palette);
    switch (tone) {
    case Tone::Good: return colors.good;
    case Tone::Warning: return colors.warning;
    case Tone::Failure: return colors.failure;
    case Tone::Accent: return colors.accent;
    case Tone::Quiet: break;
    }
    return colors.quiet;
}

QColor toneGround(Tone tone, const QPalette &palette)
{
    const ThemeColors &colors = themeColors(palette);
    switch (tone) {
    case Tone::Good: return colors.goodGround;
    case Tone::Warning: return colors.warningGround;
    case Tone::Failure: return colors.failureGround;
    case Tone::Accent: return colors.accentGround;
    case Tone::Quiet: break;
    }
    return colors.quietGround;
}

Tone toneOf(VerdictStatus status)
{
    switch (status) {
    case VerdictStatus::Confirmed: return Tone::Failure; // the culprit, as in the flowchart
    case VerdictStatus::Likely: return Tone::Warning;
    case VerdictStatus::Possible: break;
    }
    return Tone::Quiet;
}

int drawBadge(QPainter *painter, QRect rect, const QString &text, Tone tone, const QFont &font, const QPalette &palette)
{
    const QFont drawn = badgeFont(font);
    const QFontMetrics metrics(drawn);
    const int width = metrics.horizontalAdvance(text) + 2 * BadgePadding;
    if (!painter)
        return width;
    const int height = metrics.height() + Height;
    const QRectF ground(rect.left(), rect.center().y() - height / 2.0 + 0.5, width, height);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(toneGround(tone, palette));
    painter->drawRoundedRect(ground, height / 2.0, height / 2.0);
    painter->setFont(drawn);
    painter->setPen(toneInk(tone, palette));
    painter->drawText(ground, Qt::AlignCenter, text);
    painter->restore();
    return width;
}

Badge::Badge(const QString &text, Tone tone, QWidget *parent)
    : QLabel(text, parent)
    , m_tone(tone)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Badge::sizeHint() const
{
    return {drawBadge(nullptr, {}, text(), m_tone, font(), palette()),
            QFontMetrics(badgeFont(font())).height() + Height + 1};
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    drawBadge(&painter, rect(), text(), m_tone, font(), palette());
}

} // namespace faultline
