// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QStringList>

#include <span>

class QSqlDatabase;

namespace faultline {

/// What brings a case file from one version to the next: statements, run in order. The n-th leads to version n + 1.
using CaseSchemaStep = QStringList;
/// From an empty file to the present version. Steps are never changed once released: a new one is added.
std::span<const CaseSchemaStep> caseSchemaSteps();
inline int caseSchemaVersion()
{
    return static_cast<int>(caseSchemaSteps().size());
}

/// "FltC", in the file's header (https://sqlite.org/fileformat.html, offset 68).
inline constexpr quint32 CaseApplicationId = 0x466c7443;

/// What a file says it is, before any SQL is run on it.
struct CaseHeader {
    bool isCase = false; ///< SQLite with our application id, not in WAL mode.
    int version = 0;
};
CaseHeader caseHeader(const QString &path);

/// Fails unless all that the file defines is, word for word, what the steps up to its version define: no trigger, view, virtual table,
/// generated column or index of a stranger's is ever looked at. A newer version's tables may be others, but are nothing but tables.
Result<void> checkCaseSchema(const QSqlDatabase &database, int version, std::span<const CaseSchemaStep> steps);

/// Runs the steps after `version` and says so in the header; within the transaction that the caller holds.
Result<void> migrateCase(const QSqlDatabase &database, int version, std::span<const CaseSchemaStep> steps);

} // namespace faultline
