// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QObject>

#include <vector>

namespace faultline::test {

/// One class of QtTest slots; `name` is its file's, without the extension.
struct TestClass {
    const char *name;
    QObject *(*make)();
};

/// All classes of this executable; CMake writes the list from the files that it finds.
const std::vector<TestClass> &testClasses();

} // namespace faultline::test
