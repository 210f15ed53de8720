// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"
#include "importers/core/recordtable.h"
#include "importers/core/stamps.h"

#include <atomic>

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
    /// `composed`: each line begins with the name of its container, as docker compose writes it ("web-1  | ").
    explicit StampedDecoder(StampFormat format, bool composed = false);
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;
    bool hasStamps() const override { return m_format.shape() != StampFormat::Shape::None; }
    const StampFormat &format() const { return m_format; }
    /// Midnight passed before this line; for stamps without a date.
    void passMidnight(qint64 byteOffset) const { m_midnights.add({byteOffset, {}, Severity::Info, ++m_days}); }
    /// All lines are read: the file's day is the last line's. Returns by how much all times given before are too late.
    DurationNs endDays() const { return m_daysBack = m_days * NsPerDay; }

private:
    StampFormat m_format;
    bool m_composed;
    mutable RecordTable m_midnights; ///< `skip` counts the days.
    mutable qint32 m_days = 0;
    mutable std::atomic<DurationNs> m_daysBack = 0;
};

/// "web-1  | " of docker compose, also coloured; 0 where the line has none.
size_t composePrefix(std::string_view line);
/// Whether most of the lines have one.
bool areComposed(const std::vector<std::string_view> &lines);

/// Sets basis, zone and resolution from what a stamp of the source looks like.
void describeClock(const StampFormat &format, const std::optional<Stamp> &example, SourceEvidence &evidence);
/// "+08:00"; "UTC" for 0.
QByteArray zoneName(int secondsEast);

} // namespace faultline
