// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QApplication;

namespace faultline {

/// Opens the window on files and folders (none: the start page) and runs until it is closed; returns the program's exit status.
int runWindow(QApplication &application, const QStringList &paths);

/// The folder of the shipped sample; empty where it is not installed. FAULTLINE_SAMPLES names another place to look in.
QString samplePath();

} // namespace faultline
