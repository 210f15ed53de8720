// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QStringList>

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace faultline {

/// Many patterns compiled into one automaton that passes over bytes once. Immutable; scanning needs a Scratch a thread.
/// It looks for what scanForm() makes of each pattern (anchors and unbounded ends gone), since it sees whole lines with the
/// carrier's prefix: a hit is a candidate that captures confirm. Bytes with terminal escapes inside words, or lines quoted in
/// JSON, must be freed of them first.
class Scanner
{
public:
    class Scratch
    {
    public:
        Scratch() = default;
        virtual ~Scratch() = default;
        Q_DISABLE_COPY_MOVE(Scratch)
    };
    /// Pattern index and an offset past the match: the byte before it lies in the line that was hit (Hyperscan: just past the
    /// match's shortest form; RE2: the line's end). A pattern is told once a line; lines come in order.
    using Hit = std::function<void(int pattern, qint64 endOffset)>;

    Scanner() = default;
    virtual ~Scanner() = default;
    Q_DISABLE_COPY_MOVE(Scanner)

    virtual std::unique_ptr<Scratch> makeScratch() const = 0;
    /// `bytes` are whole lines; a last line may lack its LF.
    virtual void scan(std::string_view bytes, Scratch &scratch, const Hit &hit) const = 0;
};

enum class ScannerEngine { Best, Hyperscan, Re2 };

/// Compiles; patterns keep their index, and an empty one is never found. What Hyperscan compiles is looked for in all of `cacheFolders`,
/// by a hash of the patterns and of the code that rewrites them, and kept in the last.
/// Best is Hyperscan where this build and processor have it, else RE2.
Result<std::shared_ptr<const Scanner>> makeScanner(const std::vector<QByteArray> &patterns,
                                                   ScannerEngine engine = ScannerEngine::Best,
                                                   const QStringList &cacheFolders = {});

/// Whether this build has the engine.
bool haveEngine(ScannerEngine engine);

} // namespace faultline
