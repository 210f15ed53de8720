// SPDX-License-Identifier: GPL-3.0-or-later
// Sources embedded in a case file: their bytes, compressed a block at a time and kept by hash.
#pragma once

#include "models/casefile/casecontent.h"
#include "models/core/task.h"

#include <QSqlDatabase>

namespace faultline {

/// Adds what the embedded sources lack and drops what none of them needs, within the transaction that the caller holds. Bytes are read
/// from CaseSource::absolute; fails where they are not those of the hash.
Result<void> writeChunks(const QSqlDatabase &database, const CaseContent &content, const CancelToken &cancel);

/// Writes the embedded sources below the folder and sets their `absolute`; fails where one is not what its size and hash say.
Result<void> readChunks(const QSqlDatabase &database, CaseContent &content, const QString &folder,
                        const CancelToken &cancel);

} // namespace faultline
