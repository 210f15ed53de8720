// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/csvfield.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

QString csvField(QString text)
{
    if (!text.isEmpty() && u"=+-@\t\r"_s.contains(text.front()))
        text.prepend(u'\'');
    if (std::ranges::none_of(text, [](QChar c) { return u"\",\r\n"_s.contains(c); }))
        return text;
    return u'"' % text.replace(u'"', u"\"\""_s) % u'"';
}

} // namespace faultline
