// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/plainyaml.h"

#include "importers/core/jsonfields.h"
#include "models/core/views.h"

namespace faultline {

namespace {

size_t indentOf(std::string_view line)
{
    return std::min(line.find_first_not_of(' '), line.size());
}

std::string_view withoutIndent(std::string_view text)
{
    return text.substr(indentOf(text));
}

bool isItem(std::string_view text)
{
    return text == "-" || text.starts_with("- ");
}

/// Whether a plain scalar may begin and go on like that: YAML 1.2, 7.3.3.
bool isPlain(std::string_view text)
{
    static constexpr std::string_view Indicators = "?:,[]{}#&*!|>'\"%@`";
    return !text.empty() && !Indicators.contains(text.front()) && !isItem(text) && !text.contains(": ")
           && !text.contains(" #") && !text.ends_with(':') && !text.contains('\t');
}

/// The length of the key that a line begins with, up to its colon; npos where there is none.
size_t keyLength(std::string_view text)
{
    if (text.front() == '"' || text.front() == '\'') {
        const size_t end = text.find(text.front(), 1);
        const bool good = end != std::string_view::npos && end + 1 < text.size() && text[end + 1] == ':'
                          && (end + 2 == text.size() || text[end + 2] == ' ') && !text.substr(0, end).contains('\\');
        return good ? end + 1 : std::string_view::npos;
    }
    size_t colon = text.find(": ");
    if (colon == std::string_view::npos)
        colon = text.ends_with(':') ? text.size() - 1 : colon;
    return colon != std::string_view::npos && isPlain(text.substr(0, colon)) ? colon : std::string_view::npos;
}

} // namespace

void PlainYaml::give(QByteArray text, bool isNull)
{
    if (!m_levels.empty())
        m_levels.back().isWaiting = false;
    m_builder.scalar(std::move(text), m_valueLine, isNull);
}

void PlainYaml::open(bool isList, size_t indent)
{
    if (!m_levels.empty())
        m_levels.back().isWaiting = false;
    m_builder.start(isList ? ObjectNode::Kind::List : ObjectNode::Kind::Map, m_line);
    m_levels.push_back({indent, isList, false});
}

void PlainYaml::close()
{
    if (m_levels.back().isWaiting)
        give({}, true);
    m_levels.pop_back();
    m_builder.end(std::max<qint64>(1, m_line - 1));
}

/// A dash at `indent`: one more of a list, or the first of one.
bool PlainYaml::takeItem(size_t indent)
{
    while (!m_levels.empty()
           && (m_levels.back().indent > indent
               || (m_levels.back().indent == indent && !m_levels.back().isList && !m_levels.back().isWaiting)))
        close();
    if (m_levels.empty()) {
        if (m_valueLine > 0)
            return false; // a second root
        open(true, indent);
    } else if (!m_levels.back().isList) {
        if (!m_levels.back().isWaiting)
            return false;
        open(true, indent);
    } else if (m_levels.back().indent != indent) {
        return false;
    }
    m_levels.back().isWaiting = true;
    return true;
}

bool PlainYaml::takeKey(std::string_view key, size_t indent)
{
    while (!m_levels.empty()
           && (m_levels.back().indent > indent || (m_levels.back().indent == indent && m_levels.back().isList)))
        close();
    if (m_levels.empty()) {
        if (m_valueLine > 0)
            return false;
        open(false, indent);
    } else if (m_levels.back().indent < indent) {
        if (!m_levels.back().isWaiting || m_levels.size() >= ObjectTreeBuilder::MostDepth)
            return false;
        open(false, indent);
    } else if (m_levels.back().isWaiting) {
        give({}, true);
    }
    if (key.front() == '"' || key.front() == '\'')
        key = key.substr(1, key.size() - 2);
    m_builder.key(bytesOf(key));
    m_levels.back().isWaiting = true;
    return true;
}

/// Adds the next line to a scalar that goes on there, with a blank between; false where no line below belongs to it.
bool PlainYaml::append(std::string_view &line, QByteArray &into, size_t indent)
{
    if (m_line >= m_last)
        return false;
    const std::string_view next = m_text.line(m_line + 1);
    if (trimmed(next).empty() || indentOf(next) <= indent)
        return false;
    ++m_line;
    line = trimmed(next);
    into += ' ' + bytesOf(line);
    return true;
}

bool PlainYaml::takeQuoted(std::string_view value, size_t indent)
{
    const char quote = value.front();
    QByteArray text = bytesOf(value.substr(1));
    std::string_view line = value.substr(1);
    // A quote in the text is doubled or stands behind a backslash.
    const auto closed = [&] {
        size_t at = 0;
        for (; at < static_cast<size_t>(text.size()); ++at) {
            const char c = text[static_cast<qsizetype>(at)];
            if (quote == '"' && c == '\\')
                ++at;
            else if (c == quote) {
                if (quote == '"' || at + 1 >= static_cast<size_t>(text.size())
                    || text[static_cast<qsizetype>(at + 1)] != quote)
                    break;
                ++at;
            }
        }
        return at;
    };
    constexpr int MostLines = 64;
    size_t end = closed();
    for (int lines = 0; end >= static_cast<size_t>(text.size()); ++lines, end = closed())
        if (lines >= MostLines || line.ends_with('\\') || !append(line, text, indent))
            return false;
    if (end + 1 != static_cast<size_t>(text.size()))
        return false; // a comment, or more
    text.chop(1);
    if (quote == '\'') {
        text.replace("''", "'");
    } else if (text.contains('\\')) {
        for (qsizetype i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i + 2))
            if (i + 1 >= text.size() || !std::string_view("\"\\/bfnrtu").contains(text[i + 1]))
                return false;
        text = unescapeJson({text.constData(), static_cast<size_t>(text.size())});
    }
    give(std::move(text));
    return true;
}

