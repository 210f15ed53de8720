// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/pictures.h"

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

const WalkedFlowchart *bestFlowchart(const Analysis &analysis, int failure)
{
    const Diagnosis &diagnosis = *analysis.diagnosis;
    QString playbook;
    for (const Verdict &verdict : diagnosis.verdicts)
        if (verdict.failure == failure && playbook.isEmpty())
            playbook = verdict.playbook;
    const WalkedFlowchart *found = nullptr;
    for (const WalkedFlowchart &chart : diagnosis.flowcharts)
        if (chart.failure == failure && (!found || chart.playbook == playbook))
            if (!found || found->playbook != playbook)
                found = &chart;
    return found;
}

ReportPictures reportPictures(const Analysis &analysis, bool dark)
{
    ReportPictures pictures;
    constexpr int PageWidth = 960;
    constexpr QSize FocusSize(PageWidth, 420);
    if (!analysis.findings->failures.empty()) {
        pictures.timelineSvg = inlineSvg(TimelineView::renderSvg(analysis, 0, PageWidth, dark));
        pictures.focusSvg = inlineSvg(FocusChart::renderSvg(analysis, 0, FocusSize, dark));
    }
    if (const WalkedFlowchart *chart = bestFlowchart(analysis, 0))
        pictures.flowSvg = inlineSvg(renderFlowStorySvg(*chart, dark, PageWidth));
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
