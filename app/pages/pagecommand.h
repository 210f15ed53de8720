// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline {

struct Arguments;

/// Runs a command of which needsPages() is true to its exit status. Needs a QApplication; offscreen will do.
int runPageCommand(const Arguments &arguments);

} // namespace faultline
