// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/bytesource.h"

#include <functional>
#include <list>
#include <mutex>

namespace faultline {

/// The stretches of compressed files that were inflated last, of all sources of a case together. Thread safe.
class SpanCache
{
public:
    using Span = std::shared_ptr<const QByteArray>;

    /// Keeps about `mostBytes`, and the last span whatever its size.
    explicit SpanCache(qint64 mostBytes);

    /// The span `index` of the source that `owner` stands for; `inflate` makes it where it is not there, once for all threads that ask.
    Result<Span> get(const void *owner, size_t index, const std::function<Result<QByteArray>()> &inflate);
    /// Drops the spans of a source that goes away.
    void forget(const void *owner);
    /// Bytes that are kept now.
    qint64 size() const;

private:
    struct Slot {
        const void *owner;
        size_t index;
        std::mutex mutex; ///< Held while the span is inflated. Taken before the cache's own, never after it.
        Span span;
        qint64 bytes = 0; ///< As they were counted.
    };
    std::shared_ptr<Slot> slotOf(const void *owner, size_t index);

    const qint64 m_mostBytes;
    mutable std::mutex m_mutex;
    std::list<std::shared_ptr<Slot>> m_slots; ///< Those used last are in front.
    qint64 m_bytes = 0;
};

} // namespace faultline
