// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <optional>
#include <string_view>

namespace faultline {

/// Reads a line from the left. Each step takes what it names, or takes nothing and says so.
class Cursor
{
public:
    explicit Cursor(std::string_view text)
        : m_text(text)
    {
    }

    bool atEnd() const { return m_at >= m_text.size(); }
    size_t position() const { return m_at; }
    void reset(size_t position) { m_at = position; }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    std::string_view rest() const { return m_text.substr(m_at); }

    bool take(char wanted)
    {
        if (atEnd() || m_text[m_at] != wanted)
            return false;
        ++m_at;
        return true;
    }

    bool take(std::string_view wanted)
    {
        if (!rest().starts_with(wanted))
            return false;
        m_at += wanted.size();
        return true;
    }

    /// Exactly `count` digits.
    std::optional<int> digits(int count)
    {
        if (m_text.size() - m_at < static_cast<size_t>(count))
            return std::nullopt;
        int value = 0;
        for (size_t i = m_at; i < m_at + static_cast<size_t>(count); ++i) {
            if (!isDigit(m_text[i]))
                return std::nullopt;
            value = value * 10 + (m_text[i] - '0');
        }
        m_at += static_cast<size_t>(count);
        return value;
    }

    /// One to `most` (at most 18) digits; more are no number.
    std::optional<qint64> number(int most = 18)
    {
        size_t end = m_at;
        qint64 value = 0;
        while (end < m_text.size() && isDigit(m_text[end]) && end - m_at < static_cast<size_t>(most))
            value = value * 10 + (m_text[end++] - '0');
        if (end == m_at || (end < m_text.size() && isDigit(m_text[end])))
            return std::nullopt;
        m_at = end;
        return value;
    }

    /// Digits after a decimal separator as nanoseconds; those past the ninth are dropped. Takes at least one.
    std::optional<qint64> nanos(int *count = nullptr)
    {
        size_t end = m_at;
        qint64 scale = 1'000'000'000;
        qint64 value = 0;
        for (; end < m_text.size() && isDigit(m_text[end]); ++end) {
            scale /= 10;
            value += scale * (m_text[end] - '0');
        }
        if (end == m_at)
            return std::nullopt;
        if (count)
            *count = static_cast<int>(end - m_at);
        m_at = end;
        return value;
    }

    /// How many blanks (spaces and tabs) were skipped.
    size_t blanks()
    {
        const size_t from = m_at;
        while (!atEnd() && (m_text[m_at] == ' ' || m_text[m_at] == '\t'))
            ++m_at;
        return m_at - from;
    }

    /// Up to the next blank or the end.
    std::string_view word()
    {
        const size_t from = m_at;
        while (!atEnd() && m_text[m_at] != ' ' && m_text[m_at] != '\t')
            ++m_at;
        return m_text.substr(from, m_at - from);
    }

    static bool isDigit(char c) { return c >= '0' && c <= '9'; }

private:
    std::string_view m_text;
    size_t m_at = 0;
};

} // namespace faultline
