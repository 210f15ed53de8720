// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest>

/// Ends every test file: makes its class known to the library's test executable.
#define FAULTLINE_TEST(Class)                                                                                                              \
    int FAULTLINE_TEST_ENTRY(int argc, char **argv)                                                                                        \
    {                                                                                                                                      \
        Class test;                                                                                                                        \
        return QTest::qExec(&test, argc, argv);                                                                                            \
    }

namespace faultline::test {

/// A file or folder below tests/data.
inline QString dataPath(const QString &relative)
{
    return QStringLiteral(FAULTLINE_SOURCE_DIR "/tests/data/") + relative;
}

/// The folder of real files, or empty where it is absent: then the test skips and says so.
inline QString corpusPath(const QString &relative)
{
    const QString folder = qEnvironmentVariable("FAULTLINE_CORPUS", QStringLiteral(FAULTLINE_SOURCE_DIR "/../shared/corpus"));
    const QString path = folder + QLatin1Char('/') + relative;
    return QFileInfo::exists(path) ? path : QString();
}

} // namespace faultline::test
