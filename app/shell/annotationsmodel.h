// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"
#include "models/views/texts.h"

#include <QAbstractListModel>

namespace faultline {

/// A person's notes in order of time.
class AnnotationsModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles {
        IdRole = Qt::UserRole + 1,
        PlaceRole,  ///< What it is on: "ci.log:59".
        TimeRole,   ///< Shown time; empty where it has none.
        ColourRole, ///< AnnotationColour as int.
        TagsRole,
        AuthorRole,
        SearchRole, ///< All that a search looks at.
    };

    using QAbstractListModel::QAbstractListModel;

    void setAnalysis(const Analysis &analysis);
    void setZone(ZoneShown zone);
    const PlacedAnnotation &note(const QModelIndex &index) const { return m_notes[static_cast<size_t>(index.row())]; }
    /// Invalid where there is none.
    QModelIndex indexOf(qint64 id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    QString placeOf(const PlacedAnnotation &note) const;

    std::vector<PlacedAnnotation> m_notes;
    QStringList m_names; ///< Of the sources.
    ZoneShown m_zone = ZoneShown::Utc;
};

} // namespace faultline
