// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/evidencemodel.h"

using namespace Qt::StringLiterals;

namespace faultline {

void EvidenceModel::setRows(const Analysis &analysis, std::vector<EvidenceRef> rows, std::vector<EvidenceRef> against)
{
    beginResetModel();
    m_analysis = analysis;
    m_names = m_analysis.evidence ? sourceNames(*m_analysis.evidence) : QStringList();
    m_series = m_analysis.evidence ? m_analysis.evidence->allSeries() : std::vector<SeriesRef>();
    m_rows = std::move(rows);
    m_firstAgainst = m_rows.size();
    m_rows.insert(m_rows.end(), against.begin(), against.end());
    endResetModel();
}

void EvidenceModel::setZone(ZoneShown zone)
{
    if (zone == m_zone)
        return;
    m_zone = zone;
    if (const int rows = rowCount(); rows > 0)
        Q_EMIT dataChanged(index(0), index(rows - 1), {TimeTextRole, TextRole, Qt::ToolTipRole});
}

int EvidenceModel::rowOf(int source, qint64 line) const
{
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const EvidenceRef &ref = m_rows[i];
        if (ref.source == source && ref.line > 0 && line >= ref.line && line <= std::max(ref.line, ref.lastLine))
            return static_cast<int>(i);
    }
    return -1;
}

int EvidenceModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant EvidenceModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const EvidenceRef &ref = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return QString(place(ref) % u": " % text(ref));
    case Qt::ToolTipRole: {
        const QString time = timeText(ref);
        return QString(place(ref) % (time.isEmpty() ? QString() : QString(u" \u00b7 " % time)) % u'\n' % text(ref));
    }
    case ItemRole: return static_cast<int>(item(ref));
    case PlaceRole: return place(ref);
    case TextRole: return text(ref);
    case FailingRole: return ref.role == EvidenceRole::Failing;
    case AgainstRole: return static_cast<size_t>(index.row()) >= m_firstAgainst;
    case SourceRole: return ref.source;
    case LineRole: return ref.line;
    case LastLineRole: return ref.lastLine;
    case SeriesRole: return ref.series;
    case TimeRole: return ref.time ? QVariant(ref.time->time.ns) : QVariant();
    case TimeTextRole: return timeText(ref);
    case ValueRole: return ref.value;
    default: return {};
    }
}

QHash<int, QByteArray> EvidenceModel::roleNames() const
{
    auto names = QAbstractListModel::roleNames();
    names.insert({{ItemRole, "item"},
                  {PlaceRole, "place"},
                  {TextRole, "text"},
                  {FailingRole, "failing"},
                  {AgainstRole, "against"},
                  {SourceRole, "source"},
                  {LineRole, "line"},
                  {LastLineRole, "lastLine"},
                  {SeriesRole, "series"},
                  {TimeRole, "time"},
                  {TimeTextRole, "timeText"},
                  {ValueRole, "value"}});
    return names;
}

EvidenceModel::Item EvidenceModel::item(const EvidenceRef &ref) const
{
    if (ref.line > 0)
        return Item::Lines;
    if (ref.series >= 0 && static_cast<size_t>(ref.series) < m_series.size())
        return Item::Sample;
    return ref.covered ? Item::Covered : Item::Lines;
}

QString EvidenceModel::place(const EvidenceRef &ref) const
{
    const QString name = m_names.value(ref.source);
    switch (item(ref)) {
    case Item::Lines:
        if (ref.line <= 0)
            return name;
        return ref.lastLine > ref.line
                   ? QString(name % u':' % QString::number(ref.line) % u'\u2013' % QString::number(ref.lastLine))
                   : QString(name % u':' % QString::number(ref.line));
    case Item::Sample:
        return shownText(m_analysis.evidence->series(m_series[static_cast<size_t>(ref.series)]).name, 120);
    case Item::Covered: return name;
    }
    return name;
}

QString EvidenceModel::text(const EvidenceRef &ref) const
{
    switch (item(ref)) {
    case Item::Lines: return shownText(ref.text);
    case Item::Sample: {
        const Series &series = m_analysis.evidence->series(m_series[static_cast<size_t>(ref.series)]);
        return ref.time ? tr("%1 at %2").arg(valueText(ref.value, series.unit), timeOfDayText(ref.time->time, m_zone))
                        : valueText(ref.value, series.unit);
    }
    case Item::Covered:
        return tr("%1 to %2: nothing on “%3”")
            .arg(timeOfDayText(ref.covered->first, m_zone, 0), timeOfDayText(ref.covered->second, m_zone, 0),
                 ref.lookedFor.isEmpty() ? tr("what was looked for") : ref.lookedFor);
    }
    return {};
}

QString EvidenceModel::timeText(const EvidenceRef &ref) const
{
    return ref.time ? timeOfDayText(ref.time->time, m_zone) : QString();
}

} // namespace faultline
