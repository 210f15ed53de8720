// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/mainwindow.h"

#include <QAction>
#include <QTest>

namespace faultline::test {

/// Pictures of a window, or of what stands before it, for a person to look at, light and dark: FAULTLINE_SCREENSHOT names the folder.
inline void saveWindowPictures(MainWindow &window, const QString &name, QWidget *widget = nullptr)
{
    const QString folder = qEnvironmentVariable("FAULTLINE_SCREENSHOT");
    if (folder.isEmpty())
        return;
    for (const auto &[theme, ending] : {std::pair(QStringLiteral("themeDark"), QStringLiteral("-dark.png")),
                                        std::pair(QStringLiteral("themeLight"), QStringLiteral("-light.png"))}) {
        window.findChild<QAction *>(theme, Qt::FindDirectChildrenOnly)->trigger();
        QTest::qWait(400);
        QVERIFY((widget ? widget : &window)->grab().save(folder + u'/' + name + ending));
    }
}

} // namespace faultline::test
