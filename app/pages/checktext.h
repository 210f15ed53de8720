// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/analyze.h"

namespace faultline {

/// Everything that is wrong with a file of signatures, a playbook or a cause, with line and column: what `faultline check` says and
/// what the editor shows. By ending and content: YAML holds signatures, HTML and what lies in a folder `templates` a template, Markdown with a flowchart a playbook, other Markdown a cause.
std::vector<Error> problemsOfText(const QByteArray &text, const QString &path, const PlaybookSet &others);

/// A playbook as it stands in an editor.
struct PlaybookPreview {
    std::vector<Error> problems;
    WalkedFlowchart chart; ///< Empty where the text makes none.
    bool isWalked =
        false; ///< Else the chart is as it is written: the playbook does not start for this failure, or nothing is open.
};

/// Checks a text and walks it on the case for one failure, among `others` (a playbook of the same id gives way to it).
PlaybookPreview previewPlaybook(const QByteArray &text, const QString &path, const PlaybookSet &others,
                                const Analysis &analysis, int failure, const HandAnswers &answers,
                                const CancelToken &cancel);

} // namespace faultline
