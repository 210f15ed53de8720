// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// The output of a CircleCI step, or of several one after another, as shown and downloaded on a job's page.
class CircleCiCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

/// The same as the API gives it (`output_url` of a step's action): an array of messages with type and time.
class CircleCiJsonCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
    std::shared_ptr<const ByteSource> unpack(const std::shared_ptr<const ByteSource> &bytes,
                                             std::vector<Note> &notes) const override;
};

} // namespace faultline
