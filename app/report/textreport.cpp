// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportdata.h"

#include "app/report/reportcomparison.h"
#include "app/report/reportwords.h"
#include "models/core/translate.h"

#include <QRegularExpression>
#include <QTextStream>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostProof = 6;
constexpr size_t MostRuledOut = 5;
constexpr size_t MostMissing = 3;
constexpr qsizetype Width = 100;

/// What escapes of Markdown stand for.
QString unescaped(QString markdown)
{
    static const QRegularExpression escape(u"\\\\([!-/:-@\\[-`{-~])"_s);
    return markdown.replace(escape, u"\\1"_s)
        .replace(u"&lt;"_s, u"<"_s)
        .replace(u"&gt;"_s, u">"_s)
        .replace(u"&amp;"_s, u"&"_s);
}

/// Paragraphs of Markdown wrapped for a terminal, each line indented.
QString wrapped(const QString &markdown, const QString &indent)
{
    QString result;
    bool fenced = false;
    for (const QString &written : markdown.trimmed().split(u'\n')) {
        const QString paragraph = fenced ? written : unescaped(written);
        if (written.startsWith(u"```"_s)) {
            fenced = !fenced;
            continue;
        }
        if (fenced) {
            result += indent + u"  "_s + paragraph + u'\n';
            continue;
        }
        QString line = indent;
        for (const QString &word : paragraph.split(u' ', Qt::SkipEmptyParts)) {
            if (line.size() > indent.size() && line.size() + 1 + word.size() > Width) {
                result += line + u'\n';
                line = indent;
            }
            line += (line.size() > indent.size() ? u" "_s : QString()) + word;
        }
        result += line.trimmed().isEmpty() ? u"\n"_s : QString(line + u'\n');
    }
    return result;
}

void writeTextPlaces(QTextStream &out, const std::vector<ReportPlace> &places, size_t most)
{
    constexpr qsizetype WidestPlace = 32;
    qsizetype width = 0;
    for (size_t i = 0; i < std::min(most, places.size()); ++i)
        width = std::max(width, std::min(WidestPlace, places[i].where.size()));
    for (size_t i = 0; i < std::min(most, places.size()); ++i)
        out << "    " << places[i].where.leftJustified(width) << "  " << places[i].text << '\n';
}

/// The lines that prove it: what failed, what the cause rests on, and the most telling series; each place once.
std::vector<ReportPlace> proofOf(const ReportFailure &failure, const ReportVerdict &verdict)
{
    std::vector<ReportPlace> proof;
    const auto add = [&](const std::vector<ReportPlace> &places, size_t most) {
        for (size_t i = 0; i < places.size() && most > 0; ++i) {
            const bool isThere = std::ranges::any_of(proof, [&](const ReportPlace &place) {
                return place.where == places[i].where && place.text == places[i].text;
            });
            if (!isThere) {
                proof.push_back(places[i]);
                --most;
            }
        }
    };
    add(failure.places, 2);
    add(verdict.proof, MostProof - 3);
    add(failure.spikes, 1);
    return proof;
}

void writeVerdict(QTextStream &out, const ReportFailure &failure, const ReportVerdict &verdict)
{
    out << "  " << tr("Cause: %1 [%2]").arg(verdict.title, verdict.cause) << "\n  "
        << tr("%1, %2 %").arg(verdict.status).arg(verdict.percent)
        << (verdict.byHand ? tr(", by an answer given by hand") : QString()) << "\n\n";
    out << wrapped(verdict.explanation, u"  "_s) << '\n';
    out << "  " << tr("Proof") << '\n';
    writeTextPlaces(out, proofOf(failure, verdict), MostProof);
    if (!verdict.remedy.isEmpty())
        out << "\n  " << tr("What to do") << '\n' << wrapped(verdict.remedy, u"    "_s);
}

void writeTextFailure(QTextStream &out, const ReportFailure &failure)
{
    out << "✗ " << failure.what << '\n';
    const QString when = failure.time.isEmpty() ? tr("at an unknown time")
                                                : QString(failure.time + u' ' + failure.uncertainty).trimmed();
    out << "  " << when << (failure.details.isEmpty() ? QString() : QString(u" · "_s + failure.details)) << '\n';
    if (!failure.follows.isEmpty())
        out << "  " << tr("followed from: %1").arg(failure.follows) << '\n';
    out << '\n';
    // A cause that is merely possible is no answer: it is listed, not told.
    const bool named = !failure.verdicts.empty() && failure.verdicts.front().supported;
    if (named) {
        writeVerdict(out, failure, failure.verdicts.front());
    } else {
        if (failure.follows.isEmpty())
            out << "  " << tr("Cause: unknown. The evidence names none.") << "\n\n";
        writeTextPlaces(out, failure.places, MostProof);
    }
    if (failure.verdicts.size() > (named ? 1 : 0)) {
        out << "\n  " << (named ? tr("Also") : tr("Not ruled out")) << '\n';
        for (size_t i = named ? 1 : 0; i < std::min<size_t>(4, failure.verdicts.size()); ++i)
            out << "    " << failure.verdicts[i].title << " [" << failure.verdicts[i].cause << "] "
                << failure.verdicts[i].status << '\n';
    }
    if (!failure.ruledOut.empty()) {
        out << "\n  " << tr("Ruled out") << '\n';
        for (size_t i = 0; i < std::min(MostRuledOut, failure.ruledOut.size()); ++i) {
            out << "    " << failure.ruledOut[i].title << " [" << failure.ruledOut[i].cause << "]\n";
            for (const ReportPlace &place : failure.ruledOut[i].because)
                out << "      " << place.where << "  " << place.text << '\n';
        }
    }
    if (!failure.answers.empty()) {
        out << "\n  " << tr("Answered by hand") << '\n';
        for (const auto &[question, answer] : failure.answers)
            out << "    " << question << ' ' << answer << '\n';
    }
    if (!failure.missing.empty()) {
        out << "\n  " << tr("To know more") << '\n';
        for (size_t i = 0; i < std::min(MostMissing, failure.missing.size()); ++i)
            out << "    $ " << failure.missing[i].first << "\n      " << failure.missing[i].second << '\n';
    }
    out << '\n';
}

QString headOf(const ReportAnnotation &note)
{
    QStringList parts{note.time, note.where, note.author};
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

} // namespace

QString textReport(const ReportData &data)
{
    QString text;
    QTextStream out(&text);
    if (data.failures.empty())
        out << data.headline << "\n\n";
    for (const ReportFailure &failure : data.failures)
        writeTextFailure(out, failure);
    if (!data.annotations.empty())
        out << tr("Notes") << '\n';
    for (const ReportAnnotation &note : data.annotations) {
        out << "  " << headOf(note) << '\n';
        for (const QString &line : note.text.split(u'\n'))
            out << "    " << reportText(line.toUtf8()) << '\n';
    }
    if (data.comparison)
        out << textComparison(*data.comparison);
    out << tr("Read") << '\n';
    for (const ReportSource &source : data.sources)
        out << "  " << source.path << ": " << source.format
            << (source.clock.isEmpty() ? QString() : QString(u"; "_s + source.clock)) << '\n';
    for (const QString &note : data.notes)
        out << "  " << tr("note: %1").arg(note) << '\n';
    return text;
}

} // namespace faultline
