// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Logs with a JSON object a line, of any logging library, and the files of docker's json-file driver; an object inside docker's text is read too.
class JsonLinesCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override { return {}; }
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
    bool scanText(std::string_view lines, QByteArray &into) const override;
};

} // namespace faultline
