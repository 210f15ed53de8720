// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/linedecoder.h"

#include <vector>

namespace faultline {

/// A mark that travis-build's shell functions print inside a line (travis-build: lib/travis/build/bash/travis_fold.bash,
/// travis_time_start.bash, travis_time_finish.bash): "travis_fold:start:NAME", "travis_time:end:ID:start=NS,finish=NS,duration=NS".
struct TravisMark {
    enum class Kind { FoldStart, FoldEnd, TimeStart, TimeEnd };
    Kind kind = Kind::FoldStart;
    std::string_view name; ///< Of the fold, or the timer's id.
    SourceTime start;      ///< Of TimeEnd.
    SourceTime finish;     ///< Of TimeEnd.
    size_t end = 0;        ///< Just past it in the line.
};
/// The first mark at or after `from`.
std::optional<TravisMark> nextTravisMark(std::string_view line, size_t from);

/// Lines carry no stamps; a timer's end tells when its command started and finished.
class TravisDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;
    std::optional<SourceTime> timeBefore(qint64 byteOffset) const override;

    /// Ends of timers, in order of lines; told by the session while it reads.
    struct SeenTimer {
        qint64 byteOffset; ///< Of its line.
        qint64 line;
        qint64 firstLine; ///< Where its command began.
        SourceTime start;
        SourceTime finish;
    };
    void addTimer(SeenTimer timer) { m_timers.push_back(timer); }
    const std::vector<SeenTimer> &timers() const { return m_timers; }

private:
    std::vector<SeenTimer> m_timers;
};

} // namespace faultline
