// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/followload.h"

#include <QCoreApplication>

#include <cstdio>

using namespace faultline;

/// Follows a log in a folder while it is written, and holds every line against what was written: benchfollow FOLDER [MB/s [SECONDS]].
/// Exits with 1 where a line is missing or wrong.
int main(int count, char *arguments[])
{
    const QCoreApplication application(count, arguments);
    if (count < 2 || count > 4)
        qFatal("usage: benchfollow FOLDER [MB/s [SECONDS]]");
    const qint64 rate = (count > 2 ? std::atoi(arguments[2]) : 100) * qint64(1'000'000);
    const double seconds = count > 3 ? std::atof(arguments[3]) : 60;
    const QString path = QString::fromLocal8Bit(arguments[1]) + QStringLiteral("/followed.log");
    QFile::remove(path);
    const test::FollowOutcome outcome = test::followUnderLoad(path, rate, seconds);
    QFile::remove(path);
    const bool isGood = outcome.linesSeen == outcome.linesWritten && outcome.linesWritten > 0 && outcome.linesWrong == 0
                        && outcome.stretchesMissed == 0;
    std::printf(
        "written %.0f MB in %.1f s: %.1f MB/s, %lld lines; seen %lld, of them wrong %lld, stretches missed %lld\n"
        "told %d times, at most %.1f MB behind; the last line %.2f s after it was written: %s\n",
        static_cast<double>(outcome.bytesWritten) / 1e6, outcome.secondsWriting,
        static_cast<double>(outcome.bytesWritten) / 1e6 / outcome.secondsWriting,
        static_cast<long long>(outcome.linesWritten), static_cast<long long>(outcome.linesSeen),
        static_cast<long long>(outcome.linesWrong), static_cast<long long>(outcome.stretchesMissed), outcome.tellings,
        static_cast<double>(outcome.mostBehindBytes) / 1e6, outcome.secondsToLast, isGood ? "ok" : "LINES LOST");
    return isGood ? 0 : 1;
}
