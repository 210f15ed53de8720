// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/postmortemparts.h"

#include "app/pages/pictures.h"
#include "app/report/markdownhtml.h"
#include "app/report/reportcomparison.h"
#include "app/report/reportwords.h"
#include "app/report/timelinerows.h"
#include "models/core/translate.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

std::unexpected<Error> nothing(const QString &message, const QString &hint = {})
{
    return failure(Code::NotFound, message, hint);
}

/// A table's cell: one line, nothing of it markup.
QString cell(const QString &text)
{
    constexpr qsizetype MostCell = 400;
    return markdownEscaped(text.left(MostCell).simplified());
}

QString table(const QStringList &head, const std::vector<QStringList> &rows)
{
    QString text = u"| "_s + head.join(u" | "_s) + u" |\n|"_s + u"---|"_s.repeated(head.size()) + u'\n';
    for (const QStringList &row : rows)
        text += u"| "_s + row.join(u" | "_s) + u" |\n"_s;
    return text;
}

QString nonEmpty(const QString &text, const QString &otherwise)
{
    return text.trimmed().isEmpty() ? otherwise : text.trimmed();
}

} // namespace

PostmortemParts::PostmortemParts(const Analysis &analysis)
    : m_analysis(analysis)
    , m_data(analysis.evidence && analysis.diagnosis ? reportData(analysis) : ReportData())
{
}

Result<const ReportFailure *> PostmortemParts::failureOf(const QString &number) const
{
    bool isNumber = true;
    const int index = number.isEmpty() ? 1 : number.toInt(&isNumber);
    if (!isNumber || index < 1 || std::cmp_greater(index, m_data.failures.size()))
        return nothing(m_data.failures.empty() ? tr("Nothing failed in this case")
                                               : tr("There is no failure %1").arg(number));
    return &m_data.failures[static_cast<size_t>(index) - 1];
}

Result<const ReportVerdict *> PostmortemParts::verdictOf(const QString &cause) const
{
    for (const ReportFailure &failure : m_data.failures)
        for (const ReportVerdict &verdict : failure.verdicts)
            if (cause.isEmpty() || verdict.cause == cause)
                return &verdict;
    return cause.isEmpty() ? nothing(tr("The evidence names no cause"))
                           : nothing(tr("The diagnosis does not name the cause %1").arg(cause));
}

Result<QString> PostmortemParts::part(const QString &name, const QString &argument) const
{
    if (name == u"failure")
        return ofFailure(argument);
    if (name == u"cause" || name == u"remedy" || name == u"prevention" || name == u"proof")
        return ofCause(name, argument);
    if (name == u"note")
        return ofNote(argument);
    if (name == u"picture")
        return picture(argument);
    if (name == u"timeline" && !argument.isEmpty() && argument != u"all")
        return nothing(tr("A timeline is [[timeline]] or [[timeline all]]"));
    if (name == u"timeline")
        return timeline(!argument.isEmpty());
    if (name == u"flowchart") {
        const WalkedFlowchart *chart = bestFlowchart(m_analysis, 0);
        if (!chart)
            return nothing(tr("No flowchart was walked"));
        return QString(u"```mermaid\n"_s + chart->mermaid.trimmed() + u"\n```"_s);
    }
    if (name == u"comparison") {
        if (!m_data.comparison)
            return nothing(tr("The case is not compared with another run"));
        return markdownComparison(*m_data.comparison).section(u'\n', 1).trimmed(); // the author gives it a heading
    }
    return words(name, argument);
}

