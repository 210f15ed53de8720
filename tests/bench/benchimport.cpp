// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"

#include <QElapsedTimer>
#include <QFileInfo>

#include <cstdio>

#include <sys/resource.h>

using namespace faultline;

/// User and system time of the process so far.
static double processorSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Reads each file named, alone and on one thread, and prints what was found, how fast, and how much memory the process has held.
int main(int count, char *arguments[])
{
    // The scanners as the build compiled them: a user never waits for that either.
    const QString folder = QFileInfo(QString::fromLocal8Bit(arguments[0])).absolutePath();
    const auto tools = makeImportTools({}, {folder + QStringLiteral("/../../app/scanner")});
    if (!tools)
        qFatal("%s", qPrintable(tools.error().toString()));
    for (int i = 1; i < count; ++i) {
        const QString path = QString::fromLocal8Bit(arguments[i]);
        ImportOptions options;
        options.threads = 1;
        QElapsedTimer timer;
        timer.start();
        const double before = processorSeconds();
        const auto evidence = importPaths({path}, *tools, options);
        const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        const double used = processorSeconds() - before;
        if (!evidence)
            qFatal("%s", qPrintable(evidence.error().toString()));
        const SourceEvidence &source = *evidence->sources.front();
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("%s %s %.3f s, of them %.3f s of a processor: %.0f MB/s; at most %ld MB; %zu series, %zu facts, "
                    "%zu notes\n",
                    arguments[i], source.format.constData(), seconds, used,
                    static_cast<double>(QFileInfo(path).size()) / 1e6 / used, usage.ru_maxrss / 1024,
                    source.series.size(), source.facts.size(), source.notes.size());
    }
}
