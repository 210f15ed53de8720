// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/searchhull.h"

#include "models/signatures/pattern.h"

#include <algorithm>
#include <charconv>

namespace faultline {

namespace {

constexpr int BytesOfCharacter = 4; ///< The most that UTF-8 takes.
constexpr int MostRepeat = 1000;

/// Rewrites a PCRE2 pattern of characters as one of bytes: what takes any character takes one to four bytes, and assertions of words and
/// of the text's ends go, since the carrier's prefix stands before it.
class HullWriter
{
public:
    explicit HullWriter(const QByteArray &pattern)
        : m_pattern(pattern)
    {
    }

    std::optional<QByteArray> write()
    {
        while (m_at < m_pattern.size() && m_isPossible) {
            const char c = m_pattern[m_at];
            if (c == '\\')
                escape();
            else if (c == '[')
                characterClass();
            else if (c == '.')
                atom(".", true);
            else
                atom(QByteArray(1, c), false);
        }
        return m_isPossible ? std::optional(m_result) : std::nullopt;
    }

private:
    char peek(qsizetype ahead = 0) const { return m_at + ahead < m_pattern.size() ? m_pattern[m_at + ahead] : '\0'; }

    void escape()
    {
        const char c = peek(1);
        if (c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Z') {
            m_at += 2;
            m_isPossible = !QByteArrayView("*+?{").contains(peek()) || peek() == '\0';
            return;
        }
        atom(m_pattern.mid(m_at, 2), c == 'S' || c == 'W' || c == 'D');
    }

    void characterClass()
    {
        qsizetype end = m_at + 1;
        const bool isNegated = peek(1) == '^';
        end += isNegated ? 1 : 0;
        bool isFirst = true;
        while (end < m_pattern.size() && (isFirst || m_pattern[end] != ']')) {
            end += m_pattern[end] == '\\' ? 2 : 1;
            isFirst = false;
        }
        m_isPossible = end < m_pattern.size();
        if (m_isPossible)
            atom(m_pattern.mid(m_at, end + 1 - m_at), isNegated);
    }

    void atom(const QByteArray &text, bool isWide)
    {
        m_result += text;
        m_at += text.size();
        if (!isWide || peek() == '*' || peek() == '+')
            return;
        if (peek() == '?') {
            ++m_at;
            m_result += "{0,4}";
        } else if (peek() == '{') {
            counts();
        } else {
            m_result += "{1,4}";
        }
    }

    void counts()
    {
        const qsizetype close = m_pattern.indexOf('}', m_at);
        const QByteArray inside = close < 0 ? QByteArray() : m_pattern.mid(m_at + 1, close - m_at - 1);
        const qsizetype comma = inside.indexOf(',');
        bool isOk = false;
        const int least = inside.left(comma < 0 ? inside.size() : comma).toInt(&isOk);
        int most = least;
        if (isOk && comma >= 0 && comma + 1 < inside.size())
            most = inside.mid(comma + 1).toInt(&isOk);
        if (!isOk || least < 0 || most < least) {
            m_isPossible = false;
            return;
        }
        const bool isOpen = comma == inside.size() - 1 || most * BytesOfCharacter > MostRepeat;
        m_result += '{' + QByteArray::number(least) + ','
                    + (isOpen ? QByteArray() : QByteArray::number(most * BytesOfCharacter)) + '}';
        m_at = close + 1;
    }

    const QByteArray &m_pattern;
    qsizetype m_at = 0;
    QByteArray m_result;
    bool m_isPossible = true;
};

} // namespace

std::optional<QByteArray> searchHull(const SearchTerm &term)
{
    const QByteArray body = (term.isRegex ? term.text : QRegularExpression::escape(term.text)).toUtf8();
    const bool isAscii = std::ranges::all_of(body, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    // The scanner folds the case of ASCII only.
    if (!isAscii && (!term.caseSensitive || body.contains("(?i")))
        return std::nullopt;
    auto hull = HullWriter(body).write();
    if (!hull)
        return std::nullopt;
    if (!term.caseSensitive && !hull->startsWith("(?i)"))
        hull->prepend("(?i)");
    return scanForm(*hull) ? hull : std::nullopt;
}

} // namespace faultline
