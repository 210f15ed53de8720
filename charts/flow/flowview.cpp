// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flow/flowview.h"

namespace faultline {

struct FlowView::Private {
    WalkedFlowchart chart;
    int current = -1;
};

FlowView::FlowView(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
}

FlowView::~FlowView() = default;

void FlowView::setFlowchart(const WalkedFlowchart &chart)
{
    d->chart = chart;
}
void FlowView::clear()
{
    d->chart = {};
}
const WalkedFlowchart &FlowView::flowchart() const
{
    return d->chart;
}
int FlowView::currentNode() const
{
    return d->current;
}
void FlowView::setUseGraphviz(bool) {}
bool FlowView::isLaidOut() const
{
    return false;
}
QRectF FlowView::nodeRect(int) const
{
    return {};
}
QByteArray FlowView::renderSvg(bool) const
{
    return {};
}
QImage FlowView::renderImage(bool, double) const
{
    return {};
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
    d->current = node;
}
void FlowView::fit() {}
void FlowView::zoomIn() {}
void FlowView::zoomOut() {}

QByteArray renderFlowchartSvg(const WalkedFlowchart &, bool)
{
    return {};
}

} // namespace faultline
