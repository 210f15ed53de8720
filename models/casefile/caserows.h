// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a case file, one pair of functions for all tables but the embedded bytes.
#pragma once

#include "models/casefile/casecontent.h"

#include <QSqlDatabase>

namespace faultline {

/// Everything but the chunks. The caller has checked the schema and limits what SQL may do.
Result<CaseContent> readCaseRows(const QSqlDatabase &database);
/// Puts these rows in place of all that were there, within the transaction that the caller holds.
Result<void> writeCaseRows(const QSqlDatabase &database, const CaseContent &content);

} // namespace faultline
