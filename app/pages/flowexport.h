// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

namespace faultline {

class FlowView;

/// One flowchart with what each question on the way found: a page for a ticket or a wiki.
QString flowchartMarkdown(const WalkedFlowchart &chart, const Analysis &analysis);

/// Writes what a view shows: "mmd" (plain Mermaid), "md", "svg" or "png".
Result<void> saveFlowchart(const QString &file, const QString &format, const WalkedFlowchart &chart,
                           const Analysis &analysis, const FlowView &view);

} // namespace faultline
