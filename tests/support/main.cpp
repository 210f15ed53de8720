// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testlist.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#ifdef QT_WIDGETS_LIB
#include <QApplication>
using Application = QApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif

#include <cstdio>
#include <memory>
#include <string_view>

// Runs all test classes, or the one that the first argument names, by its file (tst_placement) or its class
// (TestPlacement); what follows goes to QtTest. `--list` lists the classes, `--without-corpus` leaves out those that
// read the corpus.
int main(int argc, char **argv)
{
    using namespace faultline::test;

    Application application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QStringList arguments = QCoreApplication::arguments();

    const bool list = arguments.removeAll(QStringLiteral("--list")) > 0;
    const bool withoutCorpus = arguments.removeAll(QStringLiteral("--without-corpus")) > 0;
    QString wanted;
    if (arguments.size() > 1 && !arguments.at(1).startsWith(u'-')) {
        wanted = arguments.takeAt(1);
    }

    // Several classes: each in a process of its own, since QtTest skips all classes after one that was skipped.
    if (wanted.isEmpty() && !list) {
        int failed = 0;
        for (const TestClass &entry : testClasses())
            if (!withoutCorpus || !std::string_view(entry.name).starts_with("tst_corpus_"))
                failed += QProcess::execute(arguments.first(),
                                            QStringList{QString::fromLatin1(entry.name)} + arguments.sliced(1))
                                  == 0
                              ? 0
                              : 1;
        return failed == 0 ? 0 : 1;
    }

    int failures = 0;
    bool found = false;
    for (const TestClass &entry : testClasses()) {
        if (list) {
            std::puts(entry.name);
            continue;
        }
        const std::unique_ptr<QObject> test(entry.make());
        const QString className =
            QString::fromLatin1(test->metaObject()->className()).section(QStringLiteral("::"), -1);
        if (wanted == className || wanted == QLatin1StringView(entry.name)) {
            found = true;
            failures += QTest::qExec(test.get(), arguments) == 0 ? 0 : 1;
        }
    }
    if (!list && !found) {
        std::fprintf(stderr, "No test class is called %s; --list lists them.\n", qUtf8Printable(wanted));
        return 2;
    }
    return failures == 0 ? 0 : 1;
}
