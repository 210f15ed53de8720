// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/analyze.h"
#include "models/redaction/redactor.h"

#include <QStringList>

namespace faultline {

/// What `faultline analyze`, `inspect`, `query` and `check` were asked, as CONTRACT and --help say it.
struct Arguments {
    QString command;
    QStringList paths;
    QString sql; ///< query only.
    QString format;
    QString output;
    std::optional<int> failure; ///< From 1, as people count.
    QStringList playbookFolders;
    QStringList signatureFolders;
    QStringList baseline;                 ///< Paths of a run that passed.
    bool batch = false;                   ///< The paths are folders of runs.
    std::vector<RedactionRule> redaction; ///< What to take out of the result.
    QStringList sourceFolders;            ///< Where a case's files may be besides its own folder.
    QStringList answers;                  ///< As given: "QUESTION=CHOICE".
    bool postmortem = false;              ///< Write the postmortem, not the report.
    QString templatePath;                 ///< Of the report's HTML, or to begin the postmortem with.
    bool exitCode = false;
    AnalyzeOptions analyze;
};

/// Fails with Code::Usage, message and hint; `help` texts are for standard output.
Result<Arguments> parseArguments(const QString &command, const QStringList &arguments);

/// Help of a command; of the program where it is empty.
QString helpText(const QString &command);

} // namespace faultline
