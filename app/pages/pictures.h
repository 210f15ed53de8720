// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/htmlreport.h"

namespace faultline {

/// The timeline, the focus chart and the flowchart of the first failure, as SVG. Needs a QApplication, and its thread.
ReportPictures reportPictures(const Analysis &analysis, bool dark = false);

/// The walked playbook that a picture of a failure shows: the one that named its best cause. Null where none was walked.
const WalkedFlowchart *bestFlowchart(const Analysis &analysis, int failure);

/// A walked playbook as SVG. Needs a QGuiApplication.
QByteArray flowchartSvg(const WalkedFlowchart &chart);
QByteArray flowchartPng(const WalkedFlowchart &chart);

} // namespace faultline
