// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flow/flowview.h"

#include "charts/core/format.h"
#include "charts/flow/flowpainter.h"
#include "charts/flow/flowview_p.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostPictureMs = 4000; ///< For pictures without a window.
constexpr double WheelZoom = 1.25;

} // namespace

FlowView::FlowView(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Diagnosis flowchart"));
    d->more = new QPushButton(this);
    d->more->setObjectName(u"flowMore"_s);
    d->more->hide();
    connect(d->more, &QPushButton::clicked, this,
            [this] { d->follow(d->tellsStory ? Private::Follow::Whole : Private::Follow::Story); });
}

FlowView::~FlowView()
{
    d->stopDot();
}

void FlowView::setFlowchart(const WalkedFlowchart &chart)
{
    const bool isSame = chart.playbook == d->chart.playbook && chart.failure == d->chart.failure
                        && chart.nodes.size() == d->chart.nodes.size();
    d->chart = chart;
    if (!isSame) {
        d->current = -1;
        d->followed = Private::Follow::Story;
    }
    setAccessibleDescription(chart.title);
    d->layOut();
}

void FlowView::clear()
{
    setFlowchart({});
}

const WalkedFlowchart &FlowView::flowchart() const
{
    return d->chart;
}

int FlowView::currentNode() const
{
    return d->current;
}

void FlowView::setUseGraphviz(bool use)
{
    if (use == d->useGraphviz)
        return;
    d->useGraphviz = use;
    d->layOut();
}

bool FlowView::isLaidOut() const
{
    return !d->layout.isEmpty();
}

QRectF FlowView::nodeRect(int node) const
{
    if (node < 0 || static_cast<size_t>(node) >= d->layout.nodes.size())
        return {};
    return d->transform().mapRect(d->layout.nodes[static_cast<size_t>(node)]);
}

QByteArray FlowView::renderSvg(bool dark) const
{
    return flowSvg(d->chart, d->whole, Theme::plain(dark));
}

QImage FlowView::renderImage(bool dark, double pixelRatio) const
{
    return flowImage(d->chart, d->whole, Theme::plain(dark), pixelRatio);
}

QSize FlowView::sizeHint() const
{
    return {560, 420};
}

QSize FlowView::minimumSizeHint() const
{
    return {240, 160};
}

void FlowView::setCurrentNode(int node)
{
    if (node >= -1 && node < static_cast<int>(d->chart.nodes.size()))
        d->setCurrent(node);
}

void FlowView::fit()
{
    d->follow(Private::Follow::Whole);
}

void FlowView::zoomIn()
{
    d->zoomAt(QRectF(rect()).center(), WheelZoom);
}

void FlowView::zoomOut()
{
    d->zoomAt(QRectF(rect()).center(), 1 / WheelZoom);
}

bool FlowView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int node = d->nodeAt(help->pos());
    if (node < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), Qt::convertFromPlainText(d->toolTip(node), Qt::WhiteSpaceNormal), this);
    return true;
}

void FlowView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), d->theme.ground);
    if (d->layout.isEmpty()) {
        painter.setPen(readable(d->theme.mutedText, d->theme.ground, 4.5));
        painter.setFont(d->theme.font);
        painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap,
                         d->chart.nodes.empty() ? tr("No playbook was walked for this failure")
                                                : tr("Laying out the flowchart …"));
        return;
    }
    painter.setTransform(d->transform(), true);
    paintFlow(painter, d->chart, d->layout, d->theme, d->current);
    painter.resetTransform();
    if (hasFocus()) {
        painter.setPen(QPen(d->theme.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void FlowView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->arrange();
}

void FlowView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange) {
        d->theme = Theme::of(palette(), font());
        if (event->type() == QEvent::FontChange)
            d->layOut();
        update();
    }
}

void FlowView::mousePressEvent(QMouseEvent *event)
{
    d->pressedAt = event->position();
    d->pressedOffset = d->offset;
    d->pressedNode = event->button() == Qt::LeftButton ? d->nodeAt(event->position()) : -1;
    d->isPanning = false;
}

void FlowView::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & (Qt::LeftButton | Qt::MiddleButton)) {
        const QPointF moved = event->position() - d->pressedAt;
        if (!d->isPanning && moved.manhattanLength() < QApplication::startDragDistance())
            return;
        d->isPanning = true;
        d->followed = Private::Follow::Nothing;
        setCursor(Qt::ClosedHandCursor);
        d->offset = d->pressedOffset + moved;
        d->keepInSight();
        update();
        return;
    }
    setCursor(d->nodeAt(event->position()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void FlowView::mouseReleaseEvent(QMouseEvent *event)
{
    unsetCursor();
    if (std::exchange(d->isPanning, false) || event->button() != Qt::LeftButton)
        return;
    const int node = d->nodeAt(event->position());
    if (node < 0 || node != d->pressedNode)
        return;
    d->setCurrent(node);
    Q_EMIT nodeActivated(node);
}

void FlowView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (d->nodeAt(event->position()) < 0)
        fit();
}

void FlowView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const int node = isByKey ? d->current : d->nodeAt(event->pos());
    if (node < 0)
        return;
    if (!isByKey) {
        d->setCurrent(node);
        Q_EMIT nodeActivated(node);
    }
    Q_EMIT nodeMenuWanted(node, isByKey ? mapToGlobal(nodeRect(node).center().toPoint()) : event->globalPos());
}

void FlowView::wheelEvent(QWheelEvent *event)
{
    d->zoomAt(event->position(), std::pow(WheelZoom, event->angleDelta().y() / 120.0));
    event->accept();
}

void FlowView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (const int next = d->neighbour(event->key()); next >= 0)
            d->setCurrent(next);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (d->current >= 0)
            Q_EMIT nodeActivated(d->current);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return;
    case Qt::Key_Minus: zoomOut(); return;
    case Qt::Key_0:
    case Qt::Key_Home: fit(); return;
    default: QWidget::keyPressEvent(event);
    }
}

namespace {

FlowLayout laidOut(const WalkedFlowchart &chart, const Theme &theme)
{
    const FlowSizes sizes = FlowSizes::of(chart, theme);
    auto layout = chart.nodes.empty() ? FlowLayout{} : runDot(chart, sizes, MostPictureMs).value_or(FlowLayout{});
    return layout.isEmpty() ? layeredLayout(chart, sizes) : layout;
}

} // namespace

QByteArray renderFlowchartSvg(const WalkedFlowchart &chart, bool dark)
{
    const Theme theme = Theme::plain(dark);
    return flowSvg(chart, laidOut(chart, theme), theme);
}

QByteArray renderFlowStorySvg(const WalkedFlowchart &chart, bool dark, qreal mostWidth)
{
    const Theme theme = Theme::plain(dark);
    const FlowLayout whole = laidOut(chart, theme);
    const FlowPart story = flowStory(chart);
    if (whole.bounds.width() <= mostWidth || story.isWhole())
        return flowSvg(chart, whole, theme);
    return flowSvg(story.chart, laidOut(story.chart, theme), theme);
}

QImage renderFlowchartImage(const WalkedFlowchart &chart, bool dark, double pixelRatio)
{
    const Theme theme = Theme::plain(dark);
    return flowImage(chart, laidOut(chart, theme), theme, pixelRatio);
}

} // namespace faultline
