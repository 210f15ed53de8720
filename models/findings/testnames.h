// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace faultline {

/// What is left of a test's name when the ways are taken out in which one runner writes it in different places of its output: pytest's
/// "tests/a.py::TestA::test_b" and "TestA.test_b".
QByteArray testKey(const QByteArray &name);

/// Whether a failure of `outer` says no more than one of `inner`: a test and its subtest, a class or file and its test.
bool holdsTest(const QByteArray &outer, const QByteArray &inner);

} // namespace faultline
