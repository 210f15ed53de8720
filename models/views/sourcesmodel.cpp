// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/sourcesmodel.h"

#include "models/views/texts.h"

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
QString samplesText(const Series &series)
{
    return SourcesModel::tr("Samples: %1").arg(QLocale().toString(static_cast<qulonglong>(series.times.size())));
}
} // namespace

void SourcesModel::setAnalysis(const Analysis &analysis)
{
    beginResetModel();
    m_analysis = analysis;
    m_names.clear();
    m_firstSeries.clear();
    if (m_analysis.evidence) {
        m_names = sourceNames(*m_analysis.evidence);
        int first = 0;
        for (const auto &source : m_analysis.evidence->sources) {
            m_firstSeries.push_back(first);
            first += static_cast<int>(source->series.size());
        }
    }
    endResetModel();
}

void SourcesModel::setFormatTitles(std::map<QByteArray, QString> titles)
{
    m_titles = std::move(titles);
    if (const int rows = rowCount(); rows > 0)
        Q_EMIT dataChanged(index(0, 0), index(rows - 1, 0), {DetailRole, Qt::ToolTipRole});
}

QModelIndex SourcesModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    // 0 is a source; its children carry its row plus one.
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : quintptr(0));
}

QModelIndex SourcesModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, quintptr(0));
}

int SourcesModel::rowCount(const QModelIndex &parent) const
{
    if (!m_analysis.evidence || parent.column() > 0)
        return 0;
    if (!parent.isValid())
        return static_cast<int>(m_analysis.evidence->sources.size());
    if (parent.internalId() != 0)
        return 0;
    const auto &source = *m_analysis.evidence->sources[static_cast<size_t>(parent.row())];
    return static_cast<int>(source.series.size() + source.notes.size());
}

int SourcesModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QVariant SourcesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.internalId() == 0)
        return sourceData(index.row(), role);
    const int source = static_cast<int>(index.internalId() - 1);
    const int series = static_cast<int>(m_analysis.evidence->sources[static_cast<size_t>(source)]->series.size());
    return index.row() < series ? seriesData(source, index.row(), role) : noteData(source, index.row() - series, role);
}

QHash<int, QByteArray> SourcesModel::roleNames() const
{
    auto names = QAbstractItemModel::roleNames();
    names.insert({{ItemRole, "item"},
                  {SourceRole, "source"},
                  {LineRole, "line"},
                  {SeriesRole, "series"},
                  {PathRole, "path"},
                  {KindRole, "kind"},
                  {DetailRole, "detail"},
                  {FormatReasonRole, "formatReason"},
                  {LinesRole, "lines"},
                  {ClockRole, "clock"},
                  {ClockReasonRole, "clockReason"},
                  {ClockHowRole, "clockHow"},
                  {PlacedRole, "placed"},
                  {NotesRole, "notes"},
                  {SeverityRole, "severity"}});
    return names;
}

QVariant SourcesModel::sourceData(int index, int role) const
{
    const auto &source = *m_analysis.evidence->sources[static_cast<size_t>(index)];
    switch (role) {
    case Qt::DisplayRole: return m_names.at(index);
    case Qt::ToolTipRole: return toolTip(source, index);
    case Qt::AccessibleTextRole: return QString(m_names.at(index) % u", " % detail(source, index));
    case ItemRole: return static_cast<int>(Item::Source);
    case SourceRole: return index;
    case LineRole: return qint64(0);
    case SeriesRole: return -1;
    case PathRole: return source.path;
    case KindRole: return static_cast<int>(source.kind);
    case DetailRole: return detail(source, index);
    case FormatReasonRole: return source.formatReason;
    case LinesRole: return source.lineCount();
    case ClockRole: return clockText(source, placement(index));
    case ClockReasonRole: return placement(index).reason;
    case ClockHowRole: return static_cast<int>(placement(index).how);
    case PlacedRole: return placement(index).isPlaced();
    case NotesRole: return noteCount(source);
    case SeverityRole: {
        int worst = -1;
        for (const Note &note : source.notes)
            worst = std::max(worst, static_cast<int>(note.severity));
        return worst;
    }
    default: return {};
    }
}

