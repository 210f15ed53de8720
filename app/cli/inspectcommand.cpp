// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/report/jsonreport.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QTextStream>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::Inspect", text);
}

QString timeText(const SourcePlacement &placement, const std::optional<SourceTime> &time)
{
    const auto placed = time ? placement.place(*time) : std::nullopt;
    return placed ? QString::fromLatin1(toRfc3339(placed->time)) : tr("unknown");
}

QString table(const Analysis &analysis)
{
    QString text;
    QTextStream out(&text);
    for (size_t s = 0; s < analysis.evidence->sources.size(); ++s) {
        const SourceEvidence &source = *analysis.evidence->sources[s];
        const SourcePlacement &placement = analysis.placement->sources[s];
        out << source.path << '\n';
        out << "  " << tr("taken for") << "  " << source.format << " (" << sourceKindName(source.kind) << ") "
            << source.formatReason << '\n';
        out << "  " << tr("holds") << "      "
            << tr("%1 lines, %2 events, %3 spans, %4 facts, %5 series, %6 profiles, %7 threads")
                   .arg(source.lineCount())
                   .arg(source.events.size())
                   .arg(source.spans.size())
                   .arg(source.facts.size())
                   .arg(source.series.size())
                   .arg(source.profiles.size())
                   .arg(source.threads.size())
            << '\n';
        out << "  " << tr("range") << "      " << timeText(placement, source.first) << " .. "
            << timeText(placement, source.last) << '\n';
        out << "  " << tr("clock") << "      " << timeBasisName(source.basis) << ", " << placementHowName(placement.how)
            << ": " << placement.reason << '\n';
        for (const Note &note : source.notes)
            out << "  " << severityName(note.severity) << "  "
                << tr("line %1, byte %2: ").arg(note.position.line).arg(note.position.byteOffset) << note.text
                << (note.count > 1 ? tr(" (%1 times)").arg(note.count) : QString()) << '\n';
    }
    return text;
}

} // namespace

int runInspect(const Arguments &arguments)
{
    const auto analysis = analyzeArguments(arguments);
    if (!analysis) {
        say(analysis.error().toString());
        return exitStatusOf(analysis.error());
    }
    const QByteArray bytes =
        arguments.format == u"json"_s ? QJsonDocument(jsonSources(*analysis)).toJson() : table(*analysis).toUtf8();
    const auto written = writeOutput(bytes, arguments.output);
    if (!written)
        say(written.error().toString());
    return written ? ExitDone : exitStatusOf(written.error());
}

} // namespace faultline
