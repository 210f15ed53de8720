// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/focus/focuschart.h"

namespace faultline {

struct FocusChart::Private {
    Analysis analysis;
    int failure = -1;
};

FocusChart::FocusChart(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
}

FocusChart::~FocusChart() = default;

void FocusChart::setAnalysis(const Analysis &analysis)
{
    d->analysis = analysis;
}
void FocusChart::setFailure(int failure)
{
    d->failure = failure;
}
int FocusChart::failure() const
{
    return d->failure;
}
void FocusChart::setZone(const QTimeZone &) {}
std::vector<int> FocusChart::shownSeries() const
{
    return {};
}
QImage FocusChart::renderImage(const Analysis &, int, QSize, bool, double)
{
    return {};
}
QByteArray FocusChart::renderSvg(const Analysis &, int, QSize, bool)
{
    return {};
}
QSize FocusChart::sizeHint() const
{
    return {560, 360};
}
QSize FocusChart::minimumSizeHint() const
{
    return {240, 140};
}
void FocusChart::setTimeCursor(TimeNs) {}

} // namespace faultline
