// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/windowstyle.h"

#include "app/settings/theme.h"

#include <QPainter>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace faultline {

WindowStyle::WindowStyle()
    : QProxyStyle(u"Fusion"_s)
{
}

void WindowStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                const QWidget *widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool isBox = element == PE_IndicatorCheckBox;
    const bool isField = element == PE_FrameLineEdit && !option->state.testFlag(State_HasFocus);
    if (!isBox && !isField && element != PE_PanelMenu)
        return;
    // A box is found by its edge alone, a field by its ground too.
    const QColor edge = isBox && option->state.testFlag(State_Enabled) ? themeColors(option->palette).faint
                                                                       : option->palette.color(QPalette::Mid);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, element != PE_PanelMenu);
    painter->setPen(QPen(edge, 1));
    painter->setBrush(Qt::NoBrush);
    if (element == PE_PanelMenu)
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
    else
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter->restore();
}

int WindowStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                           QStyleHintReturn *data) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

} // namespace faultline
