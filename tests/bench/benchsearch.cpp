// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"
#include "models/search/searchlines.h"

#include <QElapsedTimer>
#include <QFile>

#include <cstdio>

using namespace faultline;

/// Reads a file once, then searches it for each line of a file of expressions ("l" in front: literal, "r": regular expression,
/// "c": combined, then a blank) and prints seconds and the number of lines for each, round after round, whenever a line comes in:
/// `benchsearch LOG EXPRESSIONS ROUNDS`.
int main(int count, char *arguments[])
{
    if (count != 4)
        qFatal("usage: benchsearch LOG EXPRESSIONS ROUNDS");
    const auto tools = makeImportTools({}, {});
    if (!tools)
        qFatal("%s", qPrintable(tools.error().toString()));
    const auto evidence = importPaths({QString::fromLocal8Bit(arguments[1])}, *tools, {});
    if (!evidence)
        qFatal("%s", qPrintable(evidence.error().toString()));
    const SourceEvidence &source = *evidence->sources.front();
    QFile expressions(QString::fromLocal8Bit(arguments[2]));
    if (!expressions.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(expressions.errorString()));
    const QList<QByteArray> lines = expressions.readAll().chopped(1).split('\n');
    for (int round = 0; round < std::atoi(arguments[3]); ++round) {
        for (const QByteArray &line : lines) {
            if (std::getchar() == EOF)
                return 1;
            SearchQuery query;
            query.text = QString::fromUtf8(line.mid(2));
            query.isRegex = line.startsWith('r');
            query.isCombined = line.startsWith('c');
            query.caseSensitive = true;
            QElapsedTimer timer;
            timer.start();
            const auto matcher = LineMatcher::of(query);
            if (!matcher)
                qFatal("%s", qPrintable(matcher.error().toString()));
            size_t found = 0;
            const PassEnd end = searchLines(source, **matcher, {}, passThreads(), {},
                                            [&](const std::vector<qint64> &more, qint64) { found += more.size(); });
            if (end.error)
                qFatal("%s", qPrintable(end.error->toString()));
            std::printf("%.4f %zu\n", static_cast<double>(timer.nsecsElapsed()) / 1e9, found);
            std::fflush(stdout);
        }
    }
}
