// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace faultline {

/// Of memory not used yet that will be filled from its front: asks the system for large pages, where it has them. The first touch of each
/// page costs about as much as reading it, in a virtual machine many times as much.
void preferLargePages(void *memory, size_t bytes);

} // namespace faultline
