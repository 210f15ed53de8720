// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <vector>

namespace faultline {

/// When the samples of a series were taken. Those of one answer are mostly taken at the same times, which would be half of what they hold:
/// such series share them.
class SampleTimes
{
public:
    SampleTimes() = default;
    SampleTimes(std::initializer_list<SourceTime> times)
        : SampleTimes(std::vector<SourceTime>(times))
    {
    }
    SampleTimes(std::vector<SourceTime> times)
        : m_times(std::make_shared<std::vector<SourceTime>>(std::move(times)))
    {
    }

    bool empty() const { return !m_times || m_times->empty(); }
    size_t size() const { return m_times ? m_times->size() : 0; }
    const SourceTime &operator[](size_t index) const { return (*m_times)[index]; }
    const SourceTime &front() const { return m_times->front(); }
    const SourceTime &back() const { return m_times->back(); }
    const SourceTime *begin() const { return m_times ? m_times->data() : nullptr; }
    const SourceTime *end() const { return m_times ? m_times->data() + m_times->size() : nullptr; }
    bool operator==(const SampleTimes &other) const { return std::ranges::equal(*this, other); }

    /// Whether both have the same memory; a copy has, until one of the two is changed.
    bool isSharedWith(const SampleTimes &other) const { return m_times && m_times == other.m_times; }
    bool isShared() const { return m_times.use_count() > 1; }
    /// For writing. Not at once from two threads to copies of the same times.
    std::vector<SourceTime> &own()
    {
        if (!m_times)
            m_times = std::make_shared<std::vector<SourceTime>>();
        else if (isShared())
            m_times = std::make_shared<std::vector<SourceTime>>(*m_times);
        return *m_times;
    }
    void push_back(SourceTime time) { own().push_back(time); }

private:
    std::shared_ptr<std::vector<SourceTime>> m_times;
};

} // namespace faultline
