// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportcomparison.h"

#include "app/report/reportwords.h"
#include "models/core/translate.h"

#include <QFileInfo>
#include <QTextStream>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostShownLines = 40;
constexpr size_t MostShownSpans = 30;
constexpr size_t MostShownCourses = 15;

QString kindWord(SpanKind kind)
{
    switch (kind) {
    case SpanKind::Job: return tr("job");
    case SpanKind::Step: return tr("step");
    case SpanKind::Test: return tr("test");
    case SpanKind::Section: return tr("section");
    case SpanKind::State: return tr("state");
    }
    return {};
}

QString differenceWord(Difference difference)
{
    switch (difference) {
    case Difference::New: return tr("only here");
    case Difference::Gone: return tr("not here");
    case Difference::Changed: return tr("ended otherwise");
    case Difference::Slower: return tr("slower");
    case Difference::Faster: return tr("faster");
    }
    return {};
}

/// "passed in 12.0 s"; empty where the run has no such thing.
QString howItWent(Outcome outcome, std::optional<DurationNs> took, bool isThere)
{
    if (!isThere)
        return {};
    const QString how = outcome == Outcome::Unknown ? QString() : QString(outcomeName(outcome));
    if (!took)
        return how.isEmpty() ? tr("did not end") : how;
    return how.isEmpty() ? reportDuration(*took) : tr("%1 in %2").arg(how, reportDuration(*took));
}

ReportComparison::Span spanOf(const SpanDifference &difference)
{
    QString name = kindWord(difference.span) + u' ' + reportText(difference.name);
    if (!difference.job.isEmpty() && difference.span != SpanKind::Job)
        name = tr("%1 in job %2").arg(name, reportText(difference.job));
    return {name, differenceWord(difference.kind),
            howItWent(difference.before, difference.tookBefore, difference.kind != Difference::New),
            howItWent(difference.after, difference.tookAfter, difference.kind != Difference::Gone)};
}

ReportComparison::Course courseOf(const Analysis &analysis, const SeriesDivergence &divergence)
{
    const Evidence &evidence = *analysis.evidence;
    const Series &series = evidence.series(evidence.allSeries()[static_cast<size_t>(divergence.series)]);
    const QString start = analysis.comparison->alignedAt;
    return {reportText(series.id()), reportTime(divergence.at),
            tr("%1 where the run that passed had %2, %3 after the start of %4")
                .arg(reportValue(divergence.value, series), reportValue(divergence.expected, series),
                     reportDuration(divergence.sinceStart), start.isEmpty() ? tr("the log") : start)};
}

QString countOf(size_t shown, qint64 all)
{
    return std::cmp_less(shown, all) ? tr("%1 of %2").arg(shown).arg(all) : QString::number(all);
}

void writeSpans(QTextStream &out, const std::vector<ReportComparison::Span> &spans)
{
    if (spans.empty())
        return;
    out << "| " << tr("What") << " | " << tr("Difference") << " | " << tr("Run that passed") << " | " << tr("This run")
        << " |\n|---|---|---|---|\n";
    for (const auto &span : spans)
        out << "| " << markdownEscaped(span.name) << " | " << span.difference << " | " << span.before << " | "
            << span.after << " |\n";
    out << '\n';
}

QVariantList placeVariants(const std::vector<ReportPlace> &places)
{
    QVariantList list;
    for (const ReportPlace &place : places)
        list.append(QVariantHash{{u"where"_s, place.where}, {u"text"_s, place.text}, {u"time"_s, place.time}});
    return list;
}

} // namespace

