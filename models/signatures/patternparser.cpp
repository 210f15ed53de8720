// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/patternparser.h"

#include "models/core/translate.h"

namespace faultline::pattern {

namespace {

constexpr int MostRepeat = 1000; // RE2's own limit
constexpr int DeepestGroup = 50;

/// Recursive descent over the common subset of the three engines.
class Parser
{
public:
    explicit Parser(QByteArrayView pattern)
        : m_pattern(pattern)
    {
    }

    std::vector<Sequence> parse(bool &caseless)
    {
        if (m_pattern.startsWith("(?i)")) {
            caseless = true;
            m_at = 4;
        }
        auto alternatives = alternation(0);
        if (!failed() && !atEnd())
            fail(tr("This ')' closes nothing"));
        return alternatives;
    }
    bool failed() const { return !m_message.isEmpty(); }
    const QString &message() const { return m_message; }
    qint64 column() const { return m_column; }

private:
    bool atEnd() const { return m_at >= m_pattern.size(); }
    char peek(qsizetype ahead = 0) const { return m_at + ahead < m_pattern.size() ? m_pattern[m_at + ahead] : '\0'; }
    void fail(const QString &message)
    {
        if (failed())
            return;
        m_message = message;
        m_column = m_at + 1;
    }

    std::vector<Sequence> alternation(int depth)
    {
        std::vector<Sequence> alternatives(1);
        if (depth > DeepestGroup)
            fail(tr("Groups are nested too deeply"));
        while (!failed() && !atEnd() && peek() != ')') {
            if (peek() == '|') {
                ++m_at;
                alternatives.emplace_back();
                continue;
            }
            Node node = atom(depth);
            if (failed())
                break;
            quantifier(node);
            alternatives.back().push_back(std::move(node));
        }
        return alternatives;
    }

    Node atom(int depth)
    {
        const char c = peek();
        switch (c) {
        case '(': return group(depth);
        case '[': return characterClass();
        case '\\': return escape();
        case '.': ++m_at; return {.kind = Node::Any, .text = "."};
        case '^':
        case '$': ++m_at; return {.kind = Node::LineAnchor, .text = {}};
        case '*':
        case '+':
        case '?': fail(tr("There is nothing to repeat before this")); return {};
        case '\n': fail(tr("A pattern cannot match a line feed")); return {};
        default: ++m_at; return {.kind = Node::Literal, .text = quoted(c)};
        }
    }

    Node group(int depth)
    {
        Node node{.kind = Node::Group, .text = {}};
        ++m_at;
        if (peek() == '?') {
            ++m_at;
            if (peek() == ':') {
                ++m_at;
            } else if (peek() == 'i' && peek(1) == ':') {
                node.caseless = true;
                m_at += 2;
            } else if (peek() == '<' || (peek() == 'P' && peek(1) == '<')) {
                if (!groupName())
                    return node;
            } else {
                fail(tr("Only plain, named, (?:…) and (?i:…) groups work in every engine"));
                return node;
            }
        } else if (peek() == '*') {
            fail(tr("Verbs do not work in every engine"));
            return node;
        }
        node.alternatives = alternation(depth + 1);
        if (!failed() && peek() != ')')
            fail(tr("A group is not closed"));
        ++m_at;
        return node;
    }

    bool groupName()
    {
        m_at += peek() == 'P' ? 2 : 1;
        const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
        if (!letter(peek())) {
            fail(tr("Only plain, named, (?:…) and (?i:…) groups work in every engine"));
            return false;
        }
        while (letter(peek()) || (peek() >= '0' && peek() <= '9'))
            ++m_at;
        if (peek() != '>') {
            fail(tr("A group's name holds letters, digits and '_' only"));
            return false;
        }
        ++m_at;
        return true;
    }

    Node escape()
    {
        const char c = peek(1);
        const auto named = [this](const char *text, bool wide) {
            m_at += 2;
            return Node{.kind = Node::Class, .text = text, .wide = wide};
        };
        switch (c) {
        case 'd': return named("[0-9]", false);
        case 'D': return named("[^0-9\\n]", true);
        case 'w': return named("[0-9A-Za-z_]", false);
        case 'W': return named("[^0-9A-Za-z_\\n]", true);
        case 's': return named("[\\t\\r\\x0b\\x0c ]", false);
        case 'S': return named("[^\\t\\r\\x0b\\x0c \\n]", true);
        case 'b': m_at += 2; return {.kind = Node::WordBoundary, .text = "\\b"};
        default: break;
        }
        const int byte = escapedByte();
        return byte < 0 ? Node{} : Node{.kind = Node::Literal, .text = quoted(static_cast<char>(byte))};
    }

    /// The byte that an escape at the cursor stands for; moves past it. -1 after fail().
    int escapedByte()
    {
        const char c = peek(1);
        if (c == 't' || c == 'r' || c == 'f' || c == 'e') {
            m_at += 2;
            return c == 't' ? '\t' : c == 'r' ? '\r' : c == 'f' ? '\f' : 0x1b;
        }
        if (c == 'n') {
            fail(tr("A pattern cannot match a line feed"));
            return -1;
        }
        if (c == 'x') {
            bool ok = false;
            const int byte =
                m_pattern.sliced(m_at).size() >= 4 ? QByteArray(m_pattern.sliced(m_at + 2, 2)).toInt(&ok, 16) : -1;
            if (!ok || byte == '\n' || byte > 127)
                fail(ok ? tr("A pattern cannot match a line feed, nor name bytes above 7f")
                        : tr("\\x needs two hexadecimal digits"));
            m_at += 4;
            return failed() ? -1 : byte;
        }
        if (c == '\0' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            fail(tr("This escape does not work in every engine"));
            return -1;
        }
        m_at += 2;
        return static_cast<unsigned char>(c);
    }

