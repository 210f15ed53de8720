// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/casefile/casecontent.h"
#include "models/casefile/caseschema.h"
#include "models/core/task.h"

namespace faultline {

inline constexpr QLatin1StringView CaseSuffix{"faultline"};

/// Whether the file is a case, by its content.
bool isCaseFile(const QString &path);

/// How a case file is written or read.
struct CaseFileOptions {
    CancelToken cancel;
    std::span<const CaseSchemaStep> steps = caseSchemaSteps();
};

struct ReadCase {
    CaseContent content;
    bool isNewer = false; ///< Of a version that this program does not know: not to be saved over.
};
/// Reads a case file, a stranger's too: its schema is compared word for word before anything is read, only reading is allowed, sizes and
/// counts are limited. `absolute` of the sources is what the file says, and not to be trusted. An older version is read as the present one.
Result<ReadCase> readCaseFile(const QString &path, const CaseFileOptions &options = {});

/// Writes the case in one transaction: whatever stops it, the file holds the state before or the new one. An older version becomes
/// the present one. Embedded sources that the file has already are kept, others are read from `absolute`.
/// Fails where the file is of a newer version or not a case.
Result<void> updateCaseFile(const QString &path, const CaseContent &content, const CaseFileOptions &options = {});

/// Writes a new file, which takes the place of whatever has that path once it is complete.
Result<void> createCaseFile(const QString &path, const CaseContent &content, const CaseFileOptions &options = {});

/// Unpacks the embedded sources below `folder`, each with its relative path and time, and sets their `absolute`.
/// Fails where one is damaged, or all together are larger than MostEmbeddedBytes.
Result<void> unpackCaseFile(const QString &path, CaseContent &content, const QString &folder,
                            const CaseFileOptions &options = {});

inline constexpr qint64 MostEmbeddedBytes = qint64{16} * 1024 * 1024 * 1024;

/// Whether a path of a source may be used below a folder: relative, without "..", "." and NUL.
bool isPlainRelativePath(const QString &path);

/// SHA-256 of a file's bytes, 32 of them. Only of regular files.
Result<QByteArray> fileSha256(const QString &path, const CancelToken &cancel = {});

} // namespace faultline
