// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/markscrollbar.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionSlider>

namespace faultline {

MarkScrollBar::MarkScrollBar(QWidget *parent)
    : QScrollBar(Qt::Vertical, parent)
{
}

void MarkScrollBar::setMarks(std::vector<Mark> marks)
{
    m_marks = std::move(marks);
    update();
}

void MarkScrollBar::paintEvent(QPaintEvent *event)
{
    QScrollBar::paintEvent(event);
    if (m_marks.empty())
        return;
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect groove = style()->subControlRect(QStyle::CC_ScrollBar, &option, QStyle::SC_ScrollBarGroove, this);
    QPainter painter(this);
    // Marks that fall on one pixel row are drawn once: there may be a million of them.
    int lastY = -1;
    QRgb lastColor = 0;
    for (const Mark &mark : m_marks) {
        const int y = groove.top() + static_cast<int>(mark.at * (groove.height() - 3));
        if (y == lastY && mark.color.rgba() == lastColor)
            continue;
        lastY = y;
        lastColor = mark.color.rgba();
        const int inset = mark.wide ? 1 : groove.width() / 2;
        painter.fillRect(groove.left() + inset, y, groove.width() - inset - 1, mark.wide ? 3 : 2, mark.color);
    }
}

} // namespace faultline
