// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/htmlreport.h"
#include "app/pages/usertemplate.h"

#include <QVariantHash>

namespace faultline {

/// What templates name, without pictures. Texts that are Markdown already (explanations, notes) are HTML for HTML.
QVariantHash reportValues(const ReportData &data, TemplateMarkup markup);
/// `timeline`, `focus` and `flow`, as SVG.
void addPictures(QVariantHash &values, const ReportPictures &pictures);

/// A template of resources/templates filled in, with page.css as `style`; values are escaped unless the template calls them safe. Empty
/// where there is none.
QString renderTemplate(const QString &name, const QVariantHash &values);
/// The same of a template's text.
QString renderText(const QString &text, const QString &name, const QVariantHash &values);

} // namespace faultline
