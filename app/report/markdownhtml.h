// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

namespace faultline {

/// What stands in the place of a picture: HTML; empty where there is none of that name.
using PictureHtml = std::function<QString(const QString &name, const QString &title)>;

/// Markdown, of whoever wrote it, as HTML that runs nothing and fetches nothing: raw HTML in it is shown as text, links lead to http,
/// https, mailto or a heading only, and pictures are those that `picture` knows by "faultline:NAME"; of others the description stays.
QString markdownHtml(const QString &markdown, const PictureHtml &picture = {});

/// Markdown, of whoever wrote it, that viewers of any kind may show: without HTML, without pictures (they become links), and with links
/// to http, https, mailto or a heading only. Others are shown as they were written.
QString harmlessMarkdown(const QString &markdown);

} // namespace faultline
