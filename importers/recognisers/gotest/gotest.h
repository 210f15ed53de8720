// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// What `go test` prints, whatever carried it: tests and packages as spans, and which tests were running when their package ended.
class GoTestRecogniser final : public Recogniser
{
public:
    QByteArray id() const override { return "gotest"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
