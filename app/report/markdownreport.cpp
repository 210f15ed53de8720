// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportdata.h"

#include "app/report/markdownhtml.h"
#include "app/report/reportcomparison.h"
#include "models/core/translate.h"

#include <QTextStream>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

void writePlaces(QTextStream &out, const std::vector<ReportPlace> &places)
{
    if (places.empty())
        return;
    out << "| " << tr("Where") << " | " << tr("When") << " | " << tr("What") << " |\n|---|---|---|\n";
    for (const ReportPlace &place : places)
        out << "| " << markdownEscaped(place.where) << " | " << place.time << " | " << markdownEscaped(place.text)
            << " |\n";
    out << '\n';
}

void writeFailure(QTextStream &out, const ReportFailure &failure)
{
    out << "## " << markdownEscaped(failure.what) << "\n\n";
    out << (failure.time.isEmpty() ? tr("At an unknown time") : failure.time) << ' ' << failure.uncertainty << "  \n"
        << markdownEscaped(failure.details) << "\n\n";
    const bool isFirst = failure.follows.isEmpty();
    if (!isFirst)
        out << tr("Followed from: %1").arg(markdownEscaped(failure.follows)) << "\n\n";
    if (failure.verdicts.empty() && isFirst)
        out << tr("**Cause: unknown.** The evidence names none.") << "\n\n";
    writePlaces(out, failure.places);
    for (const ReportVerdict &verdict : failure.verdicts) {
        out << "### " << markdownEscaped(verdict.title) << "\n\n`" << verdict.cause << "`: " << verdict.status << ", "
            << verdict.percent << " %" << (verdict.byHand ? tr(", by an answer given by hand") : QString()) << "\n\n";
        out << verdict.explanation << "\n\n";
        writePlaces(out, verdict.proof);
        if (!verdict.remedy.isEmpty())
            out << "**" << tr("What to do") << "**\n\n" << verdict.remedy << "\n\n";
        if (!verdict.prevention.isEmpty())
            out << "**" << tr("Prevention") << "**\n\n" << verdict.prevention << "\n\n";
    }
    if (!failure.ruledOut.empty()) {
        out << "### " << tr("Ruled out") << "\n\n";
        for (const ReportRuledOut &cause : failure.ruledOut) {
            out << "- " << markdownEscaped(cause.title) << " (`" << cause.cause << "`)\n";
            for (const ReportPlace &place : cause.because)
                out << "  - " << markdownEscaped(place.where) << ": " << markdownEscaped(place.text) << '\n';
        }
        out << '\n';
    }
    if (!failure.answers.empty()) {
        out << "### " << tr("Answered by hand") << "\n\n";
        for (const auto &[question, answer] : failure.answers)
            out << "- " << markdownEscaped(question) << " **" << markdownEscaped(answer) << "**\n";
        out << '\n';
    }
    if (!failure.missing.empty()) {
        out << "### " << tr("Open questions") << "\n\n";
        for (const auto &[command, decides] : failure.missing)
            out << "- " << markdownEscaped(decides) << "\n  \n  ```sh\n  " << QString(command).replace(u'`', u'\'')
                << "\n  ```\n";
        out << '\n';
    }
    for (const QString &mermaid : failure.mermaid)
        out << "```mermaid\n" << mermaid.trimmed() << "\n```\n\n";
}

/// A note's own Markdown stays, in a quotation that it cannot leave; HTML in it does not.
void writeNote(QTextStream &out, const ReportAnnotation &note)
{
    QStringList head;
    for (const QString &part : {note.time, note.end.isEmpty() ? QString() : tr("to %1").arg(note.end), note.where,
                                note.author, note.tags.join(u' ')})
        if (!part.isEmpty())
            head << markdownEscaped(part);
    out << "**" << head.join(u" · "_s) << "**\n\n";
    if (!note.quote.isEmpty())
        out << markdownEscaped(note.quote) << "\n\n";
    for (const QString &line : harmlessMarkdown(note.text).split(u'\n'))
        out << "> " << line << '\n';
    out << '\n';
}

} // namespace

QString markdownEscaped(const QString &text)
{
    QString result;
    for (const QChar c : text) {
        if (c == u'<')
            result += u"&lt;"_s;
        else if (c == u'>')
            result += u"&gt;"_s;
        else if (c == u'&')
            result += u"&amp;"_s;
        else if (QStringView(u"\\`*_{}[]()#+-.!|~@:").contains(c) && !c.isSpace())
            result += (c == u'.' || c == u'-' || c == u':' ? QString(c) : QString(u'\\' + QString(c)));
        else
            result += c;
    }
    return result;
}

QString markdownPlaces(const std::vector<ReportPlace> &places)
{
    QString text;
    QTextStream out(&text);
    writePlaces(out, places);
    return text;
}

QString markdownReport(const ReportData &data)
{
    QString text;
    QTextStream out(&text);
    out << "# " << markdownEscaped(data.headline) << "\n\n";
    for (const ReportFailure &failure : data.failures)
        writeFailure(out, failure);
    if (!data.spikes.empty()) {
        out << "## " << tr("What rose or fell") << "\n\n";
        writePlaces(out, data.spikes);
    }
    if (!data.annotations.empty())
        out << "## " << tr("Notes") << "\n\n";
    for (const ReportAnnotation &note : data.annotations)
        writeNote(out, note);
    if (data.comparison)
        out << markdownComparison(*data.comparison);
    out << "## " << tr("Sources and clocks") << "\n\n| " << tr("Source") << " | " << tr("Format") << " | "
        << tr("Range") << " | " << tr("Clock") << " |\n|---|---|---|---|\n";
    for (const ReportSource &source : data.sources)
        out << "| " << markdownEscaped(source.path) << " | " << source.format << " | " << source.range << " | "
            << markdownEscaped(source.clock) << " |\n";
    out << '\n';
    for (const QString &note : data.notes)
        out << "- " << markdownEscaped(note) << '\n';
    return text;
}

} // namespace faultline
