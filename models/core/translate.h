// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

namespace faultline {

/// `text` in the user's language, for what is no QObject. `what` tells translators which of several meanings is meant; `count` stands for %n.
inline QString tr(const char *text, const char *what = nullptr, int count = -1)
{
    return QCoreApplication::translate("faultline", text, what, count);
}

} // namespace faultline