ReportComparison reportComparison(const Analysis &analysis)
{
    const RunComparison &comparison = *analysis.comparison;
    ReportComparison result;
    QStringList names;
    for (const QString &path : comparison.baselinePaths)
        names << QFileInfo(path).fileName();
    constexpr qsizetype MostNames = 6;
    result.with = names.mid(0, MostNames).join(u", "_s);
    if (names.size() > MostNames)
        result.with = tr("%1 and %2 more").arg(result.with).arg(names.size() - MostNames);
    result.warnings = comparison.warnings;
    for (const SpanDifference &span : comparison.spans)
        if (result.spans.size() < MostShownSpans)
            result.spans.push_back(spanOf(span));
    for (const SeriesDivergence &divergence : comparison.series)
        if (result.courses.size() < MostShownCourses)
            result.courses.push_back(courseOf(analysis, divergence));
    for (const LineDifference &line : comparison.lines) {
        const bool isNew = line.kind == Difference::New;
        auto &places = isNew ? result.newLines : result.goneLines;
        if (places.size() >= MostShownLines)
            continue;
        const QString path = isNew ? analysis.evidence->sources[static_cast<size_t>(line.source)]->path
                                   : comparison.baselinePaths.value(line.source);
        places.push_back({u"%1:%2"_s.arg(QFileInfo(path).fileName()).arg(line.line), reportText(line.text),
                          line.time ? reportTime(line.time->time) : QString()});
    }
    result.newCount = countOf(result.newLines.size(), comparison.newLines);
    result.goneCount = countOf(result.goneLines.size(), comparison.goneLines);
    return result;
}

QString textComparison(const ReportComparison &comparison)
{
    constexpr size_t MostInText = 12;
    QString text;
    QTextStream out(&text);
    out << tr("Compared with a run that passed") << "  " << comparison.with << '\n';
    for (const QString &warning : comparison.warnings)
        out << "  ! " << warning << '\n';
    for (size_t i = 0; i < std::min(MostInText, comparison.spans.size()); ++i) {
        const auto &span = comparison.spans[i];
        out << "  " << span.name << ": " << span.difference << " ("
            << (span.before.isEmpty() ? tr("not there") : span.before) << " → "
            << (span.after.isEmpty() ? tr("not there") : span.after) << ")\n";
    }
    for (size_t i = 0; i < std::min(MostInText, comparison.courses.size()); ++i)
        out << "  " << comparison.courses[i].series << ": " << comparison.courses[i].text << '\n';
    const auto writeLines = [&](const QString &title, const std::vector<ReportPlace> &places) {
        if (places.empty())
            return;
        out << "  " << title << '\n';
        for (size_t i = 0; i < std::min(MostInText, places.size()); ++i)
            out << "    " << places[i].where << "  " << places[i].text << '\n';
    };
    writeLines(tr("Lines only here (%1)").arg(comparison.newCount), comparison.newLines);
    writeLines(tr("Lines only in the run that passed (%1)").arg(comparison.goneCount), comparison.goneLines);
    out << '\n';
    return text;
}

QString markdownComparison(const ReportComparison &comparison)
{
    QString text;
    QTextStream out(&text);
    out << "## " << tr("Compared with a run that passed") << "\n\n" << markdownEscaped(comparison.with) << "\n\n";
    for (const QString &warning : comparison.warnings)
        out << "> " << markdownEscaped(warning) << "\n\n";
    writeSpans(out, comparison.spans);
    std::vector<ReportPlace> courses;
    for (const auto &course : comparison.courses)
        courses.push_back({course.series, course.text, course.time});
    out << markdownPlaces(courses);
    if (!comparison.newLines.empty())
        out << "### " << tr("Lines only here (%1)").arg(comparison.newCount) << "\n\n"
            << markdownPlaces(comparison.newLines);
    if (!comparison.goneLines.empty())
        out << "### " << tr("Lines only in the run that passed (%1)").arg(comparison.goneCount) << "\n\n"
            << markdownPlaces(comparison.goneLines);
    return text;
}

QVariantHash comparisonVariant(const ReportComparison &comparison)
{
    QVariantList spans;
    for (const auto &span : comparison.spans)
        spans.append(QVariantHash{{u"name"_s, span.name},
                                  {u"difference"_s, span.difference},
                                  {u"before"_s, span.before},
                                  {u"after"_s, span.after}});
    QVariantList courses;
    for (const auto &course : comparison.courses)
        courses.append(QVariantHash{{u"where"_s, course.series}, {u"text"_s, course.text}, {u"time"_s, course.time}});
    return {{u"with"_s, comparison.with},
            {u"warnings"_s, comparison.warnings},
            {u"spans"_s, spans},
            {u"courses"_s, courses},
            {u"newLines"_s, placeVariants(comparison.newLines)},
            {u"goneLines"_s, placeVariants(comparison.goneLines)},
            {u"newCount"_s, comparison.newCount},
            {u"goneCount"_s, comparison.goneCount}};
}

} // namespace faultline
