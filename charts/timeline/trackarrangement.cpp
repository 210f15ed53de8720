// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/trackarrangement.h"

#include <algorithm>

namespace faultline {

bool matchesWords(const QString &text, const QString &search)
{
    const QStringList words = search.split(u' ', Qt::SkipEmptyParts);
    return std::ranges::all_of(words, [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

TrackArrangement::Order TrackArrangement::order(const QList<Known> &tracks) const
{
    Order order;
    for (int i = 0; i < tracks.size(); ++i) {
        const Known &track = tracks[i];
        if (isHidden(track.key)) {
            ++order.hidden;
            continue;
        }
        if (!m_filter.isEmpty() && !matchesWords(track.words, m_filter))
            continue;
        if (isPinned(track.key))
            order.pinned.push_back(i);
        else if (track.isFolded && m_filter.isEmpty() && !isWanted(track.key))
            order.folded.push_back(i);
        else
            order.shown.push_back(i);
    }
    std::ranges::sort(order.pinned, {}, [&](int i) { return m_pinned.indexOf(tracks[i].key); });
    // What was never moved keeps its distance to what stood before it.
    if (!m_order.isEmpty()) {
        QHash<int, double> places;
        double last = -1;
        for (const int i : std::as_const(order.shown)) {
            const qsizetype moved = m_order.indexOf(tracks[i].key);
            last = moved >= 0 ? static_cast<double>(moved) : last + 1e-6;
            places.insert(i, last);
        }
        std::ranges::stable_sort(order.shown, {}, [&](int i) { return places.value(i); });
    }
    return order;
}

void TrackArrangement::setPinned(const QString &key, bool pinned)
{
    m_pinned.removeAll(key);
    if (pinned)
        m_pinned.push_back(key);
}

void TrackArrangement::setHidden(const QString &key, bool hidden)
{
    if (hidden)
        m_hidden.insert(key);
    else
        m_hidden.remove(key);
}

void TrackArrangement::setWanted(const QString &key, bool wanted)
{
    if (wanted)
        m_wanted.insert(key);
    else
        m_wanted.remove(key);
}

void TrackArrangement::setHeight(const QString &key, int height)
{
    if (height > 0)
        m_heights.insert(key, height);
    else
        m_heights.remove(key);
}

void TrackArrangement::move(const QString &key, const QString &to, const QStringList &shown)
{
    QStringList &list = isPinned(key) && isPinned(to) ? m_pinned : m_order;
    if (&list == &m_order)
        m_order = shown;
    const qsizetype from = list.indexOf(key);
    const qsizetype place = list.indexOf(to);
    if (from >= 0 && place >= 0)
        list.move(from, place);
}

} // namespace faultline
