// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/userknowledge.h"

#include <QStandardPaths>

namespace faultline {

QString userKnowledgeFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

} // namespace faultline
