// SPDX-License-Identifier: GPL-3.0-or-later
// A postmortem as Markdown, HTML and PDF.
#include "app/pages/pdfreport.h"
#include "app/pages/postmortem.h"
#include "app/pages/reporttemplate.h"
#include "app/report/markdownhtml.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QByteArray pictureOf(const ReportPictures &pictures, QStringView name)
{
    return name == u"timeline" ? pictures.timelineSvg
           : name == u"focus"  ? pictures.focusSvg
           : name == u"flow"   ? pictures.flowSvg
                               : QByteArray();
}

QString page(const QString &templateName, const PostmortemPage &filled, const QString &body)
{
    return renderTemplate(templateName, {{u"title"_s, postmortemTitle(filled)}, {u"body"_s, body}});
}

} // namespace

QString postmortemTitle(const PostmortemPage &page)
{
    static const QRegularExpression heading(u"^#{1,6}[ \\t]+(.+?)[ \\t#]*$"_s, QRegularExpression::MultilineOption);
    const QRegularExpressionMatch match = heading.match(page.markdown);
    if (!match.hasMatch())
        return u"Postmortem"_s;
    static const QRegularExpression escaped(uR"(\\([!-/:-@\[-`{-~]))"_s);
    return match.captured(1)
        .replace(escaped, u"\\1"_s)
        .replace(u"&lt;"_s, u"<"_s)
        .replace(u"&gt;"_s, u">"_s)
        .replace(u"&amp;"_s, u"&"_s);
}

ReportFiles postmortemMarkdown(const PostmortemPage &page, const ReportPictures &pictures, const QString &stem)
{
    ReportFiles files;
    QString text = page.markdown;
    for (const auto *name : {u"timeline", u"focus", u"flow"}) {
        const QString address = u"](faultline:"_s + QStringView(name) + u')';
        const QByteArray picture = pictureOf(pictures, name);
        if (!text.contains(address))
            continue;
        if (picture.isEmpty()) {
            text.remove(QRegularExpression(u"!\\[[^\\]]*\\]\\(faultline:"_s + QStringView(name) + u"\\)"_s));
            continue;
        }
        const QString file = u"%1-%2.svg"_s.arg(stem, QStringView(name));
        text.replace(address, u"](<"_s + file + u">)"_s);
        files.pictures.emplace_back(file, picture);
    }
    files.main = text.toUtf8();
    if (!files.main.endsWith('\n'))
        files.main += '\n';
    return files;
}

QByteArray postmortemHtml(const PostmortemPage &filled, const ReportPictures &pictures)
{
    const QString body = markdownHtml(filled.markdown, [&pictures](const QString &name, const QString &) {
        const QByteArray svg = pictureOf(pictures, name);
        const QString kind = name == u"flow" ? u"picture flow"_s : u"picture"_s;
        return svg.isEmpty() ? QString() : u"<span class=\"%1\">%2</span>"_s.arg(kind, QString::fromUtf8(svg));
    });
    return page(u"postmortem.html"_s, filled, body).toUtf8();
}

QString postmortemBody(const PostmortemPage &filled, const ReportPictures &pictures)
{
    return markdownHtml(filled.markdown, [&pictures](const QString &name, const QString &) {
        return pictureOf(pictures, name).isEmpty() ? QString() : u"<img src=\"faultline:%1\">"_s.arg(name);
    });
}

QByteArray postmortemPdf(const PostmortemPage &filled, const ReportPictures &pictures, TimeNs created)
{
    const QString body = markdownHtml(filled.markdown, [&pictures](const QString &name, const QString &) {
        return pictureOf(pictures, name).isEmpty() ? QString() : u"<img src=\"%1\">"_s.arg(name);
    });
    return pdfOfPage(page(u"postmortem-print.html"_s, filled, body), postmortemTitle(filled), pictures, created);
}

} // namespace faultline
