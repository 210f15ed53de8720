// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

namespace faultline {

/// The program's version as "major.minor.patch".
QString version();

} // namespace faultline
