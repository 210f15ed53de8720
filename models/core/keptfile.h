// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace faultline {

// What took long to make is kept in a file with a hash of it, and looked for there the next time.

/// The content as it was kept; none where there is no such file, or any byte of it is another.
std::optional<QByteArray> readKept(const QString &path);

/// Makes the folder too. What cannot be kept costs time only, so nothing is said.
void writeKept(const QString &path, QByteArrayView content);

} // namespace faultline
