// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/htmlreport.h"
#include "app/report/reportformat.h"

namespace faultline {

/// What a postmortem can name in its text as [[name]] or [[name argument]]; filled in anew from the case whenever it is looked at.
struct Placeholder {
    QString name;
    QString argument;      ///< What it takes, for people: "NUMBER"; empty: nothing.
    QString what;          ///< What stands in its place, one sentence.
    bool isInline = false; ///< May stand within a sentence; others stand on a line of their own.
};
const std::vector<Placeholder> &placeholders();
/// All that can be written for this case, with its arguments: "[[note 3]]" and what it is. For a menu and for completion.
std::vector<std::pair<QString, QString>> placeholderChoices(const Analysis &analysis);

/// A postmortem filled in.
struct PostmortemPage {
    QString markdown;            ///< Pictures are named as "faultline:timeline".
    std::vector<Error> problems; ///< Placeholders that are unknown or have nothing to say, with line and column.
};
/// Fills in Analysis::postmortem or any other text. In blocks and spans of code nothing is a placeholder.
PostmortemPage fillPostmortem(const QString &text, const Analysis &analysis);

/// Plain Markdown, with its pictures as SVG files whose names begin with `stem`.
ReportFiles postmortemMarkdown(const PostmortemPage &page, const ReportPictures &pictures, const QString &stem);
/// One self-contained page: no script, pictures and styles inside.
QByteArray postmortemHtml(const PostmortemPage &page, const ReportPictures &pictures);
QByteArray postmortemPdf(const PostmortemPage &page, const ReportPictures &pictures, TimeNs created);
/// The page's body for the window: `<img src="faultline:timeline">` where pictures stand.
QString postmortemBody(const PostmortemPage &page, const ReportPictures &pictures);
/// Its first heading; what a file that holds it may be called by.
QString postmortemTitle(const PostmortemPage &page);
/// Whether the text names a picture: drawing them takes time.
bool namesPictures(const QString &text);

} // namespace faultline
