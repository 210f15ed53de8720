// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// What a JVM writes when it dies of a fatal error, to stdout and, longer, to hs_err_pid<pid>.log: facts of subject "jvm" with signal,
/// problematic frame, versions, thread, and what memory machine and container had.
class HsErrRecogniser final : public Recogniser
{
public:
    QByteArray id() const override { return "hs-err"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
