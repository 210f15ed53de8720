// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// A Travis CI job's log: folds, timers with nanoseconds, and what each command exited with.
class TravisCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

} // namespace faultline
