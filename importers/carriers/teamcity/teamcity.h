// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// A TeamCity build log as downloaded, or a build script's output with service messages.
class TeamCityCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

} // namespace faultline
