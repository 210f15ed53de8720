// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/annotations/annotation.h"

#include "models/core/translate.h"

#include <QFileInfo>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr std::array Targets{"moment"_L1, "range"_L1, "line"_L1, "spike"_L1, "node"_L1};
constexpr std::array<QLatin1StringView, AnnotationColourCount> Colours{"blue"_L1,   "green"_L1, "yellow"_L1,
                                                                       "orange"_L1, "red"_L1,   "purple"_L1};

template<typename Value, size_t N>
std::optional<Value> fromName(const std::array<QLatin1StringView, N> &names, QStringView name)
{
    const auto found = std::ranges::find_if(names, [name](QLatin1StringView known) { return name == known; });
    return found == names.end() ? std::nullopt : std::optional(static_cast<Value>(found - names.begin()));
}

/// The moment of a line: its own stamp or the one it inherits.
std::optional<PlacedTime> placeOfLine(const SourceEvidence &source, const SourcePlacement &placement, qint64 line)
{
    const auto lines = decodeLines(source, line, 1);
    return lines.empty() || !lines.front().time ? std::nullopt : placement.place(*lines.front().time);
}

} // namespace

QLatin1StringView annotationTargetName(AnnotationTarget target)
{
    return Targets[static_cast<size_t>(target)];
}

std::optional<AnnotationTarget> annotationTargetFromName(QStringView name)
{
    return fromName<AnnotationTarget>(Targets, name);
}

QLatin1StringView annotationColourName(AnnotationColour colour)
{
    return Colours[static_cast<size_t>(colour)];
}

std::optional<AnnotationColour> annotationColourFromName(QStringView name)
{
    return fromName<AnnotationColour>(Colours, name);
}

std::vector<PlacedAnnotation> placedAnnotations(const Annotations &annotations, const Evidence &evidence,
                                                const Placement &placement, const Findings *findings)
{
    const std::vector<SeriesRef> allSeries = evidence.allSeries();
    const auto place = [&](const Annotation &annotation) {
        PlacedAnnotation placed{annotation, -1, -1, {}, {}};
        const auto found = std::ranges::find(evidence.sources, annotation.source, &SourceEvidence::path);
        if (!annotation.source.isEmpty() && found != evidence.sources.end())
            placed.source = static_cast<int>(found - evidence.sources.begin());
        const auto index = static_cast<size_t>(placed.source);
        const bool isThere = placed.source >= 0 && index < placement.sources.size();
        const auto exact = [](TimeNs time) { return PlacedTime{time, time, time}; };
        switch (annotation.target) {
        case AnnotationTarget::Moment:
        case AnnotationTarget::Range:
            if (annotation.from)
                placed.time = exact(*annotation.from);
            if (annotation.target == AnnotationTarget::Range)
                placed.end = annotation.to;
            break;
        case AnnotationTarget::Line:
            if (!isThere || annotation.line < 1 || annotation.line > (*found)->lineCount())
                break;
            placed.time = placeOfLine(**found, placement.sources[index], annotation.line);
            if (annotation.lastLine > annotation.line)
                if (const auto last = placeOfLine(**found, placement.sources[index],
                                                  std::min(annotation.lastLine, (*found)->lineCount())))
                    placed.end = last->time;
            break;
        case AnnotationTarget::Spike:
            if (isThere && annotation.sourceTime)
                placed.time = placement.sources[index].place(*annotation.sourceTime);
            for (size_t s = 0; isThere && s < allSeries.size() && placed.series < 0; ++s)
                if (allSeries[s].source == placed.source
                    && QString::fromUtf8(evidence.series(allSeries[s]).id()) == annotation.series)
                    placed.series = static_cast<int>(s);
            break;
        case AnnotationTarget::Node:
            if (findings && annotation.failure >= 0 && std::cmp_less(annotation.failure, findings->failures.size()))
                placed.time = findings->failures[static_cast<size_t>(annotation.failure)].time;
            break;
        }
        return placed;
    };
    std::vector<PlacedAnnotation> result;
    result.reserve(annotations.size());
    for (const Annotation &annotation : annotations)
        result.push_back(place(annotation));
    std::ranges::stable_sort(result, [](const PlacedAnnotation &a, const PlacedAnnotation &b) {
        return a.time && (!b.time || a.time->time < b.time->time);
    });
    return result;
}

QString annotationPlaceText(const Annotation &annotation, const QString &sourceName)
{
    const QString source = sourceName.isEmpty() ? QFileInfo(annotation.source).fileName() : sourceName;
    const auto timeOf = [](const std::optional<TimeNs> &time) {
        return time ? QString::fromLatin1(toRfc3339(*time)).replace(u'T', u' ') : tr("no time");
    };
    switch (annotation.target) {
    case AnnotationTarget::Moment: return timeOf(annotation.from);
    case AnnotationTarget::Range: return tr("%1 to %2").arg(timeOf(annotation.from), timeOf(annotation.to));
    case AnnotationTarget::Line:
        return annotation.lastLine > annotation.line
                   ? u"%1:%2–%3"_s.arg(source).arg(annotation.line).arg(annotation.lastLine)
                   : u"%1:%2"_s.arg(source).arg(annotation.line);
    case AnnotationTarget::Spike: return annotation.series;
    case AnnotationTarget::Node: return tr("%1 in %2").arg(annotation.node, annotation.playbook);
    }
    return {};
}

} // namespace faultline
