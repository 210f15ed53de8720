// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <QByteArray>

#include <mutex>
#include <string_view>
#include <vector>

namespace faultline {

/// The boots that a file of since-boot stamps holds one after another. Later boots are shifted, so that each source time is of
/// one boot only. Filled in order of lines, asked from any thread.
class BootTable
{
public:
    /// Another boot begins where the stamp falls back by more than the kernel's processors disagree.
    static constexpr DurationNs LeastFallback = 10 * NsPerSecond;
    /// Stamps below this are of a kernel that has just started: there a smaller fallback is enough.
    static constexpr DurationNs JustStarted = NsPerSecond;
    static constexpr DurationNs LeastFallbackAtStart = 3 * NsPerSecond / 2;
    /// Between the last source time of a boot and the next one's zero.
    static constexpr DurationNs Gap = NsPerSecond;

    /// A stamp, in order of lines; `line` tells the same text dumped again from another boot.
    void observe(DurationNs sinceBoot, qint64 byteOffset, std::string_view line);
    /// The log says that another boot begins behind the byte: so it does, whatever its first stamp is.
    void restart(qint64 byteOffset);
    /// How many boots there are.
    size_t count() const;
    /// To be added to the stamps of a line.
    DurationNs shiftAt(qint64 byteOffset) const;
    /// Source time at which each boot's clock is 0; the first is 0.
    std::vector<SourceTime> clockStarts() const;

private:
    struct Boot {
        qint64 byteOffset = 0;
        DurationNs shift = 0;
    };

    mutable std::mutex m_mutex;
    std::vector<Boot> m_boots;
    DurationNs m_latest = 0;  ///< The highest stamp of the current boot.
    DurationNs m_highest = 0; ///< The highest source time so far.
    QByteArray m_firstLine;   ///< Of the current boot.
    bool m_restarted = false;
};

} // namespace faultline