bool PlainYaml::takePlain(std::string_view value, size_t indent)
{
    if (!isPlain(value))
        return false;
    QByteArray text = bytesOf(value);
    std::string_view line = value;
    while (append(line, text, indent))
        if (line.starts_with('#') || line.contains(": ") || line.contains(" #") || line.ends_with(':'))
            return false;
    const bool isNull = text == "null" || text == "~";
    give(std::move(text), isNull);
    return true;
}

/// "|", "|-" or "|+" and the lines below it.
bool PlainYaml::takeLiteral(std::string_view header, size_t indent)
{
    if (header != "|" && header != "|-" && header != "|+")
        return false;
    QByteArray text;
    size_t own = 0;
    for (; m_line < m_last; ++m_line) {
        const std::string_view next = m_text.line(m_line + 1);
        const size_t nextIndent = indentOf(next);
        const bool blank = nextIndent == next.size();
        if (!blank && nextIndent <= indent)
            break;
        if (!blank && own == 0)
            own = nextIndent;
        if (!blank && nextIndent < own)
            return false;
        text += bytesOf(next.substr(std::min(own, next.size()))) + '\n';
    }
    if (header != "|+") {
        while (text.endsWith('\n'))
            text.chop(1);
        if (header == "|" && !text.isEmpty())
            text += '\n';
    }
    give(std::move(text));
    return true;
}

/// A key or scalar between brackets: plain, or quoted without escapes. False for what is neither.
bool PlainYaml::takeFlowText(std::string_view &rest, std::string_view &text)
{
    const char quote = rest.front();
    if (quote != '"' && quote != '\'') {
        const size_t end = std::min({rest.find_first_of(",{}[]"), rest.find(": "), rest.size()});
        text = trimmed(rest.substr(0, end));
        rest.remove_prefix(end);
        return isPlain(text);
    }
    const size_t end = rest.find(quote, 1);
    if (end == std::string_view::npos || rest.substr(end + 1).starts_with(quote))
        return false;
    text = rest.substr(1, end - 1);
    rest = withoutIndent(rest.substr(end + 1));
    return !text.contains('\\');
}

/// A map or list between brackets on one line, as "{cpu: 500m, memory: 64Mi}". `rest` goes on behind it.
bool PlainYaml::takeFlow(std::string_view &rest, int depth)
{
    constexpr int MostFlowDepth = 16;
    const bool isMap = rest.front() == '{';
    const char closing = isMap ? '}' : ']';
    m_builder.start(isMap ? ObjectNode::Kind::Map : ObjectNode::Kind::List, m_line);
    rest = withoutIndent(rest.substr(1));
    if (depth > MostFlowDepth || rest.empty())
        return false;
    if (rest.front() != closing) {
        for (;;) {
            std::string_view text;
            if (isMap) {
                if (!takeFlowText(rest, text) || !rest.starts_with(": "))
                    return false;
                m_builder.key(bytesOf(text));
                rest = withoutIndent(rest.substr(1));
            }
            if (rest.empty())
                return false;
            const bool isQuoted = rest.front() == '"' || rest.front() == '\'';
            if (rest.front() == '{' || rest.front() == '[') {
                if (!takeFlow(rest, depth + 1))
                    return false;
            } else if (takeFlowText(rest, text)) {
                m_builder.scalar(bytesOf(text), m_line, !isQuoted && (text == "null" || text == "~"));
            } else {
                return false;
            }
            rest = withoutIndent(rest);
            if (!rest.starts_with(','))
                break;
            rest = withoutIndent(rest.substr(1));
            if (rest.empty())
                return false;
        }
        if (!rest.starts_with(closing))
            return false;
    }
    rest.remove_prefix(1);
    m_builder.end(m_line);
    return true;
}

bool PlainYaml::takeValue(std::string_view value, size_t indent)
{
    m_valueLine = m_line;
    if (value.empty())
        return true;
    if (value.front() == '{' || value.front() == '[') {
        if (!m_levels.empty())
            m_levels.back().isWaiting = false;
        return takeFlow(value, 0) && value.empty();
    }
    if (value.front() == '"' || value.front() == '\'')
        return takeQuoted(value, indent);
    if (value.front() == '|')
        return takeLiteral(value, indent);
    return takePlain(value, indent);
}

bool PlainYaml::readLine(std::string_view text)
{
    size_t indent = indentOf(text);
    std::string_view content = trimmed(text);
    if (content.empty() || content.front() == '#')
        return true;
    if (content.front() == '\t')
        return false;
    size_t itemIndent = std::string_view::npos;
    while (isItem(content)) {
        if (!takeItem(indent) || m_levels.size() >= ObjectTreeBuilder::MostDepth)
            return false;
        itemIndent = indent;
        const std::string_view rest = content.substr(1);
        const size_t gap = indentOf(rest);
        if (gap == rest.size())
            return false;
        indent += 1 + gap;
        content = rest.substr(gap);
        m_valueLine = m_line;
    }
    const size_t length = keyLength(content);
    if (length == std::string_view::npos)
        return itemIndent != std::string_view::npos && takeValue(content, itemIndent);
    return takeKey(content.substr(0, length), indent) && takeValue(trimmed(content.substr(length + 1)), indent);
}

bool PlainYaml::read(qint64 first, qint64 last)
{
    m_levels.clear();
    m_last = last;
    m_valueLine = 0;
    for (m_line = first; m_line <= last; ++m_line)
        if (!readLine(m_text.line(m_line)))
            return false;
    while (!m_levels.empty())
        close();
    return true;
}

} // namespace faultline
