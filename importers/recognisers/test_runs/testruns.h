// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"
#include "models/signatures/capture.h"

#include <deque>

namespace faultline {

/// The tests of many runners as spans with outcome and, where the lines have times, duration: pytest, unittest, cargo test and nextest,
/// Google Test, CTest, Jest, Vitest, Mocha and their kin, Surefire, Gradle, RSpec, Minitest, PHPUnit, ExUnit, dotnet test, XCTest, TAP, Bats,
/// prove, gotestsum, Go's benchmarks. What each prints is data: testrunrules.cpp. Why a test failed is the signatures' part.
class TestRunsRecogniser final : public Recogniser
{
public:
    TestRunsRecogniser();

    QByteArray id() const override { return "test-runs"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;

private:
    std::deque<LazyCapturePattern> m_patterns; ///< By rule.
};

} // namespace faultline
