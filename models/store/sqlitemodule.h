// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/table.h"

struct sqlite3;

namespace faultline {

/// Makes the table readable under its name on the connection, as an eponymous-only virtual table. The table must outlive the connection.
Result<void> registerTable(sqlite3 *connection, const Table &table);

} // namespace faultline
