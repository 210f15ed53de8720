// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportdata.h"

namespace faultline {

/// The analysis' comparison in words; the analysis must have one.
ReportComparison reportComparison(const Analysis &analysis);

/// Sections for the text and the Markdown report.
QString textComparison(const ReportComparison &comparison);
QString markdownComparison(const ReportComparison &comparison);
/// For the HTML template.
QVariantHash comparisonVariant(const ReportComparison &comparison);

} // namespace faultline
