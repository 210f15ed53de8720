// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/htmlreport.h"

#include "app/pages/reporttemplate.h"
#include "app/report/markdownhtml.h"
#include "app/report/reportcomparison.h"

#include <KTextTemplate/Context>
#include <KTextTemplate/Engine>
#include <KTextTemplate/SafeString>
#include <KTextTemplate/Template>
#include <KTextTemplate/Util>

#include <QCoreApplication>
#include <QFile>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Texts that are Markdown, as the template's markup writes them.
struct Markup {
    TemplateMarkup markup;

    QVariant operator()(const QString &markdown) const
    {
        return QVariant::fromValue(
            KTextTemplate::markSafe(markup == TemplateMarkup::Html ? markdownHtml(markdown) : markdown));
    }
    /// What stands in a block of code: Markdown knows no escapes there.
    QVariant code(QString text) const
    {
        if (markup == TemplateMarkup::Html)
            return text;
        return QVariant::fromValue(KTextTemplate::markSafe(text.replace(u"```"_s, u"'''"_s)));
    }
};

QVariant variant(const ReportPlace &place, Markup)
{
    return QVariantHash{{u"where"_s, place.where}, {u"text"_s, place.text}, {u"time"_s, place.time}};
}

QVariant variant(const ReportVerdict &verdict, Markup text);
QVariant variant(const ReportSource &source, Markup text);
QVariant variant(const ReportFailure &failure, Markup text);
QVariant variant(const ReportRuledOut &cause, Markup text);

template<typename T>
QVariantList list(const std::vector<T> &items, Markup text)
{
    QVariantList result;
    for (const T &item : items)
        result.append(variant(item, text));
    return result;
}

QVariant variant(const ReportVerdict &verdict, Markup text)
{
    return QVariantHash{{u"cause"_s, verdict.cause},
                        {u"title"_s, verdict.title},
                        {u"status"_s, verdict.status},
                        {u"percent"_s, verdict.percent},
                        {u"explanation"_s, text(verdict.explanation)},
                        {u"remedy"_s, text(verdict.remedy)},
                        {u"prevention"_s, text(verdict.prevention)},
                        {u"proof"_s, list(verdict.proof, text)},
                        {u"byHand"_s, verdict.byHand}};
}

QVariant variant(const ReportRuledOut &cause, Markup text)
{
    return QVariantHash{
        {u"cause"_s, cause.cause}, {u"title"_s, cause.title}, {u"because"_s, list(cause.because, text)}};
}

QVariant variant(const ReportSource &source, Markup)
{
    return QVariantHash{{u"path"_s, source.path},   {u"kind"_s, source.kind},   {u"format"_s, source.format},
                        {u"lines"_s, source.lines}, {u"range"_s, source.range}, {u"clock"_s, source.clock}};
}

QVariant variant(const ReportFailure &failure, Markup text)
{
    QVariantList missing;
    for (const auto &[command, decides] : failure.missing)
        missing.append(QVariantHash{{u"command"_s, text.code(command)}, {u"decides"_s, decides}});
    QVariantList answers;
    for (const auto &[question, answer] : failure.answers)
        answers.append(QVariantHash{{u"question"_s, question}, {u"answer"_s, answer}});
    QVariantList mermaid;
    for (const QString &chart : failure.mermaid)
        mermaid.append(text.code(chart));
    return QVariantHash{{u"what"_s, failure.what},
                        {u"time"_s, failure.time},
                        {u"uncertainty"_s, failure.uncertainty},
                        {u"details"_s, failure.details},
                        {u"follows"_s, failure.follows},
                        {u"places"_s, list(failure.places, text)},
                        {u"verdicts"_s, list(failure.verdicts, text)},
                        {u"ruledOut"_s, list(failure.ruledOut, text)},
                        {u"missing"_s, missing},
                        {u"answers"_s, answers},
                        {u"mermaid"_s, mermaid}};
}

QString shippedFile(const QString &name)
{
    QFile file(u":/faultline/templates/"_s + name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// All plain texts escaped for Markdown, at any depth; those that are marked safe stay.
QVariant inMarkdown(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::QString: return QVariant::fromValue(KTextTemplate::markSafe(markdownEscaped(value.toString())));
    case QMetaType::QStringList:
    case QMetaType::QVariantList: {
        QVariantList list;
        for (const QVariant &item : value.toList())
            list.append(inMarkdown(item));
        return list;
    }
    case QMetaType::QVariantHash: {
        QVariantHash hash = value.toHash();
        for (QVariant &item : hash)
            item = inMarkdown(item);
        return hash;
    }
    default: return value;
    }
}

} // namespace

QVariantHash reportValues(const ReportData &data, TemplateMarkup markup)
{
    const Markup text{markup};
    QVariantHash values{{u"headline"_s, data.headline},
                        {u"failures"_s, list(data.failures, text)},
                        {u"spikes"_s, list(data.spikes, text)},
                        {u"sources"_s, list(data.sources, text)},
                        {u"notes"_s, QVariant(QStringList(data.notes.begin(), data.notes.end()))},
                        {u"version"_s, QCoreApplication::applicationVersion()}};
    QVariantList notes;
    for (const ReportAnnotation &note : data.annotations)
        notes.append(QVariantHash{{u"where"_s, note.where},
                                  {u"time"_s, note.time},
                                  {u"end"_s, note.end},
                                  {u"quote"_s, note.quote},
                                  {u"text"_s, text(note.text)},
                                  {u"author"_s, note.author},
                                  {u"tags"_s, note.tags.join(u' ')}});
    values[u"annotations"_s] = notes;
    if (data.comparison)
        values[u"comparison"_s] = comparisonVariant(*data.comparison);
    return markup == TemplateMarkup::Html ? values : inMarkdown(values).toHash();
}

void addPictures(QVariantHash &values, const ReportPictures &pictures)
{
    values[u"timeline"_s] = QString::fromUtf8(pictures.timelineSvg);
    values[u"focus"_s] = QString::fromUtf8(pictures.focusSvg);
    values[u"flow"_s] = QString::fromUtf8(pictures.flowSvg);
}

QString renderText(const QString &text, const QString &name, const QVariantHash &values)
{
    QVariantHash all = values;
    all[u"style"_s] = shippedFile(u"page.css"_s);
    KTextTemplate::Engine engine;
    const KTextTemplate::Template page = engine.newTemplate(text, name);
    KTextTemplate::Context context(all);
    return page->render(&context);
}

QString renderTemplate(const QString &name, const QVariantHash &values)
{
    const QString text = shippedFile(name);
    return text.isEmpty() ? QString() : renderText(text, name, values);
}

QString htmlReport(const ReportData &data, const ReportPictures &pictures)
{
    QVariantHash values = reportValues(data, TemplateMarkup::Html);
    addPictures(values, pictures);
    return renderTemplate(u"report.html"_s, values);
}

} // namespace faultline
