// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QByteArray>

namespace faultline {

/// Writes to the file, all or nothing, or to standard output where `file` is empty.
Result<void> writeOutput(const QByteArray &bytes, const QString &file);

/// One message to standard error, "faultline: …".
void say(const QString &message);

} // namespace faultline
