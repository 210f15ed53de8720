// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QStringList>

struct sqlite3;

namespace faultline {

/// The views of the SQL surface: what several playbooks would have to join anew. Each is a file of resources/views.
QStringList viewNames();
/// Fails where a view does not fit the tables of the connection.
Result<void> createViews(sqlite3 *connection);

} // namespace faultline
