// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest>

/// Ends every test file: makes its class known to the library's test executable.
#define FAULTLINE_TEST(Class)          \
    QObject *FAULTLINE_TEST_FACTORY(); \
    QObject *FAULTLINE_TEST_FACTORY()  \
    {                                  \
        return new Class;              \
    }

namespace faultline::test {

/// A file or folder of the checkout: "resources/signatures".
QString sourcePath(const QString &relative);

/// A file or folder below tests/data.
QString dataPath(const QString &relative);

/// A file or folder of real failed runs, or empty where it is absent: then the test skips and says so.
QString corpusPath(const QString &relative = {});

} // namespace faultline::test
