// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/relayprefix.h"
#include "tests/support/test.h"

using namespace faultline;

/// Which lines another program's line was passed on in, and where that line begins.
class TestRelayPrefix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsThePassedLine_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("passed"); // empty: the line is the program's own
        const auto relayed = [](const char *name, const char *line, const char *passed) {
            QTest::newRow(name) << QByteArray(line) << QByteArray(passed);
        };
        const auto own = [](const char *line) { QTest::newRow(line) << QByteArray(line) << QByteArray(); };
        relayed("buildkit", "#11 1.311 main.go:3:1: expected", "main.go:3:1: expected");
        relayed("compose", "web-1  | Error: boom", "Error: boom");
        relayed("foreman", "web.1  | Error: boom", "Error: boom");
        relayed("earthly", "              +build | make: *** [all] Error 2", "make: *** [all] Error 2");
        relayed("pnpm", "packages/ui build: src/a.ts(3,1): error TS1: x", "src/a.ts(3,1): error TS1: x");
        relayed("turbo", "web:build: Failed to compile.", "Failed to compile.");
        relayed("turbo scope", "@acme/web:test:unit: FAIL a.test.ts", "FAIL a.test.ts");
        relayed("lerna", "@acme/web: error Command failed", "error Command failed");
        relayed("concurrently", "[api] panic: boom", "panic: boom");
        relayed("ant", "    [javac] /src/A.java:3: error: x", "/src/A.java:3: error: x");
        relayed("drone", "[build:3] + make", "+ make");
        relayed("kubectl", "[pod/api-7/app] panic: boom", "panic: boom");
        relayed("tkn", "[checks : unit] panic: boom", "panic: boom");
        relayed("vagrant", "    default: E: Unable to locate package x", "E: Unable to locate package x");
        relayed("terraform", "null_resource.x (local-exec): make: *** Error 2", "make: *** Error 2");
        for (const char *line : {"#10 ERROR: process did not complete",
                                 "#1 [internal] load",
                                 "    3 |     return 0;",
                                 "   |",
                                 "[error] boom",
                                 "[INFO] BUILD",
                                 "[gw0] PASSED a.py::b",
                                 "main.c:3:5: error: x",
                                 "src/main.c:12: error: x",
                                 "panic: boom",
                                 "error: could not compile",
                                 "/usr/bin/ld: cannot find -lx",
                                 "  File \"a.py\", line 3",
                                 "All files | 85.2 |",
                                 "make[1]: *** [x] Error 1",
                                 "error:build: x",
                                 "    error: x",
                                 "    note: x",
                                 "[  OK ] x",
                                 "[12:00:01] x",
                                 "[checks : ] x",
                                 "[Checks : unit] x",
                                 "",
                                 "   ",
                                 "#",
                                 "#1",
                                 "#1 2",
                                 "[",
                                 "[a",
                                 "[a]"})
            own(line);
    }
    void findsThePassedLine()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, passed);
        const size_t length = relayPrefixLength({line.constData(), static_cast<size_t>(line.size())});
        QVERIFY(length <= static_cast<size_t>(line.size()));
        QCOMPARE(length == 0 ? QByteArray() : line.sliced(static_cast<qsizetype>(length)), passed);
    }
};

FAULTLINE_TEST(TestRelayPrefix)
#include "tst_relayprefix.moc"
