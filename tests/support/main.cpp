// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#ifdef QT_WIDGETS_LIB
#include <QApplication>
using Application = QApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif

#include <cstdio>
#include <cstring>
#include <vector>

namespace {
struct TestEntry {
    const char *name;
    int (*run)(int, char **);
};
} // namespace

#include FAULTLINE_TEST_LIST

/// Runs all classes, or the one named by the first argument; the rest goes to QtTest.
int main(int argc, char **argv)
{
    Application application(argc, argv);
    const char *only = argc > 1 && std::strncmp(argv[1], "tst_", 4) == 0 ? argv[1] : nullptr;
    std::vector<char *> arguments{argv[0]};
    arguments.insert(arguments.end(), argv + (only ? 2 : 1), argv + argc);
    int failed = 0;
    int run = 0;
    for (const auto &[name, function] : Entries) {
        if (only && std::strcmp(only, name) != 0)
            continue;
        ++run;
        failed += function(static_cast<int>(arguments.size()), arguments.data()) != 0 ? 1 : 0;
    }
    if (run == 0) {
        std::fprintf(stderr, "No test class %s here\n", only ? only : "");
        return 2;
    }
    return failed == 0 ? 0 : 1;
}
