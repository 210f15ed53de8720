// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/dropzone.h"

#include "app/settings/theme.h"

#include <QPainter>

namespace faultline {

DropZone::DropZone(QWidget *parent)
    : QFrame(parent)
{
}

void DropZone::setWanted(bool wanted)
{
    m_isWanted = wanted;
    update();
}

void DropZone::paintEvent(QPaintEvent *)
{
    const ThemeColors &colors = themeColors(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(m_isWanted ? colors.accent : palette().color(QPalette::Mid), m_isWanted ? 2 : 1.5, Qt::CustomDashLine);
    pen.setDashPattern({4, 3.5});
    painter.setPen(pen);
    painter.setBrush(m_isWanted ? colors.accentGround : colors.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), 12, 12);
}

} // namespace faultline
