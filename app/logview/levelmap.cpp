// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/levelmap.h"

#include "app/settings/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {
constexpr int StretchHeight = 2;
constexpr double MostBarHeight = 4;
constexpr double LeastBar = 0.34; ///< One line in ten thousand is seen too.

/// Of the width: few lines of a stretch must show, many must show as more.
double barOf(double share)
{
    return share <= 0 ? 0 : LeastBar + (1 - LeastBar) * std::sqrt(std::min(share, 1.0));
}
} // namespace

LevelMap::LevelMap(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("levelMap"));
    setToolTip(tr("Warnings and errors of the whole log; a click goes there"));
    setAccessibleName(tr("Map of warnings and errors"));
    setCursor(Qt::PointingHandCursor);
}

int LevelMap::mostStretches() const
{
    return std::max(1, height() / StretchHeight);
}

void LevelMap::setStretches(std::vector<Stretch> stretches)
{
    m_stretches = std::move(stretches);
    update();
}

void LevelMap::setVisiblePart(double from, double to)
{
    if (from == m_from && to == m_to)
        return;
    m_from = from;
    m_to = to;
    update();
}

void LevelMap::paintEvent(QPaintEvent *)
{
    const ThemeColors &colors = themeColors(palette());
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::AlternateBase));
    painter.fillRect(0, 0, 1, height(), colors.border);
    const double tall = height();
    const QRectF seen(1, m_from * tall, width() - 1, std::max(3.0, (m_to - m_from) * tall));
    painter.fillRect(seen, colors.quietGround);
    const double step = tall / static_cast<double>(std::max<size_t>(1, m_stretches.size()));
    const double bar = std::clamp(step, static_cast<double>(StretchHeight), MostBarHeight);
    for (const bool ofErrors : {false, true}) {
        for (size_t i = 0; i < m_stretches.size(); ++i) {
            const double share = barOf(ofErrors ? m_stretches[i].errors : m_stretches[i].warnings);
            if (share <= 0)
                continue;
            const double wide = share * (width() - 4);
            painter.fillRect(QRectF(width() - 1 - wide, static_cast<double>(i) * step, wide, bar),
                             ofErrors ? colors.failure : colors.warning);
        }
    }
}

void LevelMap::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT placeWanted(std::clamp(event->position().y() / std::max(1, height()), 0.0, 1.0));
}

void LevelMap::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        Q_EMIT placeWanted(std::clamp(event->position().y() / std::max(1, height()), 0.0, 1.0));
}

} // namespace faultline
