// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/linedecoder.h"

#include <vector>

namespace faultline {

/// A section's mark inside a line (gitlab-runner: helpers/trace/sections). Its time is in whole seconds.
struct GitlabMark {
    bool isStart = false;
    SourceTime time;
    std::string_view name;
    size_t end = 0; ///< Just past the name and its options.
};
/// The first mark at or after `from`.
std::optional<GitlabMark> nextGitlabMark(std::string_view line, size_t from);

/// "2021-01-01T01:00:00.020010Z 01O text": time, stream number, O or E, and '+' where the line goes on from the one before
/// (gitlab-runner: common/buildlogger/internal/timestamper). Without such stamps the section marks are all the time there is.
class GitlabDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;
    std::optional<SourceTime> timeBefore(qint64 byteOffset) const override;

    struct Prefix {
        SourceTime time;
        size_t length = 0; ///< 0: no prefix.
        char stream = 0;
    };
    static Prefix prefix(std::string_view line);

    /// Marks seen, in order of lines; told by the session while it reads.
    struct SeenMark {
        qint64 byteOffset; ///< Of its line.
        qint64 line;
        SourceTime time;
    };
    void addMark(SeenMark mark) { m_marks.push_back(mark); }
    const std::vector<SeenMark> &marks() const { return m_marks; }
    void setHasStamps() { m_hasStamps = true; }

private:
    std::vector<SeenMark> m_marks;
    bool m_hasStamps = false; ///< Lines carry stamps, so marks say nothing new.
};

} // namespace faultline
