// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

#include <optional>
#include <string_view>
#include <vector>

namespace faultline {

/// A small text held whole: the output of a command. Lines count from 1, by LF.
class WholeText
{
public:
    static constexpr qint64 MostBytes = qint64(64) * 1024 * 1024;

    /// Reads the source and gives the evidence its text and a decoder without times. Notes what does not fit, and why nothing was read.
    static std::optional<WholeText> read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence);

    qint64 lineCount() const { return static_cast<qint64>(m_starts.size()); }
    /// Without LF, a CR before it and a BOM; empty past the ends.
    std::string_view line(qint64 number) const;
    Position position(qint64 number, qint64 column = 1) const;
    QByteArrayView bytes() const { return m_bytes; }
    /// The line that holds the byte at an offset; quick where it is not far behind the line `near`.
    qint64 lineAt(qsizetype byteOffset, qint64 near = 1) const;

private:
    QByteArray m_bytes;
    std::vector<qsizetype> m_starts;
};

} // namespace faultline
