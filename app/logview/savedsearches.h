// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/search/searchquery.h"

#include <QColor>
#include <QObject>

namespace faultline {

/// A search worth keeping. While `isMarked` its matches are coloured in every log.
struct SavedSearch {
    QString name;
    SearchQuery query;
    int color = 0; ///< Index into the theme's series colours.
    bool isMarked = true;

    bool operator==(const SavedSearch &) const = default;
};

/// What to colour in shown text.
struct TextMark {
    QRegularExpression expression;
    QColor ground;
};

/// The searches that a person keeps, in the order they were saved.
class SavedSearches final : public QObject
{
    Q_OBJECT

public:
    static constexpr int Colors = 8;
    static constexpr qsizetype Most = 100;

    using QObject::QObject;

    const QList<SavedSearch> &all() const { return m_all; }
    /// The saved search with this query; -1 where there is none.
    qsizetype indexOf(const SearchQuery &query) const;
    /// Adds with the next colour; false where it is there already, is no query, or there are Most.
    bool add(const SearchQuery &query);
    void remove(qsizetype index);
    void setMarked(qsizetype index, bool marked);
    void setColor(qsizetype index, int color);
    /// What those that are marked colour, on a light or dark ground.
    std::vector<TextMark> marks(bool dark) const;

    QByteArray toJson() const;
    /// Takes what toJson() gave; what is no saved search is passed over.
    void restore(const QByteArray &json);

    static QColor color(int index, bool dark);

Q_SIGNALS:
    void changed();

private:
    QList<SavedSearch> m_all;
};

} // namespace faultline
