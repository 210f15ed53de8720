// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportdata.h"

namespace faultline {

/// Pictures for reports, as SVG; empty ones are left out.
struct ReportPictures {
    QByteArray timelineSvg;
    QByteArray focusSvg;
    QByteArray flowSvg;
};

/// One self-contained page: no script, styles inside, light and dark.
QString htmlReport(const ReportData &data, const ReportPictures &pictures);

} // namespace faultline
