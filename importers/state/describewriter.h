// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/state/kubecapture.h"

namespace faultline {

/// Writes what descriptions, objects or tables of Kubernetes tell as facts, events and spans: the same names whatever the form, so that
/// playbooks need not know it.
void writeDescription(const WholeText &text, const Description &description, const DescribedCapture &capture,
                      SourceEvidence &evidence);

} // namespace faultline