QVariant SourcesModel::seriesData(int sourceIndex, int series, int role) const
{
    const Series &item =
        m_analysis.evidence->sources[static_cast<size_t>(sourceIndex)]->series[static_cast<size_t>(series)];
    switch (role) {
    case Qt::DisplayRole: return shownText(item.id(), 300);
    case Qt::ToolTipRole: return QString(shownText(item.id()) % u'\n' % samplesText(item));
    case ItemRole: return static_cast<int>(Item::Series);
    case SourceRole: return sourceIndex;
    case LineRole: return item.line;
    case SeriesRole: return m_firstSeries[static_cast<size_t>(sourceIndex)] + series;
    case DetailRole: return samplesText(item);
    case SeverityRole: return -1;
    default: return {};
    }
}

QVariant SourcesModel::noteData(int sourceIndex, int noteIndex, int role) const
{
    const Note &note =
        m_analysis.evidence->sources[static_cast<size_t>(sourceIndex)]->notes[static_cast<size_t>(noteIndex)];
    switch (role) {
    case Qt::DisplayRole:
        return note.position.line > 0 ? tr("Line %1: %2").arg(QLocale().toString(note.position.line), note.text)
                                      : note.text;
    case Qt::ToolTipRole: return QString(severityTitle(note.severity) % u": " % note.text);
    case ItemRole: return static_cast<int>(Item::Note);
    case SourceRole: return sourceIndex;
    case LineRole: return note.position.line;
    case SeriesRole: return -1;
    case DetailRole: return note.count > 1 ? tr("%1 times").arg(QLocale().toString(note.count)) : QString();
    case SeverityRole: return static_cast<int>(note.severity);
    default: return {};
    }
}

QString SourcesModel::formatTitle(const SourceEvidence &source) const
{
    const auto found = m_titles.find(source.format);
    if (found != m_titles.end() && !found->second.isEmpty())
        return found->second;
    return source.format.isEmpty() ? kindTitle(source.kind) : QString::fromUtf8(source.format);
}

QString SourcesModel::detail(const SourceEvidence &source, int index) const
{
    QStringList parts{formatTitle(source)};
    if (!source.series.empty())
        parts.append(tr("%Ln series", nullptr, static_cast<int>(source.series.size())));
    else if (source.text)
        parts.append(source.lineCount() == 1 ? tr("1 line")
                                             : tr("%1 lines").arg(QLocale().toString(source.lineCount())));
    parts.append(clockText(source, placement(index)));
    return parts.join(u" · ");
}

QString SourcesModel::toolTip(const SourceEvidence &source, int index) const
{
    QStringList lines{source.path, tr("Kind: %1").arg(kindTitle(source.kind)),
                      tr("Format: %1").arg(formatTitle(source))};
    if (!source.formatReason.isEmpty())
        lines.append(tr("Taken for it because: %1").arg(source.formatReason));
    lines.append(tr("Size: %1").arg(QLocale().formattedDataSize(source.byteCount)));
    lines.append(tr("Clock: %1").arg(clockText(source, placement(index))));
    if (!placement(index).reason.isEmpty())
        lines.append(placement(index).reason);
    return lines.join(u'\n');
}

const SourcePlacement &SourcesModel::placement(int source) const
{
    static const SourcePlacement None;
    if (!m_analysis.placement || static_cast<size_t>(source) >= m_analysis.placement->sources.size())
        return None;
    return m_analysis.placement->sources[static_cast<size_t>(source)];
}

int SourcesModel::noteCount(const SourceEvidence &source)
{
    qint64 count = 0;
    for (const Note &note : source.notes)
        count += note.count;
    return static_cast<int>(std::min<qint64>(count, INT_MAX));
}

} // namespace faultline
