// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Files of a cgroup (v1 and v2) one after another, as `head` or `tail` print several: "==> /sys/fs/cgroup/…/memory.max <==".
/// Facts: subject cgroup/<path>, key file or file.entry.
class CgroupFiles : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
