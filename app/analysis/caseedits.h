// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/analyze.h"

namespace faultline {

/// What a person says of a source that the program would guess otherwise.
struct SourceOverride {
    QByteArray format; ///< Importer id; empty: as recognised.
    ClockOverride clock;

    bool saysClock() const { return clock.offsetNs || clock.zoneOffsetNs || !clock.zone.isEmpty(); }
    bool isEmpty() const { return format.isEmpty() && !saysClock(); }
};

/// All that a person changes in a case.
struct CaseEdits {
    std::map<QString, SourceOverride> overrides; ///< By the source's path.
    HandAnswers answers;
    Annotations annotations;
    QStringList baseline; ///< Files and folders of a run that passed, which the case is compared with.
    QString postmortem;   ///< Markdown with placeholders, see app/pages/postmortem.h.

    /// How an analysis takes them in.
    AnalyzeOptions options() const;
};

/// Answers and notes on nodes name a failure by its number: as `after` numbers it. Answers whose failure is gone are left out; notes
/// stay, with failure -1.
CaseEdits renumbered(const CaseEdits &edits, const Analysis &before, const Analysis &after);

} // namespace faultline
