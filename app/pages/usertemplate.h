// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/htmlreport.h"

namespace faultline {

/// A template of a person's own, or a shipped one for postmortems.
struct TemplateFile {
    QString title; ///< For people.
    QString path;
    bool isOwn = true;
};

/// Markdown templates that a postmortem can begin with: the shipped one first, then those of `templates/` below the folder.
std::vector<TemplateFile> postmortemTemplates(const QString &userFolder);
/// HTML templates of `templates/` below the folder, for whole reports.
std::vector<TemplateFile> reportTemplates(const QString &userFolder);

/// Everything that is wrong with a template, with its line: tags that are unknown or not closed, values that no report has.
std::vector<Error> templateProblems(const QString &text, const QString &path);

enum class TemplateMarkup { Html, Markdown };
/// The template (KTextTemplate) filled in from the case with the values of the shipped report.html, each escaped for what the template
/// writes. Fails with line where the template has problems, or cannot be read.
Result<QString> fillTemplate(const QString &path, TemplateMarkup markup, const ReportData &data,
                             const ReportPictures &pictures = {});

} // namespace faultline
