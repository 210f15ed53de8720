// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <atomic>
#include <functional>
#include <memory>

namespace faultline {

/// Shared by whoever may stop a task and the task that looks at it.
class CancelToken
{
public:
    void cancel() const { m_cancelled->store(true, std::memory_order_relaxed); }
    bool isCancelled() const { return m_cancelled->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic<bool>> m_cancelled = std::make_shared<std::atomic<bool>>(false);
};

/// Called from worker threads with work done and work in all, in the same unit (bytes for imports).
using ProgressFunction = std::function<void(qint64 done, qint64 total)>;

} // namespace faultline
