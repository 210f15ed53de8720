// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/signatures/pattern.h"
#include "models/signatures/scanner.h"

#include <map>
#include <mutex>

namespace faultline {

/// One list of patterns, and a scanner for each part of it that some kind of source needs: what cannot matter in a source costs
/// nothing there. Thread safe.
class ScannerSet
{
public:
    /// Fails where a pattern cannot be scanned for. The compiled forms (Hyperscan only) are looked for by their hash in all of
    /// `cacheFolders`, and kept in the last.
    static Result<std::shared_ptr<const ScannerSet>> create(const std::vector<QByteArray> &patterns,
                                                            const QStringList &cacheFolders = {});
    ~ScannerSet();
    Q_DISABLE_COPY_MOVE(ScannerSet)

    /// The scanner of the patterns whose place in `wanted` is true, compiled at the first call; hits keep the whole list's indexes.
    /// Null where none is wanted.
    Result<std::shared_ptr<const Scanner>> scannerFor(const std::vector<bool> &wanted) const;

private:
    ScannerSet(std::vector<ScanForm> forms, QStringList cacheFolders);
    Result<std::shared_ptr<const Scanner>> compile(const std::vector<bool> &wanted) const;

    std::vector<ScanForm> m_forms;
    QStringList m_cacheFolders;
    struct Entry {
        std::once_flag once;
        Result<std::shared_ptr<const Scanner>> scanner;
    };
    mutable std::mutex m_mutex; ///< Guards the map, not its entries, which never move.
    mutable std::map<std::vector<bool>, Entry> m_scanners;
};

} // namespace faultline
