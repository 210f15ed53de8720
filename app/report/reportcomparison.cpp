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
    return {spanName(difference), differenceWord(difference.kind), howItWentBefore(difference),
            howItWentHere(difference)};
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

/// A run by the folder that holds all its files; a single file by its own name.
QString runName(const QStringList &paths)
{
    if (paths.size() < 2)
        return paths.isEmpty() ? QString() : QFileInfo(paths.front()).fileName();
    QStringList common = QFileInfo(paths.front()).absolutePath().split(u'/');
    for (const QString &path : paths) {
        const QStringList parts = QFileInfo(path).absolutePath().split(u'/');
        const auto differs = std::ranges::mismatch(common, parts).in1;
        common.erase(differs, common.end());
    }
    const QString folder = common.isEmpty() ? QString() : common.last();
    return folder.isEmpty() ? tr("%L1 files").arg(paths.size()) : tr("%1 (%L2 files)").arg(folder).arg(paths.size());
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

ReportComparison::Span movedOf(const Analysis &analysis, const LineDifference &line)
{
    const auto place = [](const QString &path, qint64 number) {
        return u"%1:%2"_s.arg(QFileInfo(path).fileName()).arg(number);
    };
    return {reportText(line.text), line.count == 1 ? tr("1 line") : tr("%1 lines").arg(line.count),
            place(analysis.comparison->baselinePaths.value(line.otherSource), line.otherLine),
            place(analysis.evidence->sources[static_cast<size_t>(line.source)]->path, line.line)};
}

ReportComparison::Span profileOf(const ProfileDifference &difference)
{
    return {u"%1 (%2)"_s.arg(reportText(difference.function), QString::fromUtf8(difference.type)),
            difference.after > difference.before ? tr("heavier") : tr("lighter"),
            weightText(difference.before, difference.unit), weightText(difference.after, difference.unit)};
}

ReportComparison::Span cacheOf(const CacheDifference &difference)
{
    const auto rate = [](const CacheUse &use) {
        const qint64 all = use.hits + use.misses;
        return all > 0 ? static_cast<double>(use.hits) / static_cast<double>(all) : -1;
    };
    const double before = rate(difference.before);
    const double after = rate(difference.after);
    const QString word = before < 0 || after < 0 ? (before < 0 ? tr("only here") : tr("not here"))
                         : after < before        ? tr("fewer hits")
                         : after > before        ? tr("more hits")
                                                 : tr("the same");
    return {QString::fromUtf8(difference.cache), word, cacheText(difference.before), cacheText(difference.after)};
}

void writeSection(QTextStream &out, const QString &title, const std::vector<ReportComparison::Span> &spans)
{
    if (spans.empty())
        return;
    out << "### " << title << "\n\n";
    writeSpans(out, spans);
}

QVariantList spanVariants(const std::vector<ReportComparison::Span> &spans)
{
    QVariantList list;
    for (const auto &span : spans)
        list.append(QVariantHash{{u"name"_s, span.name},
                                 {u"difference"_s, span.difference},
                                 {u"before"_s, span.before},
                                 {u"after"_s, span.after}});
    return list;
}

} // namespace

QString differenceWord(Difference difference)
{
    switch (difference) {
    case Difference::New: return tr("only here");
    case Difference::Gone: return tr("not here");
    case Difference::Changed: return tr("ended otherwise");
    case Difference::Slower: return tr("slower");
    case Difference::Faster: return tr("faster");
    case Difference::Moved: return tr("moved");
    case Difference::Same: return tr("the same");
    }
    return {};
}

QString spanName(const SpanDifference &difference)
{
    const QString name = kindWord(difference.span) + u' ' + reportText(difference.name);
    if (difference.job.isEmpty() || difference.span == SpanKind::Job)
        return name;
    return tr("%1 in job %2").arg(name, reportText(difference.job));
}

QString howItWentBefore(const SpanDifference &difference)
{
    return howItWent(difference.before, difference.tookBefore, difference.kind != Difference::New);
}

QString howItWentHere(const SpanDifference &difference)
{
    return howItWent(difference.after, difference.tookAfter, difference.kind != Difference::Gone);
}

QString cacheText(const CacheUse &use)
{
    const qint64 all = use.hits + use.misses;
    return all == 0 ? QString() : tr("%1 of %2 hit").arg(use.hits).arg(all);
}

QString weightText(double weight, const QByteArray &unit)
{
    Series series;
    series.unit = unit;
    if (unit == "nanoseconds")
        return reportDuration(static_cast<DurationNs>(weight));
    return reportValue(weight, series);
}

ReportComparison reportComparison(const Analysis &analysis)
{
    const RunComparison &comparison = *analysis.comparison;
    ReportComparison result;
    result.with = runName(comparison.baselinePaths);
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
    for (const LineDifference &line : comparison.moved)
        if (result.movedLines.size() < MostShownSpans)
            result.movedLines.push_back(movedOf(analysis, line));
    for (const ProfileDifference &difference : comparison.profiles)
        if (result.profiles.size() < MostShownSpans)
            result.profiles.push_back(profileOf(difference));
    for (const CacheDifference &difference : comparison.caches)
        result.caches.push_back(cacheOf(difference));
    result.movedCount = QString::number(comparison.movedLines);
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
    for (const auto &cache : comparison.caches)
        out << "  " << cache.name << ": " << cache.difference << " ("
            << (cache.before.isEmpty() ? tr("not there") : cache.before) << " → "
            << (cache.after.isEmpty() ? tr("not there") : cache.after) << ")\n";
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
    writeSection(out, tr("Lines that moved (%1)").arg(comparison.movedCount), comparison.movedLines);
    writeSection(out, tr("Profiles"), comparison.profiles);
    writeSection(out, tr("Caches"), comparison.caches);
    return text;
}

QVariantHash comparisonVariant(const ReportComparison &comparison)
{
    QVariantList courses;
    for (const auto &course : comparison.courses)
        courses.append(QVariantHash{{u"where"_s, course.series}, {u"text"_s, course.text}, {u"time"_s, course.time}});
    return {{u"with"_s, comparison.with},
            {u"warnings"_s, comparison.warnings},
            {u"spans"_s, spanVariants(comparison.spans)},
            {u"courses"_s, courses},
            {u"newLines"_s, placeVariants(comparison.newLines)},
            {u"goneLines"_s, placeVariants(comparison.goneLines)},
            {u"movedLines"_s, spanVariants(comparison.movedLines)},
            {u"profiles"_s, spanVariants(comparison.profiles)},
            {u"caches"_s, spanVariants(comparison.caches)},
            {u"newCount"_s, comparison.newCount},
            {u"goneCount"_s, comparison.goneCount},
            {u"movedCount"_s, comparison.movedCount}};
}

} // namespace faultline
