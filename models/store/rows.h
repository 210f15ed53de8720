// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/core/task.h"

#include <QStringList>
#include <QVariant>

#include <map>
#include <vector>

namespace faultline {

/// The answer to a query. NULL is an invalid QVariant; numbers are qlonglong or double, text is QString.
struct Rows {
    QStringList columns;
    std::vector<std::vector<QVariant>> rows;
    bool truncated = false; ///< The cap on rows was reached.

    /// The value in a row's column of that name; invalid where there is none.
    QVariant value(size_t row, QStringView column) const;
};

/// Anything that answers SQL. Bindings by name without colon; values that the statement does not use are ignored.
class Querier
{
public:
    Querier() = default;
    virtual ~Querier() = default;
    Q_DISABLE_COPY_MOVE(Querier)

    virtual Result<Rows> query(const QString &sql, const std::map<QString, QVariant> &bindings) = 0;
    /// Compiles only: errors in a statement with no need for data.
    virtual Result<void> check(const QString &sql) = 0;
};

} // namespace faultline
