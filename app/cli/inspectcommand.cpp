// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/tablewriter.h"
#include "app/report/jsonreport.h"
#include "models/core/translate.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// "2026-11-23 18:47:15 to 18:47:31"; the second date only where it is another.
QString rangeText(const SourceEvidence &source, const SourcePlacement &placement)
{
    const auto placed = [&placement](const std::optional<SourceTime> &time) {
        const auto at = time ? placement.place(*time) : std::nullopt;
        return at ? QString::fromLatin1(toRfc3339(at->time)).replace(u'T', u' ') : QString();
    };
    constexpr qsizetype DateLength = 10;
    constexpr qsizetype SecondsLength = 19;
    const QString first = placed(source.first);
    const QString last = placed(source.last);
    if (first.isEmpty())
        return source.first ? tr("not placed") : QString();
    if (last.isEmpty() || last == first)
        return first.left(SecondsLength);
    return first.left(SecondsLength) + tr(" to ")
           + (last.left(DateLength) == first.left(DateLength) ? last.mid(DateLength + 1, SecondsLength - DateLength - 1)
                                                              : last.left(SecondsLength));
}

/// What all paths begin with, up to and with a '/': it says nothing in a table.
qsizetype commonFolder(const Evidence &evidence)
{
    QString common = evidence.sources.empty() ? QString() : evidence.sources.front()->path;
    for (const auto &source : evidence.sources) {
        const auto [end, other] = std::ranges::mismatch(common, source->path);
        common.truncate(end - common.begin());
    }
    return common.lastIndexOf(u'/') + 1;
}

QString clockText(const SourceEvidence &source, const SourcePlacement &placement)
{
    const QString basis = timeBasisName(source.basis);
    return source.basis == TimeBasis::None ? basis : QString(basis + u", "_s + placementHowName(placement.how));
}

QVariant countOf(qint64 count)
{
    return count > 0 ? QVariant(count) : QVariant();
}

/// A row for each source, then the notes; with one source alone also why it was taken for what it is.
QByteArray table(const Analysis &analysis)
{
    const Evidence &evidence = *analysis.evidence;
    const qsizetype cut = evidence.sources.size() > 1 ? commonFolder(evidence) : 0;
    Rows rows;
    rows.columns = {tr("source"), tr("format"), tr("kind"),       tr("lines"), tr("events"), tr("spans"),
                    tr("facts"),  tr("series"), tr("time (UTC)"), tr("clock"), tr("notes")};
    QString notes;
    for (size_t s = 0; s < evidence.sources.size(); ++s) {
        const SourceEvidence &source = *evidence.sources[s];
        const SourcePlacement &placement = analysis.placement->sources[s];
        const QString path = source.path.mid(cut);
        rows.rows.push_back(
            {path, QString::fromUtf8(source.format), QString(sourceKindName(source.kind)), countOf(source.lineCount()),
             countOf(std::ssize(source.events)), countOf(std::ssize(source.spans)), countOf(std::ssize(source.facts)),
             countOf(std::ssize(source.series) + std::ssize(source.profiles)), rangeText(source, placement),
             clockText(source, placement), countOf(std::ssize(source.notes))});
        for (const Note &note : source.notes) {
            notes += path;
            if (note.position.line > 0)
                notes += u':' + QString::number(note.position.line);
            else if (note.position.byteOffset >= 0)
                notes += tr(", byte %1").arg(note.position.byteOffset);
            notes += u": "_s + severityName(note.severity) + u": "_s + note.text
                     + (note.count > 1 ? tr(" (%1 times)").arg(note.count) : QString()) + u'\n';
        }
    }
    QString text = QString::fromUtf8(asTable(rows));
    if (evidence.sources.size() == 1)
        text += u'\n'
                + tr("Taken for %1: %2")
                      .arg(QString::fromUtf8(evidence.sources.front()->format), evidence.sources.front()->formatReason)
                + u'\n' + tr("Clock: %1").arg(analysis.placement->sources.front().reason) + u'\n';
    if (!notes.isEmpty())
        text += u'\n' + notes;
    return withoutControl(text).toUtf8();
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
        arguments.format == u"json"_s ? QJsonDocument(jsonSources(*analysis)).toJson() : table(*analysis);
    const auto written = writeOutput(bytes, arguments.output);
    if (!written)
        say(written.error().toString());
    return written ? ExitDone : exitStatusOf(written.error());
}

} // namespace faultline
