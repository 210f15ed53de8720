// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportdata.h"

namespace faultline {

/// The timeline, the first failure's focus chart and the flowchart given (may be null), as SVG. Needs a QGuiApplication.
ReportPictures reportPictures(const Analysis &analysis, const WalkedFlowchart *chart);

/// A walked playbook as SVG. Needs a QGuiApplication.
QByteArray flowchartSvg(const WalkedFlowchart &chart);
QByteArray flowchartPng(const WalkedFlowchart &chart);

} // namespace faultline
