// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubpath.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

GithubPath GithubPath::read(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    const QStringView file = QStringView(path).sliced(slash + 1);
    const qsizetype underscore = file.indexOf(u'_');
    if (!file.endsWith(".txt"_L1) || underscore < 1
        || !std::ranges::all_of(file.first(underscore), [](QChar c) { return c >= u'0' && c <= u'9'; }))
        return {};
    GithubPath result;
    result.name = file.sliced(underscore + 1).chopped(4).toUtf8();
    if (slash > 0) {
        const QStringView above = QStringView(path).first(slash);
        const QStringView folder = above.sliced(above.lastIndexOf(u'/') + 1);
        result.isInArchive =
            above.contains(".zip/"_L1, Qt::CaseInsensitive) || folder.endsWith(".zip"_L1, Qt::CaseInsensitive);
        if (!folder.endsWith(".zip"_L1, Qt::CaseInsensitive))
            result.folder = folder.toUtf8();
    }
    return result;
}

} // namespace faultline
