// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/jsonfields.h"

#include <QString>

#include <charconv>
#include <cstring>
#include <optional>

namespace faultline {

namespace {

size_t skipBlanks(std::string_view text, size_t at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r'))
        ++at;
    return at;
}

/// The closing quote of the string that begins at `at` (just past its opening quote); npos where it stays open.
size_t stringEnd(std::string_view text, size_t at)
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

/// Just past an array or object; npos where it stays open.
size_t nestedEnd(std::string_view text, size_t at)
{
    int depth = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') {
            at = stringEnd(text, at + 1);
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

std::optional<unsigned> hexUnit(std::string_view text)
{
    unsigned unit = 0;
    if (text.size() < 4)
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 4, unit, 16);
    return error == std::errc() && end == text.data() + 4 ? std::optional(unit) : std::nullopt;
}

/// "\uXXXX" at `at` (the u), with the second half of a surrogate pair; appends UTF-8 and returns how many characters it took.
size_t appendUnicode(std::string_view text, size_t at, QByteArray &into)
{
    const auto first = hexUnit(text.substr(std::min(text.size(), at + 1)));
    if (!first) {
        into.append("\\u");
        return 1;
    }
    if (QChar::isHighSurrogate(static_cast<char16_t>(*first))
        && text.substr(std::min(text.size(), at + 5)).starts_with("\\u")) {
        const auto second = hexUnit(text.substr(std::min(text.size(), at + 7)));
        if (second && QChar::isLowSurrogate(static_cast<char16_t>(*second))) {
            const char32_t code = QChar::surrogateToUcs4(static_cast<char16_t>(*first), static_cast<char16_t>(*second));
            into.append(QString::fromUcs4(&code, 1).toUtf8());
            return 11;
        }
    }
    const auto unit = static_cast<char16_t>(*first);
    into.append(QChar::isSurrogate(unit) ? QByteArray("\xEF\xBF\xBD") : QString(QChar(unit)).toUtf8());
    return 5;
}

} // namespace

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
        const size_t nameEnd = stringEnd(line, at + 1);
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
            const size_t close = stringEnd(line, at + 1);
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
            end = line.find_first_of(",}", at);
            if (end == std::string_view::npos)
                return false;
            found.value = line.substr(at, end - at);
            while (found.value.ends_with(' '))
                found.value.remove_suffix(1);
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

QByteArray unescapeJson(std::string_view text)
{
    QByteArray result;
    result.reserve(static_cast<qsizetype>(text.size()));
    for (size_t i = 0; i < text.size(); ++i) {
        const size_t escape = text.find('\\', i);
        if (escape == std::string_view::npos || escape + 1 >= text.size()) {
            result.append(text.data() + i, static_cast<qsizetype>(text.size() - i));
            break;
        }
        result.append(text.data() + i, static_cast<qsizetype>(escape - i));
        i = escape + 1;
        const char c = text[i];
        switch (c) {
        case 'n': result.append('\n'); break;
        case 't': result.append('\t'); break;
        case 'r': result.append('\r'); break;
        case 'b': result.append('\b'); break;
        case 'f': result.append('\f'); break;
        case 'u': i += appendUnicode(text, i, result) - 1; break;
        default: result.append(c); break;
        }
    }
    return result;
}

} // namespace faultline
