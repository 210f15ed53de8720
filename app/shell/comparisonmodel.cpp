// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/comparisonmodel.h"

#include "app/report/reportcomparison.h"
#include "app/settings/theme.h"
#include "models/views/texts.h"

#include <QFileInfo>
#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr quintptr OfRoot = 0; ///< Internal id of sections; rows have their section's index and one.

QVariant colourOf(Difference difference)
{
    const QPalette palette = QGuiApplication::palette();
    const ThemeColors &colors = themeColors(palette);
    switch (difference) {
    case Difference::New:
    case Difference::Changed: return colors.failure;
    case Difference::Slower: return colors.warning;
    case Difference::Faster: return colors.good;
    case Difference::Gone:
    case Difference::Moved:
    case Difference::Same: return colors.faint;
    }
    return {};
}

} // namespace

void ComparisonModel::setAnalysis(const Analysis &analysis)
{
    const bool isSame = m_analysis.comparison == analysis.comparison;
    m_analysis = analysis;
    if (!isSame)
        rebuild();
}

void ComparisonModel::setOnlyDifferences(bool only)
{
    if (std::exchange(m_onlyDifferences, only) != only)
        rebuild();
}

void ComparisonModel::rebuild()
{
    beginResetModel();
    m_parts.clear();
    m_names.clear();
    if (m_analysis.comparison) {
        m_names = sourceNames(*m_analysis.evidence);
        addSpans();
        addLines();
        addSeries();
        addProfiles();
        addCaches();
    }
    endResetModel();
}

void ComparisonModel::add(Section section, const QString &title, std::vector<Row> rows, qint64 all)
{
    if (!rows.empty())
        m_parts.push_back({section, title, std::move(rows), all});
}

QString ComparisonModel::hereText(int source, qint64 line) const
{
    return u"%1:%2"_s.arg(m_names.value(source)).arg(line);
}

QString ComparisonModel::beforeText(int source, qint64 line) const
{
    return u"%1:%2"_s.arg(QFileInfo(m_analysis.comparison->baselinePaths.value(source)).fileName()).arg(line);
}

void ComparisonModel::addSpans()
{
    std::vector<Row> rows;
    const RunComparison &comparison = *m_analysis.comparison;
    for (const SpanDifference &span : m_onlyDifferences ? comparison.spans : comparison.aligned) {
        Row row{{spanName(span), differenceWord(span.kind), howItWentBefore(span), howItWentHere(span)}};
        row.difference = span.kind;
        row.isHarmless =
            span.kind == Difference::New && (span.after == Outcome::Passed || span.after == Outcome::Skipped);
        if (span.kind != Difference::Gone) {
            row.source = span.source;
            row.line = span.line;
        }
        rows.push_back(std::move(row));
    }
    add(Section::Spans, tr("Steps and tests"), std::move(rows));
}

ComparisonModel::Row ComparisonModel::lineRow(const LineDifference &line) const
{
    Row row;
    row.difference = line.kind;
    row.texts[WhatColumn] = shownText(line.text, 400);
    row.source = line.kind == Difference::Gone ? line.otherSource : line.source;
    row.line = line.kind == Difference::Gone ? line.otherLine : line.line;
    switch (line.kind) {
    case Difference::New:
        row.texts[DifferenceColumn] = line.count == 1 ? tr("only here") : tr("only here, %L1 times").arg(line.count);
        row.texts[HereColumn] = hereText(line.source, line.line);
        break;
    case Difference::Gone:
        row.texts[DifferenceColumn] =
            line.count == 1 ? tr("not here") : tr("not here, there %L1 times").arg(line.count);
        row.texts[BeforeColumn] = beforeText(line.source, line.line);
        if (line.otherSource >= 0)
            row.texts[HereColumn] = tr("after %1").arg(hereText(line.otherSource, line.otherLine));
        break;
    default:
        row.texts[DifferenceColumn] = line.count == 1 ? tr("moved") : tr("moved, %L1 lines").arg(line.count);
        row.texts[BeforeColumn] = beforeText(line.otherSource, line.otherLine);
        row.texts[HereColumn] = hereText(line.source, line.line);
    }
    return row;
}

void ComparisonModel::addLines()
{
    const RunComparison &comparison = *m_analysis.comparison;
    std::vector<Row> fresh;
    std::vector<Row> gone;
    std::vector<Row> moved;
    for (const LineDifference &line : comparison.lines)
        (line.kind == Difference::New ? fresh : gone).push_back(lineRow(line));
    for (const LineDifference &line : comparison.moved)
        moved.push_back(lineRow(line));
    add(Section::NewLines, tr("Lines only here"), std::move(fresh), comparison.newLines);
    add(Section::GoneLines, tr("Lines only in the run that passed"), std::move(gone), comparison.goneLines);
    add(Section::MovedLines, tr("Lines that moved"), std::move(moved));
}

