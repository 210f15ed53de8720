// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <QStringList>

namespace faultline {

/// Threads that do the same: equal stack and state.
struct ThreadGroup {
    QStringList frames; ///< Innermost first.
    QString state;
    qint64 count = 0;
    DurationNs longestNs = 0; ///< How long one of them has been in that state at most; 0 where none tells.
    qint64 line = 0;          ///< Where the first of them stands.
};

/// The largest group first; at most MostGroups.
std::vector<ThreadGroup> groupThreads(const std::vector<Thread> &threads);
inline constexpr size_t MostGroups = 2000;

} // namespace faultline
