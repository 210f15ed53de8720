// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// A Taskcluster task's live_backing.log or live.log, of docker-worker or generic-worker.
class TaskclusterCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

} // namespace faultline
