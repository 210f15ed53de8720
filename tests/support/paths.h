// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace faultline::test {

/// A file or folder of the checkout: "resources/signatures".
QString sourcePath(const QString &relative);

/// A file or folder below tests/data.
QString dataPath(const QString &relative);

/// A file or folder of real failed runs, or empty where it is absent: then the test skips and says so.
QString corpusPath(const QString &relative = {});

/// Where the build keeps the compiled signatures.
QString scannerPath();

} // namespace faultline::test
