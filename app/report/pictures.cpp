// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/pictures.h"

#include "charts/flow/flowview.h"
#include "charts/focus/focuschart.h"
#include "charts/timeline/timelineview.h"

#include <QBuffer>

namespace faultline {

namespace {

/// Inside a page an SVG stands without its XML declaration and document type.
QByteArray inlineSvg(const QByteArray &svg)
{
    const qsizetype start = svg.indexOf("<svg");
    return start < 0 ? QByteArray() : svg.mid(start);
}

} // namespace

ReportPictures reportPictures(const Analysis &analysis, const WalkedFlowchart *chart)
{
    ReportPictures pictures;
    constexpr QSize FocusSize(960, 420);
    constexpr int TimelineWidth = 960;
    if (!analysis.findings->failures.empty()) {
        pictures.timelineSvg = inlineSvg(TimelineView::renderSvg(analysis, 0, TimelineWidth, false));
        pictures.focusSvg = inlineSvg(FocusChart::renderSvg(analysis, 0, FocusSize, false));
    }
    if (chart)
        pictures.flowSvg = inlineSvg(flowchartSvg(*chart));
    return pictures;
}

QByteArray flowchartPng(const WalkedFlowchart &chart)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    renderFlowchartImage(chart, false).save(&buffer, "PNG");
    return bytes;
}

QByteArray flowchartSvg(const WalkedFlowchart &chart)
{
    return renderFlowchartSvg(chart, false);
}

} // namespace faultline
