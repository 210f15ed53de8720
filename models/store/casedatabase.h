// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"
#include "models/store/rows.h"

namespace faultline {

struct QueryLimits {
    qint64 mostRows = 100'000;
    DurationNs mostTime = 20 * NsPerSecond;
    CancelToken cancel;
};

/// The SQL surface over one Analysis: one connection, one thread, read-only under an authorizer. All tables of the design exist;
/// those that nothing fills are empty. Tables are virtual: rows are read from the Analysis, never copied.
class CaseDatabase final : public Querier
{
public:
    /// Fails where Qt's SQLite driver is missing or is not the SQLite that the program is linked with.
    static Result<std::unique_ptr<CaseDatabase>> open(const Analysis &analysis, const QueryLimits &limits = {});
    ~CaseDatabase() override;
    Q_DISABLE_COPY_MOVE(CaseDatabase)

    Result<Rows> query(const QString &sql, const std::map<QString, QVariant> &bindings = {}) override;
    Result<void> check(const QString &sql) override;

private:
    struct Private;
    explicit CaseDatabase(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace faultline
