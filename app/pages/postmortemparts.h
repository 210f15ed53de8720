// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportdata.h"

namespace faultline {

/// What stands in the place of a postmortem's placeholders, as Markdown in which everything from logs is escaped.
class PostmortemParts
{
public:
    /// The analysis needs a diagnosis, and outlives this.
    explicit PostmortemParts(const Analysis &analysis);

    /// Fails where the case has no such thing. `name` is one of placeholders().
    Result<QString> part(const QString &name, const QString &argument) const;
    /// What can be said after a placeholder's name in this case, and what it is.
    std::vector<std::pair<QString, QString>> arguments(const QString &name) const;

private:
    Result<QString> words(const QString &name, const QString &argument) const;
    Result<QString> ofFailure(const QString &argument) const;
    Result<QString> ofCause(const QString &name, const QString &argument) const;
    Result<QString> ofNote(const QString &argument) const;
    Result<QString> picture(const QString &argument) const;
    QString timeline(bool all) const;
    QString notes(const QString &tag) const;
    QString clocks() const;
    QString ruledOut() const;
    QString openQuestions() const;
    QString answers() const;
    QString failures() const;
    Result<const ReportFailure *> failureOf(const QString &number) const;
    Result<const ReportVerdict *> verdictOf(const QString &cause) const;

    const Analysis &m_analysis;
    ReportData m_data;
};

} // namespace faultline
