// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// RSpec and Minitest name a failed test on another line than the one that says what failed: gives the event of the signature that name.
class RubyTestsRecogniser final : public Recogniser
{
public:
    QByteArray id() const override { return "ruby-tests"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
