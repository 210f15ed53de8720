// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportdata.h"

#include <QVariantHash>

namespace faultline {

/// What templates name, without pictures.
QVariantHash reportValues(const ReportData &data);

/// A template of resources/templates filled in, with page.css as `style`; values are escaped unless the template calls them safe. Empty where there is none.
QString renderTemplate(const QString &name, const QVariantHash &values);

} // namespace faultline
