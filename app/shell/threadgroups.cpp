// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/threadgroups.h"

#include "models/views/texts.h"

#include <algorithm>
#include <map>

namespace faultline {

std::vector<ThreadGroup> groupThreads(const std::vector<Thread> &threads)
{
    std::map<std::pair<QByteArray, QByteArray>, size_t> known;
    std::vector<ThreadGroup> groups;
    for (const Thread &thread : threads) {
        const auto [place, isNew] = known.emplace(std::pair(thread.stack, thread.state), groups.size());
        if (isNew) {
            ThreadGroup group;
            for (const QByteArray &frame : thread.stack.split('\n')) {
                if (!frame.isEmpty())
                    group.frames.push_back(shownText(frame, 300));
            }
            group.state = shownText(thread.state, 100);
            group.line = thread.line;
            groups.push_back(std::move(group));
        }
        ThreadGroup &group = groups[place->second];
        group.count += thread.count;
        group.longestNs = std::max(group.longestNs, thread.waitNs);
    }
    std::ranges::stable_sort(groups, std::ranges::greater(), &ThreadGroup::count);
    if (groups.size() > MostGroups)
        groups.resize(MostGroups);
    return groups;
}

} // namespace faultline
