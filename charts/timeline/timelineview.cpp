// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/timelineview.h"

#include "charts/core/timeaxis.h"

namespace faultline {

struct TimelineView::Private {
    Analysis analysis;
    TimeAxis *axis = nullptr;
    TrackItem selected;
};

TimelineView::TimelineView(QWidget *parent)
    : QAbstractScrollArea(parent)
    , d(std::make_unique<Private>())
{
    d->axis = new TimeAxis(this);
}

TimelineView::~TimelineView() = default;

void TimelineView::setAnalysis(const Analysis &analysis)
{
    d->analysis = analysis;
}
const Analysis &TimelineView::analysis() const
{
    return d->analysis;
}
TimeAxis *TimelineView::axis() const
{
    return d->axis;
}
std::optional<TimeNs> TimelineView::timeCursor() const
{
    return d->axis->cursor();
}
TrackItem TimelineView::selectedItem() const
{
    return d->selected;
}
QSize TimelineView::sizeHint() const
{
    return {900, 420};
}
QSize TimelineView::minimumSizeHint() const
{
    return {320, 160};
}
void TimelineView::setTimeCursor(TimeNs time)
{
    d->axis->setCursor(time);
}
void TimelineView::select(const TrackItem &item)
{
    d->selected = item;
}
void TimelineView::showFailure(int) {}
void TimelineView::showNextFailure() {}
void TimelineView::showPreviousFailure() {}
void TimelineView::fit()
{
    d->axis->fit();
}
void TimelineView::zoomIn() {}
void TimelineView::zoomOut() {}

} // namespace faultline
