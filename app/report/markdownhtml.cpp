// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/markdownhtml.h"

#include <QRegularExpression>

#include <md4c-html.h>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString rendered(const QString &markdown)
{
    QByteArray html;
    const QByteArray bytes = markdown.toUtf8();
    const auto append = [](const MD_CHAR *text, MD_SIZE size, void *into) {
        static_cast<QByteArray *>(into)->append(text, size);
    };
    md_html(bytes.constData(), static_cast<MD_SIZE>(bytes.size()), append, &html, MD_FLAG_NOHTML | MD_FLAG_TABLES, 0);
    return QString::fromUtf8(html);
}

/// Calls `piece` for each match and puts what it returns in its place.
QString replaced(const QString &text, const QRegularExpression &pattern,
                 const std::function<QString(const QRegularExpressionMatch &)> &piece)
{
    QString result;
    qsizetype done = 0;
    auto matches = pattern.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        result += QStringView(text).sliced(done, match.capturedStart() - done);
        result += piece(match);
        done = match.capturedEnd();
    }
    return result + QStringView(text).sliced(done);
}

bool isHarmless(const QString &address)
{
    static const QRegularExpression form(u"\\A(?:https?://|mailto:|#)"_s, QRegularExpression::CaseInsensitiveOption);
    return form.match(address).hasMatch();
}

} // namespace

QString markdownHtml(const QString &markdown, const PictureHtml &picture)
{
    // md4c writes each attribute in quotes and what stands in it escaped: these forms are all there are.
    static const QRegularExpression link(uR"x(<a href="([^"]*)"(?: title="[^"]*")?>)x"_s);
    static const QRegularExpression image(uR"x(<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")?>)x"_s);
    const QString linked = replaced(rendered(markdown), link, [](const QRegularExpressionMatch &match) {
        return isHarmless(match.captured(1)) ? u"<a href=\"%1\" rel=\"noreferrer\">"_s.arg(match.captured(1))
                                             : u"<a>"_s;
    });
    return replaced(linked, image, [&picture](const QRegularExpressionMatch &match) {
        const QString address = match.captured(1);
        const QString title = match.captured(2);
        const QString drawn =
            picture && address.startsWith(u"faultline:") ? picture(address.sliced(10), title) : QString();
        return drawn.isEmpty() ? title : drawn;
    });
}

QString harmlessMarkdown(const QString &markdown)
{
    static const QRegularExpression link(u"\\](?:\\(|:(?=\\s))(?!\\s*(?:https?://|mailto:|#))"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    QString text = markdown;
    text.replace(u'<', u"&lt;"_s).replace(u"!["_s, u"\\!["_s);
    return replaced(text, link, [](const QRegularExpressionMatch &match) {
        return QString(u"]\\"_s + match.captured().sliced(1)); // a builder would hold on to what is gone
    });
}

} // namespace faultline
