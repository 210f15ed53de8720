// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/casefile/casecontent.h"

namespace faultline {

CasePlace CaseContent::placeOf(const QString &path) const
{
    CasePlace best;
    qsizetype longest = 0;
    for (size_t i = 0; i < sources.size(); ++i) {
        const QString &file = sources[i].absolute;
        const bool isIt = path == file;
        if (file.size() <= longest || !(isIt || (path.startsWith(file) && path.at(file.size()) == u'/')))
            continue;
        longest = file.size();
        best = {static_cast<int>(i), isIt ? QString() : path.sliced(file.size() + 1)};
    }
    return best;
}

QString CaseContent::pathOf(const CasePlace &place) const
{
    if (place.file < 0 || std::cmp_greater_equal(place.file, sources.size()))
        return {};
    const QString &file = sources[static_cast<size_t>(place.file)].absolute;
    return place.member.isEmpty() ? file : file + u'/' + place.member;
}

} // namespace faultline
