// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace faultline {

/// What a file of a run's log archive is called: "N_job.txt" on top, "job/N_step.txt" below. Names have '/' and ':' taken out and are cut
/// to 90 UTF-16 units (cli: pkg/cmd/run/view/logs.go). The job's folder may lack, and so may the top file.
struct GithubPath {
    QByteArray name;   ///< Without number and ".txt"; empty where the path is no such file.
    QByteArray folder; ///< Where it lies; empty where that is the archive itself, or unknown.

    bool isInArchive = false; ///< Below one, not unpacked.

    bool isOfStep() const { return isInArchive && !name.isEmpty() && !folder.isEmpty(); }
    static GithubPath read(const QString &path);
};

} // namespace faultline
