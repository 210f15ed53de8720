// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportdata.h"

#include "app/report/reportcomparison.h"
#include "app/report/reporttemplate.h"

#include <KTextTemplate/Context>
#include <KTextTemplate/Engine>
#include <KTextTemplate/Template>

#include <QCoreApplication>
#include <QFile>

#include <md4c-html.h>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Markdown of our own pages with filled-in log text: raw HTML in it is shown, never passed on.
QString htmlOf(const QString &markdown)
{
    QByteArray html;
    const QByteArray bytes = markdown.toUtf8();
    const auto append = [](const MD_CHAR *text, MD_SIZE size, void *into) {
        static_cast<QByteArray *>(into)->append(text, size);
    };
    md_html(bytes.constData(), static_cast<MD_SIZE>(bytes.size()), append, &html, MD_FLAG_NOHTML | MD_FLAG_TABLES, 0);
    return QString::fromUtf8(html);
}

QVariant variant(const ReportPlace &place)
{
    return QVariantHash{{u"where"_s, place.where}, {u"text"_s, place.text}, {u"time"_s, place.time}};
}

QVariant variant(const ReportVerdict &verdict);
QVariant variant(const ReportSource &source);
QVariant variant(const ReportFailure &failure);
QVariant variant(const ReportRuledOut &cause);

template<typename T>
QVariantList list(const std::vector<T> &items)
{
    QVariantList result;
    for (const T &item : items)
        result.append(variant(item));
    return result;
}

QVariant variant(const ReportVerdict &verdict)
{
    return QVariantHash{{u"cause"_s, verdict.cause},
                        {u"title"_s, verdict.title},
                        {u"status"_s, verdict.status},
                        {u"percent"_s, verdict.percent},
                        {u"explanation"_s, htmlOf(verdict.explanation)},
                        {u"remedy"_s, htmlOf(verdict.remedy)},
                        {u"prevention"_s, htmlOf(verdict.prevention)},
                        {u"proof"_s, list(verdict.proof)},
                        {u"byHand"_s, verdict.byHand}};
}

QVariant variant(const ReportRuledOut &cause)
{
    return QVariantHash{{u"cause"_s, cause.cause}, {u"title"_s, cause.title}, {u"because"_s, list(cause.because)}};
}

QVariant variant(const ReportSource &source)
{
    return QVariantHash{{u"path"_s, source.path},   {u"kind"_s, source.kind},   {u"format"_s, source.format},
                        {u"lines"_s, source.lines}, {u"range"_s, source.range}, {u"clock"_s, source.clock}};
}

QVariant variant(const ReportFailure &failure)
{
    QVariantList missing;
    for (const auto &[command, decides] : failure.missing)
        missing.append(QVariantHash{{u"command"_s, command}, {u"decides"_s, decides}});
    QVariantList answers;
    for (const auto &[question, answer] : failure.answers)
        answers.append(QVariantHash{{u"question"_s, question}, {u"answer"_s, answer}});
    return QVariantHash{{u"what"_s, failure.what},
                        {u"time"_s, failure.time},
                        {u"uncertainty"_s, failure.uncertainty},
                        {u"details"_s, failure.details},
                        {u"follows"_s, failure.follows},
                        {u"places"_s, list(failure.places)},
                        {u"verdicts"_s, list(failure.verdicts)},
                        {u"ruledOut"_s, list(failure.ruledOut)},
                        {u"missing"_s, missing},
                        {u"answers"_s, answers},
                        {u"mermaid"_s, QVariant(QStringList(failure.mermaid.begin(), failure.mermaid.end()))}};
}

} // namespace

QVariantHash reportValues(const ReportData &data)
{
    QVariantHash values{{u"headline"_s, data.headline},
                        {u"failures"_s, list(data.failures)},
                        {u"spikes"_s, list(data.spikes)},
                        {u"sources"_s, list(data.sources)},
                        {u"notes"_s, QVariant(QStringList(data.notes.begin(), data.notes.end()))},
                        {u"version"_s, QCoreApplication::applicationVersion()}};
    QVariantList notes;
    for (const ReportAnnotation &note : data.annotations)
        notes.append(QVariantHash{{u"where"_s, note.where},
                                  {u"time"_s, note.time},
                                  {u"end"_s, note.end},
                                  {u"quote"_s, note.quote},
                                  {u"text"_s, htmlOf(note.text)},
                                  {u"author"_s, note.author},
                                  {u"tags"_s, note.tags.join(u' ')}});
    values[u"annotations"_s] = notes;
    if (data.comparison)
        values[u"comparison"_s] = comparisonVariant(*data.comparison);
    return values;
}

QString renderTemplate(const QString &name, const QVariantHash &values)
{
    const auto resource = [](const QString &file) {
        QFile bytes(u":/faultline/templates/"_s + file);
        return bytes.open(QIODevice::ReadOnly) ? QString::fromUtf8(bytes.readAll()) : QString();
    };
    const QString text = resource(name);
    if (text.isEmpty())
        return {};
    QVariantHash all = values;
    all[u"style"_s] = resource(u"page.css"_s);
    KTextTemplate::Engine engine;
    const KTextTemplate::Template page = engine.newTemplate(text, name);
    KTextTemplate::Context context(all);
    return page->render(&context);
}

QString htmlReport(const ReportData &data, const ReportPictures &pictures)
{
    QVariantHash values = reportValues(data);
    values[u"timeline"_s] = QString::fromUtf8(pictures.timelineSvg);
    values[u"focus"_s] = QString::fromUtf8(pictures.focusSvg);
    values[u"flow"_s] = QString::fromUtf8(pictures.flowSvg);
    return renderTemplate(u"report.html"_s, values);
}

} // namespace faultline
