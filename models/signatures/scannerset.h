// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/signatures/scanner.h"

#include <map>
#include <mutex>

namespace faultline {

/// One list of patterns, and a scanner for each part of it that some kind of source needs: what cannot matter in a source costs
/// nothing there. Thread safe.
class ScannerSet
{
public:
    /// What is compiled is looked for in all of `cacheFolders`, and kept in the last: see makeScanner().
    explicit ScannerSet(std::vector<QByteArray> patterns, QStringList cacheFolders = {});
    ~ScannerSet();
    Q_DISABLE_COPY_MOVE(ScannerSet)

    /// The scanner of the patterns whose place in `wanted` is true, compiled at the first call; hits keep the whole list's indexes.
    /// Null where none is wanted; fails where one of them cannot be scanned for.
    Result<std::shared_ptr<const Scanner>> scannerFor(const std::vector<bool> &wanted) const;

private:
    Result<std::shared_ptr<const Scanner>> compile(const std::vector<bool> &wanted) const;

    std::vector<QByteArray> m_patterns;
    QStringList m_cacheFolders;
    struct Entry {
        std::once_flag once;
        Result<std::shared_ptr<const Scanner>> scanner;
    };
    mutable std::mutex m_mutex; ///< Guards the map, not its entries, which never move.
    mutable std::map<std::vector<bool>, Entry> m_scanners;
};

} // namespace faultline
