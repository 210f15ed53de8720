// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

namespace faultline {

/// A person's note, ready to be shown. Nothing of it is escaped.
struct ReportAnnotation {
    QString where; ///< "ci.log:59", "kernel in killed"; empty for a moment or a range.
    QString time;  ///< On the axis, UTC; empty where unknown.
    QString end;   ///< Of a range or several lines.
    QString quote; ///< What stood there when it was written; may be empty.
    QString text;  ///< Markdown.
    QString author;
    QStringList tags;
    QString colour; ///< Name: annotationColourName().
};

/// The case's notes in order of time, those without a place in time last.
std::vector<ReportAnnotation> reportAnnotations(const Analysis &analysis);

} // namespace faultline
