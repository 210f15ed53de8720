// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/jsonfields.h"

#include <QChar>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace faultline {

namespace {

size_t skipBlanks(std::string_view text, size_t at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r'))
        ++at;
    return at;
}

/// Just past an array or object; npos where it stays open.
size_t nestedEnd(std::string_view text, size_t at)
{
    int depth = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') {
            at = jsonStringEnd(text, at + 1);
            if (at == std::string_view::npos)
                return at;
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if ((c == ']' || c == '}') && --depth == 0) {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

/// The number that four hexadecimal digits at `at` tell.
std::optional<char32_t> hexUnit(std::string_view text, size_t at)
{
    unsigned unit = 0;
    if (at + 4 > text.size())
        return std::nullopt;
    const char *const from = text.data() + at;
    const auto [end, error] = std::from_chars(from, from + 4, unit, 16);
    return error == std::errc() && end == from + 4 ? std::optional(char32_t(unit)) : std::nullopt;
}

char *writeUtf8(char32_t code, char *out)
{
    const auto write = [&out](char32_t value) { *out++ = static_cast<char>(value); };
    if (code < 0x80) {
        write(code);
    } else if (code < 0x800) {
        write(0xc0 | (code >> 6));
        write(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        write(0xe0 | (code >> 12));
        write(0x80 | ((code >> 6) & 0x3f));
        write(0x80 | (code & 0x3f));
    } else {
        write(0xf0 | (code >> 18));
        write(0x80 | ((code >> 12) & 0x3f));
        write(0x80 | ((code >> 6) & 0x3f));
        write(0x80 | (code & 0x3f));
    }
    return out;
}

/// What "\uXXXX" at `at` means, with the second half of a surrogate pair, and how many characters that is; none where it is broken.
std::pair<char32_t, size_t> unicodeEscape(std::string_view text, size_t at)
{
    constexpr size_t Length = 6;
    const auto first = hexUnit(text, at + 2);
    if (!first)
        return {0, 0};
    if (!QChar::isSurrogate(*first))
        return {*first, Length};
    if (QChar::isHighSurrogate(*first) && text.substr(std::min(text.size(), at + Length)).starts_with("\\u")) {
        const auto second = hexUnit(text, at + Length + 2);
        if (second && QChar::isLowSurrogate(*second))
            return {QChar::surrogateToUcs4(static_cast<char16_t>(*first), static_cast<char16_t>(*second)), 2 * Length};
    }
    return {QChar::ReplacementCharacter, Length};
}

} // namespace

size_t jsonStringEnd(std::string_view text, size_t at)
{
    while (at < text.size()) {
        const auto *quote = static_cast<const char *>(std::memchr(text.data() + at, '"', text.size() - at));
        if (!quote)
            return std::string_view::npos;
        const auto end = static_cast<size_t>(quote - text.data());
        size_t escapes = end;
        while (escapes > at && text[escapes - 1] == '\\')
            --escapes;
        if ((end - escapes) % 2 == 0)
            return end;
        at = end + 1;
    }
    return std::string_view::npos;
}

bool forEachJsonField(std::string_view line, const std::function<bool(const JsonField &)> &field)
{
    size_t at = skipBlanks(line, 0);
    if (at >= line.size() || line[at] != '{')
        return false;
    at = skipBlanks(line, at + 1);
    if (at < line.size() && line[at] == '}')
        return true;
    while (at < line.size() && line[at] == '"') {
        JsonField found;
        const size_t nameEnd = jsonStringEnd(line, at + 1);
        if (nameEnd == std::string_view::npos)
            return false;
        found.name = line.substr(at + 1, nameEnd - at - 1);
        at = skipBlanks(line, nameEnd + 1);
        if (at >= line.size() || line[at] != ':')
            return false;
        at = skipBlanks(line, at + 1);
        if (at >= line.size())
            return false;
        size_t end = 0;
        if (line[at] == '"') {
            const size_t close = jsonStringEnd(line, at + 1);
            if (close == std::string_view::npos)
                return false;
            found.isString = true;
            found.value = line.substr(at + 1, close - at - 1);
            end = close + 1;
        } else if (line[at] == '[' || line[at] == '{') {
            end = nestedEnd(line, at);
            if (end == std::string_view::npos)
                return false;
            found.value = line.substr(at, end - at);
        } else {
            end = line.find_first_of(",} \t\r", at);
            if (end == std::string_view::npos)
                return false;
            found.value = line.substr(at, end - at);
        }
        if (!field(found))
            return true;
        at = skipBlanks(line, end);
        if (at < line.size() && line[at] == '}')
            return skipBlanks(line, at + 1) == line.size();
        if (at >= line.size() || line[at] != ',')
            return false;
        at = skipBlanks(line, at + 1);
    }
    return false;
}

char *unescapeJson(std::string_view text, char *out)
{
    constexpr std::string_view Letters = "\"\\/bfnrt";
    constexpr std::string_view Meanings = "\"\\/\b\f\n\r\t";
    for (size_t at = 0; at < text.size();) {
        const size_t escape = std::min(text.find('\\', at), text.size());
        out = std::copy(text.begin() + static_cast<std::ptrdiff_t>(at),
                        text.begin() + static_cast<std::ptrdiff_t>(escape), out);
        at = escape;
        if (at >= text.size())
            break;
        const char kind = at + 1 < text.size() ? text[at + 1] : '\0';
        if (const size_t letter = kind == '\0' ? std::string_view::npos : Letters.find(kind);
            letter != std::string_view::npos) {
            *out++ = Meanings[letter];
            at += 2;
        } else if (const auto [code, length] = kind == 'u' ? unicodeEscape(text, at) : std::pair(U'\0', size_t{0});
                   length > 0) {
            out = writeUtf8(code, out);
            at += length;
        } else {
            *out++ = '\\';
            ++at;
        }
    }
    return out;
}

void appendUnescapedJson(std::string_view text, QByteArray &into)
{
    const qsizetype before = into.size();
    into.resize(before + static_cast<qsizetype>(text.size()));
    into.truncate(unescapeJson(text, into.data() + before) - into.constData());
}

QByteArray unescapeJson(std::string_view text)
{
    QByteArray result;
    appendUnescapedJson(text, result);
    return result;
}

} // namespace faultline
