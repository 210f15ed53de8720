// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QJsonObject>

namespace faultline {

/// The whole analysis in the schema "faultline.analysis/1". Times are RFC 3339 in UTC, null where unknown.
QJsonObject jsonReport(const Analysis &analysis);

/// Only its `sources` and `notes`, for `inspect`.
QJsonObject jsonSources(const Analysis &analysis);

} // namespace faultline
