// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QByteArray>

#include <optional>
#include <utility>
#include <vector>

namespace faultline {

/// A heading, a paragraph or a block of code of a Markdown file, in order.
struct MarkdownBlock {
    enum Kind { Heading, Paragraph, CodeBlock };

    Kind kind = Paragraph;
    int level = 0;    ///< Of a heading: 1..6.
    QString language; ///< Of a block of code: the first word after the fence.
    QString text;     ///< Plain text of a heading, source text of a paragraph or list, code.
    qint64 line = 0;  ///< Of the first line of the text, from 1.
};

/// The blocks of the file as md4c (CommonMark) sees them. Lists and quotes come as paragraphs with their source text.
Result<std::vector<MarkdownBlock>> markdownBlocks(const QByteArray &markdown, const QString &file);

/// "Key: value" with a key of letters and blanks, value trimmed; nullopt for other lines.
std::optional<std::pair<QString, QString>> keyLine(const QString &line);

/// Text with everything that Markdown (or HTML inside it) would take for markup escaped; line breaks become blanks.
QString escapeMarkdown(const QString &text);

/// What a person reads of Markdown, for terminals: no markup, entities decoded, "- " before items of lists.
QString plainFromMarkdown(const QString &markdown);

} // namespace faultline
