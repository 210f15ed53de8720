// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/runshown.h"

#include <algorithm>

namespace faultline {

bool showsARun(const Evidence &evidence)
{
    return std::ranges::any_of(evidence.sources, [](const std::shared_ptr<const SourceEvidence> &source) {
        switch (source->kind) {
        case SourceKind::CiLog:
        case SourceKind::TestOutput:
        case SourceKind::KubeDescribe:
        case SourceKind::KubeObject: return true;
        default: return !source->spans.empty() || !source->events.empty();
        }
    });
}

} // namespace faultline
