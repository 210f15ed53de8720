// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/richlabel.h"

#include <QDesktopServices>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace faultline {

RichLabel::RichLabel(QWidget *parent)
    : QLabel(parent)
{
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextBrowserInteraction);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(this, &QLabel::linkActivated, this, [](const QString &link) {
        // The text may quote a log: nothing but the web is opened for it.
        const QUrl url(link);
        if (url.scheme() == u"https" || url.scheme() == u"http")
            QDesktopServices::openUrl(url);
    });
}

void RichLabel::setMarkdown(const QString &markdown)
{
    setTextFormat(Qt::MarkdownText);
    setText(markdown.trimmed());
}

void RichLabel::setPlain(const QString &text)
{
    setTextFormat(Qt::PlainText);
    setText(text);
}

} // namespace faultline
