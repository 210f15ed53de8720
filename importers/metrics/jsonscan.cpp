// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/jsonscan.h"

#include <array>
#include <charconv>
#include <cstring>

namespace faultline {

namespace {

constexpr auto EndsToken = [] {
    std::array<bool, 256> ends{};
    for (size_t c = 0; c <= ' '; ++c)
        ends[c] = true;
    for (const char c : {',', ']', '}', ':', '"', '[', '{'})
        ends[static_cast<unsigned char>(c)] = true;
    return ends;
}();

} // namespace

std::optional<std::string_view> JsonScan::string()
{
    if (!take('"'))
        return std::nullopt;
    const size_t start = m_at;
    for (size_t from = start; from < m_text.size();) {
        const void *quote = std::memchr(m_text.data() + from, '"', m_text.size() - from);
        if (!quote)
            break;
        const auto end = static_cast<size_t>(static_cast<const char *>(quote) - m_text.data());
        size_t slashes = 0;
        while (end - slashes > start && m_text[end - slashes - 1] == '\\')
            ++slashes;
        if (slashes % 2 == 0) {
            m_at = end + 1;
            return m_text.substr(start, end - start);
        }
        from = end + 1;
    }
    m_at = m_text.size();
    return std::nullopt;
}

std::string_view JsonScan::token()
{
    blanks();
    const size_t start = m_at;
    while (m_at < m_text.size() && !EndsToken[static_cast<unsigned char>(m_text[m_at])])
        ++m_at;
    return m_text.substr(start, m_at - start);
}

bool JsonScan::skip()
{
    blanks();
    qint64 depth = 0;
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        if (c == '"') {
            if (!string())
                return false;
        } else if (c == '{' || c == '[') {
            ++depth;
            ++m_at;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return true; // the end of what holds the value
            --depth;
            ++m_at;
        } else if (depth == 0) {
            if (token().empty())
                return true; // a comma or colon where a value should be
        } else {
            ++m_at;
            continue;
        }
        if (depth == 0)
            return true;
    }
    return false;
}

QByteArray unescapedJson(std::string_view text)
{
    QByteArray result;
    if (!text.contains('\\'))
        return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
    const auto unit = [&text](size_t at) -> std::optional<char16_t> {
        unsigned value = 0;
        if (at + 4 > text.size())
            return std::nullopt;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
        return error == std::errc() && end == text.data() + at + 4 ? std::optional(static_cast<char16_t>(value))
                                                                   : std::nullopt;
    };
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            result.append(text[i]);
            continue;
        }
        const char c = text[++i];
        constexpr std::string_view Escapes = "bfnrt";
        constexpr std::string_view Meant = "\b\f\n\r\t";
        if (const size_t known = Escapes.find(c); known != std::string_view::npos) {
            result.append(Meant[known]);
        } else if (const auto first = c == 'u' ? unit(i + 1) : std::nullopt) {
            char16_t units[2] = {*first, 0};
            i += 4;
            qsizetype count = 1;
            if (QChar::isHighSurrogate(*first) && text.substr(i + 1).starts_with("\\u"))
                if (const auto second = unit(i + 3)) {
                    units[count++] = *second;
                    i += 6;
                }
            result.append(QStringView(units, count).toUtf8());
        } else {
            result.append(c);
        }
    }
    return result;
}

} // namespace faultline
