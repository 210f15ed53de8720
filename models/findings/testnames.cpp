// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/testnames.h"

namespace faultline {

QByteArray testKey(const QByteArray &name)
{
    const qsizetype file = name.indexOf(".py::");
    QByteArray key = file < 0 ? name : name.sliced(file + 5);
    // Parameters in brackets may hold anything.
    const qsizetype bracket = key.indexOf('[');
    QByteArray path = bracket < 0 ? key : key.first(bracket);
    path.replace("::", ".");
    return path + (bracket < 0 ? QByteArray() : key.sliced(bracket));
}

bool holdsTest(const QByteArray &outer, const QByteArray &inner)
{
    if (outer.isEmpty() || inner.size() <= outer.size() || !inner.startsWith(outer))
        return false;
    const char next = inner.at(outer.size());
    return next == '/' || next == '.' || next == ':' || next == '#'
           || (next == ' ' && inner.sliced(outer.size()).startsWith(" > "));
}

} // namespace faultline
