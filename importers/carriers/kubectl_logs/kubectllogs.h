// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// `kubectl logs --timestamps` (and --prefix), `docker logs -t`, and the files that a container runtime writes below /var/log/pods.
class KubectlLogsCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override { return {}; }
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

} // namespace faultline
