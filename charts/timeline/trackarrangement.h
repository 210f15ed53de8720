// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QSet>
#include <QStringList>

namespace faultline {

/// What a person made of the order, size and choice of tracks. Tracks are named by keys that stay the same when a case is analysed anew.
class TrackArrangement
{
public:
    /// How a track stands where a person said nothing.
    struct Known {
        QString key;
        QString words;         ///< What a filter searches.
        bool isFolded = false; ///< Shown only once it is wanted, or all folded ones are.
    };
    /// Indexes into the known tracks, from the top.
    struct Order {
        QList<int> pinned;
        QList<int> shown;
        QList<int> folded;
        int hidden = 0; ///< How many a person hid.
    };

    /// Pinned ones first, in the order in which they were pinned; then as moved, else as known. With a filter, folded ones that match are shown.
    Order order(const QList<Known> &tracks) const;

    bool isPinned(const QString &key) const { return m_pinned.contains(key); }
    void setPinned(const QString &key, bool pinned);
    /// In the order in which they were pinned.
    const QStringList &pins() const { return m_pinned; }
    void setPins(const QStringList &keys) { m_pinned = keys; }
    bool isHidden(const QString &key) const { return m_hidden.contains(key); }
    void setHidden(const QString &key, bool hidden);
    void showAll() { m_hidden.clear(); }
    /// A folded track that is wanted is shown with the others.
    bool isWanted(const QString &key) const { return m_wanted.contains(key); }
    void setWanted(const QString &key, bool wanted);
    /// Pixels; 0 for the track's own height.
    int height(const QString &key) const { return m_heights.value(key, 0); }
    void setHeight(const QString &key, int height);
    /// Puts the track at another one's place, which moves on. `shown` is the present order of keys.
    void move(const QString &key, const QString &to, const QStringList &shown);
    void setFilter(const QString &filter) { m_filter = filter.trimmed(); }
    const QString &filter() const { return m_filter; }

private:
    QStringList m_pinned;
    QStringList m_order; ///< Empty: as known.
    QSet<QString> m_hidden;
    QSet<QString> m_wanted;
    QHash<QString, int> m_heights;
    QString m_filter;
};

/// Whether all words of a search are found in a text, in any order and case.
bool matchesWords(const QString &text, const QString &search);

} // namespace faultline
