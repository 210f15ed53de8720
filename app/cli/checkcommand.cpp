// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"

namespace faultline {

int runCheck(const Arguments &)
{
    return ExitInternal;
}

} // namespace faultline
