// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// What a CI system says of a run beside its logs: a job or step that it calls passed was allowed to fail where its log shows trouble. In
/// the logs of such jobs and steps that trouble becomes context, as withBorne() does, and their spans pass. Jobs are matched by name (or
/// as the only ones) where they ran at the same time, steps by name, else by order where as many ran, else by the second in which they began. What no one
/// tells, a step's own name may ("Lint (advisory)") where others ran after it failed. The same pointer where nothing changes.
std::shared_ptr<const Evidence> withOutcomesTold(std::shared_ptr<const Evidence> evidence);

} // namespace faultline
