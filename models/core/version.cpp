// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/core/version.h"

namespace faultline {

QString version()
{
    return QStringLiteral(FAULTLINE_VERSION);
}

} // namespace faultline
