// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/mask.h"

#include <algorithm>

namespace faultline {

namespace {

constexpr qsizetype LeastHexDigits = 7; ///< Short commit ids.
constexpr char Mask = '#';

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isWordByte(char c)
{
    return isDigit(c) || isLetter(c) || static_cast<unsigned char>(c) >= 0x80;
}
bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// How often a word goes over from letters to digits or back: "x2k4p" is no word of a language.
int switches(std::string_view word)
{
    int count = 0;
    for (size_t i = 1; i < word.size(); ++i)
        count += isDigit(word[i]) != isDigit(word[i - 1]) ? 1 : 0;
    return count;
}

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::ranges::any_of(words, [&](std::string_view other) {
        return std::ranges::equal(word, other, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    });
}

/// "1.22.3" and "1.22.3-rc1"'s number: three parts, none of them long; four parts are an address.
bool isVersion(std::string_view number)
{
    constexpr size_t MostPartDigits = 4;
    size_t parts = 1;
    size_t digits = 0;
    for (const char c : number) {
        if (c == '.') {
            ++parts;
            digits = 0;
        } else if (!isDigit(c) || ++digits > MostPartDigits) {
            return false;
        }
    }
    return parts == 3;
}

class Masker
{
public:
    Masker(std::string_view line, QByteArray &into)
        : m_line(line)
        , m_out(into)
    {
    }

    void run()
    {
        m_out.clear();
        while (m_at < m_line.size()) {
            const char c = m_line[m_at];
            if (isBlank(c))
                blank();
            else if (isDigit(c))
                number();
            else if (isWordByte(c))
                word();
            else
                mark(c);
        }
        while (m_out.endsWith(' '))
            m_out.chop(1);
    }

private:
    void blank()
    {
        if (!m_out.isEmpty() && !m_out.endsWith(' '))
            m_out += ' ';
        ++m_at;
    }

    void mark(char c)
    {
        if (m_out.endsWith("/tmp") && c == '/') {
            m_out += "/#";
            ++m_at;
            while (m_at < m_line.size()
                   && (isWordByte(m_line[m_at]) || m_line[m_at] == '.' || m_line[m_at] == '_' || m_line[m_at] == '-'))
                ++m_at;
            return;
        }
        m_out += c;
        ++m_at;
    }

    void masked()
    {
        // "3f2a-9b1c" and "2026-01-02 10:00" are one thing each.
        if (m_out.size() >= 2 && m_out[m_out.size() - 2] == Mask && QByteArrayView("-:.,/+ ").contains(m_out.back()))
            m_out.chop(1);
        if (!m_out.endsWith(Mask))
            m_out += Mask;
    }

    /// From a digit on: "12", "1,234.5", "10:03:11.25Z", "1m3.2s", "192.168.0.1:5432", "0x7f3a", "3f2a9b1c…".
    void number()
    {
        const size_t begin = m_at;
        bool onlyDigits = true;
        bool isPlain = true; // digits and dots
        while (m_at < m_line.size()) {
            const char c = m_line[m_at];
            const bool joins =
                (c == '.' || c == ',' || c == ':') && m_at + 1 < m_line.size() && isDigit(m_line[m_at + 1]);
            if (!isWordByte(c) && !joins)
                break;
            onlyDigits = onlyDigits && isDigit(c);
            isPlain = isPlain && (isDigit(c) || c == '.');
            ++m_at;
        }
        const std::string_view text = m_line.substr(begin, m_at - begin);
        const bool isZero = onlyDigits && text.find_first_not_of('0') == std::string_view::npos;
        if (isZero || (onlyDigits && m_tells) || (isPlain && isVersion(text)))
            m_out.append(text.data(), static_cast<qsizetype>(text.size()));
        else
            masked();
        m_tells = false;
    }

    void word()
    {
        const size_t begin = m_at;
        bool hasDigit = false;
        bool isHex = true;
        while (m_at < m_line.size() && isWordByte(m_line[m_at])) {
            hasDigit = hasDigit || isDigit(m_line[m_at]);
            isHex = isHex && isHexDigit(m_line[m_at]);
            ++m_at;
        }
        const std::string_view text = m_line.substr(begin, m_at - begin);
        const auto length = static_cast<qsizetype>(text.size());
        if (isHex && (length > LeastHexDigits || (hasDigit && length == LeastHexDigits))) {
            masked();
        } else if (!hasDigit) {
            m_out.append(text.data(), length);
            m_tells = isOneOf(text, {"code", "status", "exit", "exited", "signal", "errno"})
                      || (m_tells && isOneOf(text, {"with", "is"}));
            return;
        } else if (length >= 5 && switches(text) >= 2) {
            masked();
        } else {
            digitsMasked(text);
        }
        m_tells = false;
    }

    /// "build123" → "build#"
    void digitsMasked(std::string_view text)
    {
        for (size_t i = 0; i < text.size(); ++i) {
            if (!isDigit(text[i]))
                m_out += text[i];
            else if (i == 0 || !isDigit(text[i - 1]))
                m_out += Mask;
        }
    }

    std::string_view m_line;
    QByteArray &m_out;
    size_t m_at = 0;
    bool m_tells = false; ///< The next number is what the line is about.
};

} // namespace

void maskLine(std::string_view line, QByteArray &into)
{
    Masker(line, into).run();
}

QByteArray maskedLine(std::string_view line)
{
    QByteArray result;
    maskLine(line, result);
    return result;
}

} // namespace faultline
