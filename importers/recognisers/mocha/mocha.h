// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Mocha's list of failed tests: names go over several lines, so no pattern for one line reads them.
class MochaRecogniser final : public Recogniser
{
public:
    QByteArray id() const override { return "mocha"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
