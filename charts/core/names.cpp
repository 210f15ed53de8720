// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/names.h"

using namespace Qt::StringLiterals;

namespace faultline {

QStringList nameLines(const QString &name, const QFontMetricsF &metrics, double first, double second)
{
    if (metrics.horizontalAdvance(name) <= first)
        return {name};
    qsizetype at = -1;
    if (second > 0)
        for (qsizetype i = 1; i < name.size() && metrics.horizontalAdvance(name.first(i)) <= first; ++i)
            if (u"_.:/- "_s.contains(name.at(i - 1)))
                at = i;
    if (at < 0)
        return {metrics.elidedText(name, Qt::ElideMiddle, first)};
    return {name.first(at), metrics.elidedText(name.sliced(at), Qt::ElideMiddle, second)};
}

} // namespace faultline
