// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"
#include "models/store/rows.h"

namespace faultline {

struct QueryLimits {
    qint64 mostRows = 100'000;
    qint64 mostBytes = 256 * 1024 * 1024; ///< Text of all rows together.
    DurationNs mostTime = 20 * NsPerSecond;
    CancelToken cancel;
};

/// The SQL surface over one Analysis: one connection, one thread, read-only under an authorizer. All tables of the design exist;
/// those that nothing fills are empty. Tables are virtual: rows are read from the Analysis, never copied. Columns as in DESIGN and tables.h;
/// times are INTEGER ns on the axis, NULL where unplaced; unknown identity, exit codes and the like are NULL. Words of SQL among the columns
/// need double quotes: SELECT "from", "to" FROM coverage.
class CaseDatabase final : public Querier
{
public:
    /// Fails where Qt's SQLite driver is missing or is not the SQLite that the program is linked with.
    static Result<std::unique_ptr<CaseDatabase>> open(const Analysis &analysis, const QueryLimits &limits = {});
    ~CaseDatabase() override;
    Q_DISABLE_COPY_MOVE(CaseDatabase)

    /// A parameter of the statement that `bindings` does not name is an error. Errors carry SQLite's words and the place in the statement;
    /// the code is LimitReached when time ran out, Cancelled after QueryLimits::cancel.
    Result<Rows> query(const QString &sql, const std::map<QString, QVariant> &bindings = {}) override;
    Result<void> check(const QString &sql) override;

private:
    struct Private;
    explicit CaseDatabase(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace faultline
