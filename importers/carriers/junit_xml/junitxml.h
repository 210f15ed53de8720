// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// JUnit XML, as Ant, Surefire, Gradle, pytest, gotestsum, go-junit-report, Google Test, CTest, Jest and many others write it. Its text is
/// read twice: as lines, so that what a test printed means the same as in a log, and as XML, for suites and cases.
class JunitXmlCarrier final : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override { return {}; }
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
    bool scanText(std::string_view lines, QByteArray &into) const override;
    bool wantsRecogniser(QByteArrayView id) const override;
};

} // namespace faultline
