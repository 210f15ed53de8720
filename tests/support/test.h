// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/paths.h"

#include <QTest>

/// Ends every test file: makes its class known to the library's test executable.
#define FAULTLINE_TEST(Class)          \
    QObject *FAULTLINE_TEST_FACTORY(); \
    QObject *FAULTLINE_TEST_FACTORY()  \
    {                                  \
        return new Class;              \
    }
