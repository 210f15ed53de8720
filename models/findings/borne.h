// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// Signature of trouble that the run bore or only spoke of; the field "signature" holds what the line would mean otherwise.
inline constexpr QByteArrayView BorneSignature = "context.borne";

/// The source with the events at these indices made such trouble. The same pointer where there are none.
std::shared_ptr<const SourceEvidence> withBorne(std::shared_ptr<const SourceEvidence> source,
                                                const std::vector<size_t> &events);

/// The source with such events marked as context: lines that a passed test printed, that a logger itself calls a warning or
/// less, and that quote other text (commit messages, echoed commands). The same pointer where there are none. Looks at the events in up
/// to `threads` threads.
std::shared_ptr<const SourceEvidence> withBorneMarked(std::shared_ptr<const SourceEvidence> source, int threads = 1);

} // namespace faultline
