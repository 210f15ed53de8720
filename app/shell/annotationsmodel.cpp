// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/annotationsmodel.h"

using namespace Qt::StringLiterals;

namespace faultline {

void AnnotationsModel::setAnalysis(const Analysis &analysis)
{
    beginResetModel();
    m_notes.clear();
    m_names.clear();
    if (analysis.evidence && analysis.placement && analysis.annotations) {
        m_notes =
            placedAnnotations(*analysis.annotations, *analysis.evidence, *analysis.placement, analysis.findings.get());
        m_names = sourceNames(*analysis.evidence);
    }
    endResetModel();
}

void AnnotationsModel::setZone(ZoneShown zone)
{
    m_zone = zone;
    if (!m_notes.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {TimeRole});
}

QModelIndex AnnotationsModel::indexOf(qint64 id) const
{
    const auto found = std::ranges::find(m_notes, id, [](const PlacedAnnotation &note) { return note.annotation.id; });
    return found == m_notes.end() ? QModelIndex() : index(static_cast<int>(found - m_notes.begin()));
}

int AnnotationsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_notes.size());
}

/// A moment is told by its time alone.
QString AnnotationsModel::placeOf(const PlacedAnnotation &note) const
{
    switch (note.annotation.target) {
    case AnnotationTarget::Moment: return tr("Moment");
    case AnnotationTarget::Range: return tr("Range");
    default: return annotationPlaceText(note.annotation, m_names.value(note.source));
    }
}

QVariant AnnotationsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PlacedAnnotation &placed = note(index);
    const Annotation &annotation = placed.annotation;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return annotation.text;
    case IdRole: return annotation.id;
    case PlaceRole: return placeOf(placed);
    case TimeRole: return placed.time ? dateTimeText(placed.time->time, m_zone) : QString();
    case ColourRole: return static_cast<int>(annotation.colour);
    case TagsRole: return annotation.tags;
    case AuthorRole: return annotation.author;
    case SearchRole:
        return QStringList{annotation.text, annotation.author, annotation.tags.join(u'\n'), placeOf(placed),
                           annotation.quote}
            .join(u'\n');
    default: return {};
    }
}

QHash<int, QByteArray> AnnotationsModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractListModel::roleNames();
    names.insert({{IdRole, "id"},
                  {PlaceRole, "place"},
                  {TimeRole, "time"},
                  {ColourRole, "colour"},
                  {TagsRole, "tags"},
                  {AuthorRole, "author"},
                  {SearchRole, "search"}});
    return names;
}

} // namespace faultline
