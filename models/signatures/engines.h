// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The two engines behind makeScanner(); for it and its tests only.

#include "models/signatures/pattern.h"
#include "models/signatures/scanner.h"

#include <memory>
#include <vector>

namespace faultline {

/// Keeps of all hits of a pattern in a line the first.
class LineHits
{
public:
    explicit LineHits(size_t patternCount);
    void begin(std::string_view bytes);
    bool isNew(int pattern, qint64 endOffset);

private:
    std::string_view m_bytes;
    qint64 m_lineStart = 0; // of the stretch known to lie in one line
    qint64 m_lineEnd = -1;
    std::vector<qint64> m_lineEndOf; // per pattern, where the line of its last hit ends
};

/// The forms of patterns, in their order; of an empty pattern an empty one.
Result<std::vector<ScanForm>> scanForms(const std::vector<QByteArray> &patterns);

/// Compiled in block mode for this processor; the compiled form is looked for in all of `cacheFolders` and kept in the last.
Result<std::shared_ptr<const Scanner>> makeHyperscanScanner(const std::vector<QByteArray> &patterns,
                                                            const QStringList &cacheFolders);

/// Slower; hits are told at the end of their line.
Result<std::shared_ptr<const Scanner>> makeRe2Scanner(const std::vector<QByteArray> &patterns);

/// Whether one form compiles; the error says why not.
Result<void> compilesInHyperscan(const ScanForm &form);
Result<void> compilesInRe2(const ScanForm &form);

} // namespace faultline
