// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/largepages.h"

#include <memory>

#include <sys/mman.h>

namespace faultline {

void preferLargePages([[maybe_unused]] void *memory, [[maybe_unused]] size_t bytes)
{
#ifdef MADV_HUGEPAGE
    constexpr size_t PageBytes = size_t{2} * 1024 * 1024;
    // Whole large pages only; a refusal costs time only, so nothing is said.
    if (std::align(PageBytes, PageBytes, memory, bytes))
        ::madvise(memory, bytes / PageBytes * PageBytes, MADV_HUGEPAGE);
#endif
}

} // namespace faultline