    Node characterClass()
    {
        ++m_at;
        Node node{.kind = Node::Class, .text = "["};
        const bool negated = peek() == '^';
        if (negated) {
            node.text += '^';
            ++m_at;
        }
        node.wide = negated;
        bool first = true;
        while (!failed() && (first || peek() != ']')) {
            if (atEnd()) {
                fail(tr("A class is not closed"));
                break;
            }
            first = false;
            classPart(node.text);
        }
        ++m_at;
        node.text += negated ? "\\n]" : "]";
        return node;
    }

    void classPart(QByteArray &text)
    {
        const char c = peek();
        if (c == '[' && (peek(1) == ':' || peek(1) == '.' || peek(1) == '=')) {
            fail(tr("Write the characters out instead of a POSIX class"));
        } else if (static_cast<unsigned char>(c) > 127) {
            fail(tr("A class holds ASCII characters only; use (?:…|…)"));
        } else if (c == '\n') {
            fail(tr("A pattern cannot match a line feed"));
        } else if (c == '-') {
            text += peek(1) == ']' || text.endsWith('[') || text.endsWith('^') ? "\\-" : "-";
            ++m_at;
        } else if (c != '\\') {
            text += classByte(c);
            ++m_at;
        } else if (const char e = peek(1); e == 'd' || e == 'w' || e == 's') {
            text += e == 'd' ? "0-9" : e == 'w' ? "0-9A-Za-z_" : "\\t\\r\\x0b\\x0c ";
            m_at += 2;
            if (peek() == '-' && peek(1) != ']') { // after a whole class it is a plain '-'
                text += "\\-";
                ++m_at;
            }
        } else if (const int byte = escapedByte(); byte >= 0) {
            text += classByte(static_cast<char>(byte));
        }
    }

    static QByteArray classByte(char c)
    {
        return QByteArrayView("\\]^-[").contains(c) ? QByteArray("\\") + c : quoted(c);
    }

    /// A byte as a literal of all three engines.
    static QByteArray quoted(char c)
    {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 32 || byte > 126)
            return "\\x" + QByteArray::number(byte, 16).rightJustified(2, '0');
        if (QByteArrayView("\\^$.[|()?*+{}").contains(c))
            return QByteArray("\\") + c;
        return QByteArray(1, c);
    }

    void quantifier(Node &node)
    {
        const qsizetype start = m_at;
        const char c = peek();
        if (c == '*' || c == '+' || c == '?') {
            node.least = c == '+' ? 1 : 0;
            node.most = c == '?' ? 1 : Unbounded;
            ++m_at;
        } else if (c == '{') {
            if (!counts(node))
                return;
        } else {
            return;
        }
        if (peek() == '?')
            ++m_at;
        else if (peek() == '+')
            fail(tr("Possessive repeats do not work in every engine"));
        if (node.kind == Node::LineAnchor || node.kind == Node::WordBoundary)
            fail(tr("An anchor cannot be repeated"));
        if (node.kind == Node::Literal && start > 0 && static_cast<unsigned char>(m_pattern[start - 1]) > 127)
            fail(tr("Put a character outside ASCII into (?:…) to repeat it"));
    }

    /// {n}, {n,} and {n,m}; anything else in braces is refused: engines disagree whether it is literal.
    bool counts(Node &node)
    {
        const qsizetype close = m_pattern.indexOf('}', m_at);
        if (close < 0) {
            fail(tr("Write \\{ for a brace"));
            return false;
        }
        const QByteArray inside = m_pattern.sliced(m_at + 1, close - m_at - 1).toByteArray();
        const qsizetype comma = inside.indexOf(',');
        bool okLeast = false;
        bool okMost = true;
        node.least = inside.first(comma < 0 ? inside.size() : comma).toInt(&okLeast);
        node.most = comma < 0 ? node.least : Unbounded;
        if (comma >= 0 && comma + 1 < inside.size())
            node.most = inside.sliced(comma + 1).toInt(&okMost);
        if (!okLeast || !okMost || node.least < 0 || node.least > MostRepeat || node.most > MostRepeat
            || (node.most != Unbounded && node.most < node.least)) {
            fail(tr("A repeat is {n}, {n,} or {n,m} with n up to 1000; write \\{ for a brace"));
            return false;
        }
        m_at = close + 1;
        return true;
    }

    QByteArrayView m_pattern;
    qsizetype m_at = 0;
    QString m_message;
    qint64 m_column = 0;
};

} // namespace

Result<Parsed> parse(QByteArrayView pattern)
{
    Parsed parsed;
    Parser parser(pattern);
    parsed.alternatives = parser.parse(parsed.caseless);
    if (parser.failed())
        return failure(Code::BadSyntax, parser.message(), {}, {},
                       {.line = 0, .column = parser.column(), .byteOffset = parser.column() - 1});
    return parsed;
}

} // namespace faultline::pattern