Result<QString> PostmortemParts::words(const QString &name, const QString &argument) const
{
    if (name == u"summary")
        return markdownEscaped(m_data.headline);
    if (name == u"version")
        return QString(u"Faultline "_s + QCoreApplication::applicationVersion());
    if (name == u"when")
        return failureOf(argument).transform(
            [](const ReportFailure *failure) { return nonEmpty(failure->time, tr("an unknown time")); });
    if (name == u"cause-name")
        return verdictOf({}).transform([](const ReportVerdict *verdict) { return markdownEscaped(verdict->title); });
    if (name == u"failures")
        return failures();
    if (name == u"ruled-out")
        return ruledOut();
    if (name == u"open-questions")
        return openQuestions();
    if (name == u"answers")
        return answers();
    if (name == u"correlation")
        return nonEmpty(markdownPlaces(m_data.spikes), tr("No metric stood out."));
    if (name == u"notes")
        return notes(argument);
    return clocks();
}

Result<QString> PostmortemParts::ofFailure(const QString &argument) const
{
    const auto found = failureOf(argument);
    if (!found)
        return std::unexpected(found.error());
    const ReportFailure &failure = **found;
    QString text =
        u"**%1** · %2 %3"_s
            .arg(markdownEscaped(failure.what), nonEmpty(failure.time, tr("at an unknown time")), failure.uncertainty)
            .trimmed();
    if (!failure.details.isEmpty())
        text += u"  \n"_s + markdownEscaped(failure.details);
    return QString(text + u"\n\n"_s + markdownPlaces(failure.places)).trimmed();
}

Result<QString> PostmortemParts::ofCause(const QString &name, const QString &argument) const
{
    const auto found = verdictOf(argument);
    if (!found)
        return std::unexpected(found.error());
    const ReportVerdict &verdict = **found;
    if (name == u"remedy")
        return nonEmpty(verdict.remedy, tr("Nothing is known to help."));
    if (name == u"prevention")
        return nonEmpty(verdict.prevention, tr("Nothing is known to prevent it."));
    if (name == u"proof")
        return nonEmpty(markdownPlaces(verdict.proof), tr("No line or sample is cited."));
    return u"**%1** (`%2`, %3, %4 %)%5\n\n%6"_s.arg(markdownEscaped(verdict.title), verdict.cause, verdict.status)
        .arg(verdict.percent)
        .arg(verdict.byHand ? tr(", by an answer given by hand") : QString(), verdict.explanation.trimmed());
}

Result<QString> PostmortemParts::ofNote(const QString &argument) const
{
    if (m_analysis.annotations)
        for (const Annotation &note : *m_analysis.annotations)
            if (QString::number(note.id) == argument)
                return harmlessMarkdown(note.text);
    return argument.isEmpty() ? nothing(tr("Which note? Write its number: [[note 1]]"))
                              : nothing(tr("There is no note %1").arg(argument));
}

Result<QString> PostmortemParts::picture(const QString &argument) const
{
    const auto title = argument == u"timeline" ? tr("Timeline")
                       : argument == u"focus"  ? tr("Metrics around the failure")
                       : argument == u"flow"   ? tr("Flowchart of the diagnosis")
                                               : QString();
    if (title.isEmpty())
        return nothing(tr("There is no picture “%1”").arg(argument),
                       tr("There are: picture timeline, picture focus, picture flow"));
    return u"![%1](faultline:%2)"_s.arg(title, argument);
}

QString PostmortemParts::timeline(bool all) const
{
    constexpr size_t MostRows = 200;
    std::vector<QStringList> rows;
    const std::vector<TimelineRow> told = timelineRows(m_analysis, all);
    for (const TimelineRow &row : told) {
        if (rows.size() == MostRows)
            break;
        const QString text = row.kind == u"note" ? QString(row.text).section(u'\n', 0, 0) : row.text;
        rows.push_back({row.time ? reportTime(*row.time) : tr("unknown"), row.kind, cell(row.where), cell(text)});
    }
    QString text = table({tr("When"), tr("Kind"), tr("Where"), tr("What")}, rows);
    if (told.size() > MostRows)
        text += u'\n' + tr("And %1 more.").arg(told.size() - MostRows);
    return text.trimmed();
}

