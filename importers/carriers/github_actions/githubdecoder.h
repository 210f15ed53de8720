// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/linedecoder.h"

namespace faultline {

/// "2026-07-29T10:01:29.7638610Z text": the runner's UTC time in 100 ns (runner: Logging.cs, PagingLogger.Write). Further lines of one message
/// carry no stamp. With columns, `gh run view --log` has put "job<TAB>step<TAB>" in front (cli: pkg/cmd/run/view/view.go).
class GithubDecoder final : public LineDecoder
{
public:
    explicit GithubDecoder(bool hasColumns);
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;

    struct Columns {
        std::string_view job;
        std::string_view step;
        size_t end = 0; ///< Where the runner's line begins; 0: the line has no columns.
    };
    static Columns columns(std::string_view line);
    /// The length of a stamp with seven decimals and the space behind it; 0 where the line does not start with one.
    static size_t stampLength(std::string_view line) { return readStamp(line).length; }

private:
    struct Prefix {
        SourceTime time;
        size_t length = 0;
    };
    static Prefix readStamp(std::string_view line);

    bool m_hasColumns;
};

} // namespace faultline
