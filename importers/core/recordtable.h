// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/types.h"

#include <algorithm>
#include <mutex>
#include <vector>

namespace faultline {

/// What a carrier learns of records that span lines, by where they begin: their time and level. Filled in order of lines while a source is
/// read, asked from any thread; two dozen bytes a record.
class RecordTable
{
public:
    struct Record {
        qint64 byteOffset = 0;
        std::optional<SourceTime> time;
        Severity level = Severity::Info;
        qint32 skip = 0; ///< Bytes of the line that are not text.
    };

    void add(const Record &record)
    {
        const std::scoped_lock lock(m_mutex);
        if (m_records.empty() || m_records.back().byteOffset < record.byteOffset)
            m_records.push_back(record);
    }
    /// The record that begins at or before the byte.
    std::optional<Record> before(qint64 byteOffset) const
    {
        const std::scoped_lock lock(m_mutex);
        const auto after = std::ranges::upper_bound(m_records, byteOffset, {}, &Record::byteOffset);
        return after == m_records.begin() ? std::nullopt : std::optional(*std::prev(after));
    }
    /// The record that begins right there.
    std::optional<Record> at(qint64 byteOffset) const
    {
        const auto found = before(byteOffset);
        return found && found->byteOffset == byteOffset ? found : std::nullopt;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<Record> m_records;
};

} // namespace faultline
