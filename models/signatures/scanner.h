// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace faultline {

/// Many patterns compiled into one automaton that passes over bytes once. Immutable; scanning needs a Scratch a thread.
/// A leading '^' is dropped: the scanner sees whole lines with the carrier's prefix, so a hit is a candidate that captures confirm.
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
    /// Pattern index and the offset just past the match. The same pair may come more than once; order is by end offset.
    using Hit = std::function<void(int pattern, qint64 endOffset)>;

    Scanner() = default;
    virtual ~Scanner() = default;
    Q_DISABLE_COPY_MOVE(Scanner)

    virtual std::unique_ptr<Scratch> makeScratch() const = 0;
    virtual void scan(std::string_view bytes, Scratch &scratch, const Hit &hit) const = 0;
};

enum class ScannerEngine { Best, Hyperscan, Re2 };

/// Compiles; patterns keep their index. `cacheFolder`, where not empty, keeps the compiled form by hash.
Result<std::shared_ptr<const Scanner>> makeScanner(const std::vector<QByteArray> &patterns,
                                                   ScannerEngine engine = ScannerEngine::Best,
                                                   const QString &cacheFolder = {});

} // namespace faultline
