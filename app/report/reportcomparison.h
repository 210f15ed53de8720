// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportdata.h"

namespace faultline {

/// The analysis' comparison in words; the analysis must have one.
ReportComparison reportComparison(const Analysis &analysis);

/// "step Run tests in job build"
QString spanName(const SpanDifference &difference);
/// "passed in 12.0 s" in the run that passed, or in this one; empty where it has no such thing.
QString howItWentBefore(const SpanDifference &difference);
QString howItWentHere(const SpanDifference &difference);
/// "only here", "slower", "the same"
QString differenceWord(Difference difference);
/// "3 of 5", of all that was asked of a cache; empty where the log says nothing of it.
QString cacheText(const CacheUse &use);
/// What a function weighs: "12.3 MiB", "4.1 s".
QString weightText(double weight, const QByteArray &unit);

/// Sections for the text and the Markdown report.
QString textComparison(const ReportComparison &comparison);
QString markdownComparison(const ReportComparison &comparison);
/// For the HTML template.
QVariantHash comparisonVariant(const ReportComparison &comparison);

} // namespace faultline
