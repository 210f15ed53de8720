// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"
#include "importers/core/stamps.h"

namespace faultline {

/// Any text: the last resort. Its time stamps are found from its first lines.
class PlainCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override { return {}; }
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

/// Lines with a stamp of one shape in front; for other carriers of such lines too.
class StampedDecoder final : public LineDecoder
{
public:
    explicit StampedDecoder(StampFormat format);
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;
    bool hasStamps() const override { return m_format.shape() != StampFormat::Shape::None; }
    const StampFormat &format() const { return m_format; }

private:
    StampFormat m_format;
};

/// Sets basis, zone and resolution from what a stamp of the source looks like.
void describeClock(const StampFormat &format, const std::optional<Stamp> &example, SourceEvidence &evidence);
/// "+08:00"; "UTC" for 0.
QByteArray zoneName(int secondsEast);

} // namespace faultline
