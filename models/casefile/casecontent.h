// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/annotations/annotation.h"
#include "models/playbooks/walker.h"

#include <map>

namespace faultline {

/// A file that the case was read from.
struct CaseSource {
    QString
        path; ///< Relative, with '/': below the case's folder, else below the folder that those elsewhere have in common.
    QString absolute; ///< Where it was when the case was saved; where it is, once located.
    qint64 size = 0;
    std::optional<TimeNs> modified;
    QByteArray sha256; ///< 32 bytes.
    bool embedded = false;
    bool isBaseline = false; ///< Of the run that passed, which the case is compared with.

    bool operator==(const CaseSource &) const = default;
};

/// A source of the case: a file, or what is in it ("1_build.txt" of a zip).
struct CasePlace {
    int file = -1; ///< Index into CaseContent::sources.
    QString member;

    bool operator==(const CasePlace &) const = default;
};

/// What a person said of a source.
struct CaseClock {
    CasePlace place;
    QByteArray format; ///< Importer id; empty: as recognised.
    ClockOverride clock;
};

/// A failure as it was numbered when the case was saved: answers and notes name it by its number.
struct CaseFailure {
    CasePlace place;
    qint64 line = 0;
    QString what;
    QByteArray job;
    QByteArray step;
    QByteArray test;
};

struct CaseVerdict {
    int failure = -1;
    QString cause;
    QString title;
    QString status;
    double confidence = 0;
};

/// Where a person was looking.
struct CaseView {
    int failure = -1;
    CasePlace place;
    qint64 line = 0;
    QString playbook;
    QString node;
    std::optional<TimeNs> from; ///< Of the timeline's visible range.
    std::optional<TimeNs> to;
    QStringList pins; ///< Tracks that stay on top of the timeline, by TimelineView's names.
};

/// All that a case file holds.
struct CaseContent {
    QByteArray id; ///< Stays the same for the case's life.
    TimeNs saved;
    QString program; ///< Version that saved it.
    std::vector<CaseSource> sources;
    std::vector<CaseClock> clocks;
    std::vector<CaseFailure> failures;
    HandAnswers answers;
    std::vector<std::pair<CasePlace, Annotation>> annotations; ///< Annotation::source is empty: the place says it.
    std::vector<CaseVerdict> verdicts;
    CaseView view;
    std::vector<std::pair<CasePlace, qint64>> bookmarks; ///< Lines.
    QString postmortem;                                  ///< Markdown with placeholders.

    /// The source of that path, by the longest of `sources` that it begins with; file -1 where there is none.
    CasePlace placeOf(const QString &path) const;
    /// The source's path with the file's `absolute`; empty where there is none.
    QString pathOf(const CasePlace &place) const;

    static constexpr size_t MostSources = 20'000;
    static constexpr size_t MostClocks = 20'000;
    static constexpr size_t MostFailures = 10'000;
    static constexpr size_t MostAnswers = 10'000;
    static constexpr size_t MostVerdicts = 10'000;
    static constexpr size_t MostBookmarks = 100'000;
    static constexpr size_t MostPins = 1'000;
    static constexpr qsizetype MostPostmortem = 1024 * 1024; ///< UTF-16 units.
    static constexpr qint64 MostPath = 4096;                 ///< UTF-16 units.
};

} // namespace faultline
