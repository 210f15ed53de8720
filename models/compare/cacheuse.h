// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <map>
#include <string_view>

namespace faultline {

/// How often a cache had what was asked of it, as a log says.
struct CacheUse {
    qint64 hits = 0;
    qint64 misses = 0;
    int source = -1;
    qint64 line = 0; ///< Of the first miss; of the first hit where none missed.

    bool operator==(const CacheUse &) const = default;
};

/// Adds what a line says of a cache: of the CI system (GitHub Actions, GitLab, CircleCI, Azure, Bitbucket), Docker, BuildKit, Gradle,
/// Bazel, Turborepo, Nx, ccache, sccache, go test and pip. `payload` is a line without its time stamp.
void addCacheUse(std::string_view payload, int source, qint64 line, std::map<QByteArray, CacheUse> &into);

} // namespace faultline
