// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/pictures.h"

namespace faultline {

ReportPictures reportPictures(const Analysis &, const WalkedFlowchart *chart)
{
    ReportPictures pictures;
    if (chart)
        pictures.flowSvg = flowchartSvg(*chart);
    return pictures;
}

QByteArray flowchartSvg(const WalkedFlowchart &)
{
    return {};
}

} // namespace faultline
