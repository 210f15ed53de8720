// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace faultline {

/// Who may choose how many threads work says 0 for as many as there are cores.
inline int threadsOrCores(int threads)
{
    return threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// Calls work(i) for each `i` below `count`, from up to `threads` threads, of which this is one; returns when all is done.
template<typename Work>
void sideBySide(size_t count, int threads, const Work &work)
{
    std::atomic<size_t> next = 0;
    const auto run = [&] {
        for (size_t i = next++; i < count; i = next++)
            work(i);
    };
    std::vector<std::jthread> others;
    for (int i = 1; i < threads && std::cmp_less(i, count); ++i)
        others.emplace_back(run);
    run();
}

} // namespace faultline