QString PostmortemParts::notes(const QString &tag) const
{
    QString text;
    for (const ReportAnnotation &note : m_data.annotations) {
        if (!tag.isEmpty() && !note.tags.contains(tag))
            continue;
        QStringList head;
        for (const QString &part :
             {note.time, note.end.isEmpty() ? QString() : tr("to %1").arg(note.end), note.where, note.author})
            if (!part.isEmpty())
                head << markdownEscaped(part);
        text += u"**"_s + head.join(u" · "_s) + u"**\n\n"_s;
        for (const QString &line : harmlessMarkdown(note.text).split(u'\n'))
            text += u"> "_s + line + u'\n';
        text += u'\n';
    }
    return nonEmpty(text, tag.isEmpty() ? tr("There are no notes.") : tr("No note has this tag."));
}

QString PostmortemParts::clocks() const
{
    std::vector<QStringList> rows;
    for (const ReportSource &source : m_data.sources)
        rows.push_back({cell(source.path), cell(source.format), source.range, cell(source.clock)});
    return table({tr("Source"), tr("Read as"), tr("Range (UTC)"), tr("Clock")}, rows).trimmed();
}

QString PostmortemParts::failures() const
{
    QString text;
    for (const ReportFailure &failure : m_data.failures)
        text += u"- %1 %2\n"_s.arg(nonEmpty(failure.time, tr("at an unknown time")), markdownEscaped(failure.what));
    return nonEmpty(text, tr("Nothing failed."));
}

QString PostmortemParts::ruledOut() const
{
    QString text;
    for (const ReportFailure &failure : m_data.failures)
        for (const ReportRuledOut &cause : failure.ruledOut) {
            text += u"- %1 (`%2`)\n"_s.arg(markdownEscaped(cause.title), cause.cause);
            for (const ReportPlace &place : cause.because)
                text += u"  - %1: %2\n"_s.arg(markdownEscaped(place.where), markdownEscaped(place.text));
        }
    return text.isEmpty() ? tr("Nothing was ruled out.")
                          : QString(tr("Ruled out, each by what follows it:") % u"\n\n"_s % text.trimmed());
}

QString PostmortemParts::openQuestions() const
{
    QString text;
    for (const ReportFailure &failure : m_data.failures)
        for (const auto &[command, decides] : failure.missing)
            text += u"- %1\n\n  ```sh\n  %2\n  ```\n"_s.arg(markdownEscaped(decides),
                                                            QString(command).replace(u'`', u'\'').simplified());
    return nonEmpty(text, tr("No question is open that would change the answer."));
}

QString PostmortemParts::answers() const
{
    QString text;
    for (const ReportFailure &failure : m_data.failures)
        for (const auto &[question, answer] : failure.answers)
            text += u"- %1 **%2**\n"_s.arg(markdownEscaped(question), markdownEscaped(answer));
    return nonEmpty(text, tr("Nobody answered a question by hand."));
}

std::vector<std::pair<QString, QString>> PostmortemParts::arguments(const QString &name) const
{
    std::vector<std::pair<QString, QString>> result;
    if (name == u"note" && m_analysis.annotations)
        for (const Annotation &note : *m_analysis.annotations)
            result.emplace_back(QString::number(note.id), note.text.section(u'\n', 0, 0).left(60));
    if (name == u"picture")
        result = {{u"timeline"_s, tr("The timeline around the failure")},
                  {u"focus"_s, tr("The metrics around the failure")},
                  {u"flow"_s, tr("The flowchart of the diagnosis")}};
    if (name == u"timeline")
        result = {{u"all"_s, tr("The same with jobs and steps")}};
    if (name == u"failure" && m_data.failures.size() > 1)
        for (size_t i = 1; i < m_data.failures.size() && i < 10; ++i)
            result.emplace_back(QString::number(i + 1), m_data.failures[i].what);
    if (name == u"cause")
        for (const ReportFailure &failure : m_data.failures)
            for (const ReportVerdict &verdict : failure.verdicts)
                result.emplace_back(verdict.cause, verdict.title);
    return result;
}

} // namespace faultline
