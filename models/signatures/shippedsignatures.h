// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/signatures/signature.h"

namespace faultline {

/// Where the signatures that come with the program are read from: all its *.yaml, as parseSignatures() takes them.
inline constexpr QLatin1StringView ShippedSignatures(":/faultline/signatures");

// YAML takes long to read. What was read of the shipped files is kept in a form that does not, in a file whose name holds a hash of them and
// of the code that reads them: see models/CMakeLists.txt.

/// None where no folder has them.
std::optional<std::vector<Signature>> keptSignatures(const QStringList &cacheFolders);
void keepSignatures(const std::vector<Signature> &signatures, const QString &cacheFolder);

} // namespace faultline