void ComparisonModel::addSeries()
{
    const std::vector<SeriesRef> all = m_analysis.evidence->allSeries();
    const QString start = m_analysis.comparison->alignedAt;
    std::vector<Row> rows;
    for (const SeriesDivergence &divergence : m_analysis.comparison->series) {
        const SeriesRef ref = all[static_cast<size_t>(divergence.series)];
        const Series &series = m_analysis.evidence->series(ref);
        Row row{{QString::fromUtf8(series.id()),
                 tr("%1 after the start of %2")
                     .arg(durationText(divergence.sinceStart), start.isEmpty() ? tr("the log") : start),
                 valueText(divergence.expected, series.unit), valueText(divergence.value, series.unit)}};
        row.source = ref.source;
        row.series = divergence.series;
        row.timeNs = divergence.at.ns;
        rows.push_back(std::move(row));
    }
    add(Section::Series, tr("Series that left their course"), std::move(rows));
}

void ComparisonModel::addProfiles()
{
    std::vector<Row> rows;
    for (const ProfileDifference &difference : m_analysis.comparison->profiles) {
        const bool isMore = difference.after > difference.before;
        Row row{{tr("%1 (%2)").arg(shownText(difference.function), QString::fromUtf8(difference.type)),
                 isMore ? tr("heavier") : tr("lighter"), weightText(difference.before, difference.unit),
                 weightText(difference.after, difference.unit)}};
        row.difference = isMore ? Difference::Slower : Difference::Faster;
        row.source = difference.source;
        row.profile = difference.profile;
        rows.push_back(std::move(row));
    }
    add(Section::Profiles, tr("Profiles: what functions weigh themselves"), std::move(rows));
}

void ComparisonModel::addCaches()
{
    std::vector<Row> rows;
    for (const auto &cache : reportComparison(m_analysis).caches)
        rows.push_back({{cache.name, cache.difference, cache.before, cache.after}});
    for (size_t i = 0; i < rows.size(); ++i) {
        const CacheDifference &difference = m_analysis.comparison->caches[i];
        rows[i].difference = difference.before.misses < difference.after.misses ? Difference::Slower : Difference::Same;
        rows[i].source = difference.after.source;
        rows[i].line = difference.after.line;
    }
    add(Section::Caches, tr("Caches"), std::move(rows));
}

QModelIndex ComparisonModel::sectionIndex(Section section) const
{
    const auto found = std::ranges::find(m_parts, section, &Part::section);
    return found == m_parts.end() ? QModelIndex() : index(static_cast<int>(found - m_parts.begin()), 0);
}

QModelIndex ComparisonModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : OfRoot);
}

QModelIndex ComparisonModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == OfRoot)
        return {};
    return createIndex(static_cast<int>(index.internalId()) - 1, 0, OfRoot);
}

int ComparisonModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_parts.size());
    if (parent.internalId() != OfRoot || parent.column() != 0)
        return 0;
    return static_cast<int>(m_parts[static_cast<size_t>(parent.row())].rows.size());
}

int ComparisonModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant ComparisonModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.internalId() == OfRoot) {
        const Part &part = m_parts[static_cast<size_t>(index.row())];
        if (role == Qt::FontRole) {
            QFont font = QGuiApplication::font();
            font.setWeight(QFont::DemiBold);
            return font;
        }
        if (role == SectionRole)
            return static_cast<int>(part.section);
        if (role == SourceRole || role == SeriesRole || role == ProfileRole)
            return -1;
        if (role != Qt::DisplayRole || index.column() != WhatColumn)
            return {};
        const QString shown = QLocale().toString(part.rows.size());
        return std::cmp_less(part.rows.size(), part.all)
                   ? tr("%1 (the first %2 of %L3)").arg(part.title, shown).arg(part.all)
                   : u"%1 (%2)"_s.arg(part.title, shown);
    }
    const Part &part = m_parts[static_cast<size_t>(index.internalId()) - 1];
    const Row &row = part.rows[static_cast<size_t>(index.row())];
    const QString &text = row.texts[static_cast<size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole: return text;
    case Qt::ToolTipRole: return text.isEmpty() ? QVariant() : QVariant(text.toHtmlEscaped());
    case Qt::FontRole: {
        const bool isLine = part.section == Section::NewLines || part.section == Section::GoneLines
                            || part.section == Section::MovedLines;
        return isLine && index.column() == WhatColumn ? QFontDatabase::systemFont(QFontDatabase::FixedFont)
                                                      : QVariant();
    }
    case Qt::ForegroundRole:
        return index.column() == DifferenceColumn ? colourOf(row.isHarmless ? Difference::Same : row.difference)
                                                  : QVariant();
    case SectionRole: return static_cast<int>(part.section);
    case SourceRole: return row.source;
    case LineRole: return row.line;
    case SeriesRole: return row.series;
    case TimeRole: return row.timeNs;
    case ProfileRole: return row.profile;
    case DifferenceRole: return static_cast<int>(row.difference);
    default: return {};
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case WhatColumn: return tr("What");
    case DifferenceColumn: return tr("Difference");
    case BeforeColumn: return tr("Run that passed");
    case HereColumn: return tr("This run");
    default: return {};
    }
}

QHash<int, QByteArray> ComparisonModel::roleNames() const
{
    auto names = QAbstractItemModel::roleNames();
    names.insert({{SectionRole, "section"},
                  {SourceRole, "source"},
                  {LineRole, "line"},
                  {SeriesRole, "series"},
                  {TimeRole, "time"},
                  {ProfileRole, "profile"},
                  {DifferenceRole, "difference"}});
    return names;
}

} // namespace faultline
