// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings/findings.h"

#include <QStringList>

namespace faultline {

/// What a note is on.
enum class AnnotationTarget { Moment, Range, Line, Spike, Node };
QLatin1StringView annotationTargetName(AnnotationTarget target);
std::optional<AnnotationTarget> annotationTargetFromName(QStringView name);

enum class AnnotationColour { Blue, Green, Yellow, Orange, Red, Purple };
inline constexpr int AnnotationColourCount = 6;
QLatin1StringView annotationColourName(AnnotationColour colour);
std::optional<AnnotationColour> annotationColourFromName(QStringView name);

/// A note that a person wrote. What stands in a source is kept in the source's own terms, so that it follows its clock.
struct Annotation {
    qint64 id = 0; ///< From 1, unique in its case.
    AnnotationTarget target = AnnotationTarget::Moment;
    QString source;                       ///< Path of the source: of a line, or of a spike's series.
    qint64 line = 0;                      ///< Line: the first, from 1 …
    qint64 lastLine = 0;                  ///< … and the last.
    QString series;                       ///< Spike: Series::id().
    std::optional<SourceTime> sourceTime; ///< Spike: its peak, as the source tells time.
    std::optional<TimeNs> from;           ///< Moment and range.
    std::optional<TimeNs> to;             ///< Range.
    int failure = -1;                     ///< Node: whose flowchart.
    QString playbook;
    QString node;
    QString quote; ///< What stood there when it was written, plain text.
    QString text;  ///< Markdown.
    QString author;
    QStringList tags;
    AnnotationColour colour = AnnotationColour::Blue;
    TimeNs written;

    bool operator==(const Annotation &) const = default;

    static constexpr size_t MostInCase = 10'000;
    static constexpr qsizetype MostText = 64 * 1024; ///< UTF-16 units.
    static constexpr qsizetype MostQuote = 400;
    static constexpr qsizetype MostName = 400; ///< Author, playbook, node, one tag.
    static constexpr qsizetype MostTags = 32;
};

using Annotations = std::vector<Annotation>;

/// A note with its place in the case at hand.
struct PlacedAnnotation {
    Annotation annotation;
    int source = -1; ///< -1 where its source is not there, or it has none.
    int series = -1; ///< Index into Evidence::allSeries().
    std::optional<PlacedTime> time;
    std::optional<TimeNs> end; ///< Of a range, or of several lines.
};

/// All notes in order of time, those without a place in time last. `findings` may be null: notes on nodes then have no time.
std::vector<PlacedAnnotation> placedAnnotations(const Annotations &annotations, const Evidence &evidence,
                                                const Placement &placement, const Findings *findings);

/// What it is on, in few words: "ci.log:59", "10:03:11.7 to 10:03:14", "kernel in killed"; `sourceName` as the case shows it.
QString annotationPlaceText(const Annotation &annotation, const QString &sourceName);

} // namespace faultline
