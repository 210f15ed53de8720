// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/spancache.h"

#include <algorithm>

namespace faultline {

SpanCache::SpanCache(qint64 mostBytes)
    : m_mostBytes(mostBytes)
{
}

std::shared_ptr<SpanCache::Slot> SpanCache::slotOf(const void *owner, size_t index)
{
    const std::lock_guard lock(m_mutex);
    const auto found =
        std::ranges::find_if(m_slots, [&](const auto &slot) { return slot->owner == owner && slot->index == index; });
    if (found != m_slots.end()) {
        m_slots.splice(m_slots.begin(), m_slots, found);
    } else {
        m_slots.push_front(std::make_shared<Slot>());
        m_slots.front()->owner = owner;
        m_slots.front()->index = index;
    }
    return m_slots.front();
}

Result<SpanCache::Span> SpanCache::get(const void *owner, size_t index,
                                       const std::function<Result<QByteArray>()> &inflate)
{
    const std::shared_ptr<Slot> slot = slotOf(owner, index);
    const std::lock_guard slotLock(slot->mutex);
    if (slot->span)
        return slot->span;
    auto made = inflate();
    const std::lock_guard lock(m_mutex);
    if (!made) {
        m_slots.remove(slot);
        return std::unexpected(std::move(made.error()));
    }
    slot->span = std::make_shared<const QByteArray>(std::move(*made));
    if (std::ranges::find(m_slots, slot) == m_slots.end()) // pushed out meanwhile
        return slot->span;
    slot->bytes = slot->span->size();
    m_bytes += slot->bytes;
    while (m_bytes > m_mostBytes && m_slots.back() != slot) { // those that are being inflated count nothing yet
        m_bytes -= m_slots.back()->bytes;
        m_slots.pop_back();
    }
    return slot->span;
}

void SpanCache::forget(const void *owner)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_slots, [&](const auto &slot) {
        if (slot->owner != owner)
            return false;
        m_bytes -= slot->bytes;
        return true;
    });
}

qint64 SpanCache::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

} // namespace faultline
