// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Text of journalctl: short, short-precise, short-iso, short-iso-precise, short-full, short-monotonic, short-unix, with-unit.
/// Files that syslog daemons write look like "short" and are read the same way.
class JournalText : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

/// journalctl -o json, json-seq and json-sse: an object a line.
class JournalJson : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
    bool scanText(std::string_view lines, QByteArray &into) const override;
};

/// journalctl -o export: FIELD=value, a blank line between entries.
class JournalExport : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

} // namespace faultline
