// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportannotations.h"

#include "models/views/texts.h"

namespace faultline {

std::vector<ReportAnnotation> reportAnnotations(const Analysis &analysis)
{
    std::vector<ReportAnnotation> result;
    if (!analysis.annotations)
        return result;
    const QStringList names = sourceNames(*analysis.evidence);
    const auto timeText = [](TimeNs time) { return QString::fromLatin1(toRfc3339(time)); };
    for (const PlacedAnnotation &placed :
         placedAnnotations(*analysis.annotations, *analysis.evidence, *analysis.placement, analysis.findings.get())) {
        const Annotation &note = placed.annotation;
        const bool isTime = note.target == AnnotationTarget::Moment || note.target == AnnotationTarget::Range;
        result.push_back({isTime ? QString() : annotationPlaceText(note, names.value(placed.source)),
                          placed.time ? timeText(placed.time->time) : QString(),
                          placed.end ? timeText(*placed.end) : QString(), note.quote, note.text, note.author, note.tags,
                          QString(annotationColourName(note.colour))});
    }
    return result;
}

} // namespace faultline
