// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/markdown.h"

#include "models/core/translate.h"

#include <QRegularExpression>

#include <md4c.h>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostMarkdownBytes = 4 << 20;

/// Collects blocks; md4c gives no lines, but its texts point into the input.
class Collector
{
public:
    explicit Collector(const QByteArray &markdown)
        : m_markdown(markdown)
    {
        m_lineStarts.push_back(0);
        for (qsizetype at = markdown.indexOf('\n'); at >= 0; at = markdown.indexOf('\n', at + 1))
            m_lineStarts.push_back(at + 1);
    }

    int enter(MD_BLOCKTYPE type, void *detail)
    {
        const bool isTop = m_depth == 0;
        if (type == MD_BLOCK_DOC)
            return 0;
        ++m_depth;
        if (!isTop)
            return 0;
        m_block = MarkdownBlock();
        m_first = m_last = -1;
        if (type == MD_BLOCK_H) {
            m_block.kind = MarkdownBlock::Heading;
            m_block.level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL *>(detail)->level);
        } else if (type == MD_BLOCK_CODE) {
            m_block.kind = MarkdownBlock::CodeBlock;
            const MD_ATTRIBUTE &lang = static_cast<MD_BLOCK_CODE_DETAIL *>(detail)->lang;
            m_block.language = QString::fromUtf8(lang.text, static_cast<qsizetype>(lang.size)).toLower();
        }
        return 0;
    }

    int leave(MD_BLOCKTYPE type)
    {
        if (type == MD_BLOCK_DOC || --m_depth > 0)
            return 0;
        if (m_first >= 0) {
            m_block.line = lineOf(m_first);
            m_reached = lineOf(m_last);
        } else { // nothing inside: just after what was last seen
            m_block.line = m_reached + 1;
        }
        if (m_block.kind == MarkdownBlock::Paragraph && m_first >= 0)
            m_block.text = sourceLines(m_block.line, m_reached);
        blocks.push_back(std::move(m_block));
        return 0;
    }

    int text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size)
    {
        const auto from = reinterpret_cast<quintptr>(m_markdown.constData());
        const auto at = reinterpret_cast<quintptr>(text);
        if (at >= from && at + size <= from + static_cast<quintptr>(m_markdown.size()) && size > 0) {
            const auto offset = static_cast<qsizetype>(at - from);
            if (m_first < 0)
                m_first = offset;
            m_last = offset + static_cast<qsizetype>(size) - 1;
        }
        if (type == MD_TEXT_SOFTBR || type == MD_TEXT_BR)
            m_block.text += u'\n';
        else if (m_block.kind != MarkdownBlock::Paragraph)
            m_block.text += QString::fromUtf8(text, static_cast<qsizetype>(size));
        return 0;
    }

    std::vector<MarkdownBlock> blocks;

private:
    qint64 lineOf(qsizetype offset) const
    {
        return std::upper_bound(m_lineStarts.begin(), m_lineStarts.end(), offset) - m_lineStarts.begin();
    }
    QString sourceLines(qint64 first, qint64 last) const
    {
        const qsizetype from = m_lineStarts[static_cast<size_t>(first - 1)];
        const qsizetype to = static_cast<size_t>(last) < m_lineStarts.size() ? m_lineStarts[static_cast<size_t>(last)]
                                                                             : m_markdown.size();
        return QString::fromUtf8(m_markdown.sliced(from, to - from)).trimmed();
    }

    const QByteArray &m_markdown;
    std::vector<qsizetype> m_lineStarts;
    MarkdownBlock m_block;
    qsizetype m_first = -1;
    qsizetype m_last = -1;
    qint64 m_reached = 0;
    int m_depth = 0;
};

} // namespace

Result<std::vector<MarkdownBlock>> markdownBlocks(const QByteArray &markdown, const QString &file)
{
    if (markdown.size() > MostMarkdownBytes)
        return failure(Code::LimitReached, tr("The file is larger than 4 MB"), {}, file);
    Collector collector(markdown);
    MD_PARSER parser{};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_NOINDENTEDCODEBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void *detail, void *user) {
        return static_cast<Collector *>(user)->enter(type, detail);
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void *, void *user) {
        return static_cast<Collector *>(user)->leave(type);
    };
    parser.enter_span = [](MD_SPANTYPE, void *, void *) { return 0; };
    parser.leave_span = [](MD_SPANTYPE, void *, void *) { return 0; };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user) {
        return static_cast<Collector *>(user)->text(type, text, size);
    };
    if (md_parse(markdown.constData(), static_cast<MD_SIZE>(markdown.size()), &parser, &collector) != 0)
        return failure(Code::BadSyntax, tr("The Markdown cannot be read"), {}, file);
    return std::move(collector.blocks);
}

std::optional<std::pair<QString, QString>> keyLine(const QString &line)
{
    static const QRegularExpression form(u"\\A\\s*([A-Z][A-Za-z ]{1,40}?)\\s*:\\s+(.*?)\\s*\\z"_s);
    const auto match = form.match(line);
    if (!match.hasMatch())
        return {};
    return std::pair(match.captured(1), match.captured(2));
}

QString escapeMarkdown(const QString &text)
{
    QString escaped;
    escaped.reserve(text.size() + 8);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const bool atStart = i == 0 && QStringView(u"#+-=").contains(c);
        if (c.isSpace())
            escaped += u' ';
        else if (c.category() == QChar::Other_Control)
            escaped += QChar(0xFFFD);
        else if (c == u'<')
            escaped += u"&lt;"_s;
        else if (c == u'>')
            escaped += u"&gt;"_s;
        else if (c == u'&')
            escaped += u"&amp;"_s;
        else if (atStart || QStringView(u"\\`*_[]|~$").contains(c))
            escaped += u'\\' % c;
        else
            escaped += c;
    }
    return escaped;
}

QString plainFromMarkdown(const QString &markdown)
{
    struct State {
        QString text;
    } state;
    MD_PARSER parser{};
    parser.flags = MD_FLAG_NOINDENTEDCODEBLOCKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void *, void *user) {
        if (type == MD_BLOCK_LI)
            static_cast<State *>(user)->text += u"- "_s;
        return 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void *, void *user) {
        QString &text = static_cast<State *>(user)->text;
        if (type != MD_BLOCK_DOC && !text.isEmpty() && !text.endsWith(u'\n'))
            text += u'\n';
        return 0;
    };
    parser.enter_span = [](MD_SPANTYPE, void *, void *) { return 0; };
    parser.leave_span = [](MD_SPANTYPE, void *, void *) { return 0; };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user) {
        QString &plain = static_cast<State *>(user)->text;
        const QString piece = QString::fromUtf8(text, static_cast<qsizetype>(size));
        if (type == MD_TEXT_SOFTBR || type == MD_TEXT_BR)
            plain += u'\n';
        else if (type == MD_TEXT_ENTITY)
            plain += piece == u"&lt;" ? u"<"_s : piece == u"&gt;" ? u">"_s : piece == u"&amp;" ? u"&"_s : piece;
        else
            plain += piece;
        return 0;
    };
    const QByteArray bytes = markdown.toUtf8();
    if (md_parse(bytes.constData(), static_cast<MD_SIZE>(bytes.size()), &parser, &state) != 0)
        return markdown;
    return state.text.trimmed();
}

} // namespace faultline
