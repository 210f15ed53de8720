// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/jsonline.h"

#include <algorithm>

namespace faultline {

namespace {

constexpr size_t MostFields = 256;
constexpr auto None = std::string_view::npos;

size_t skipSpace(std::string_view line, size_t at)
{
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r'))
        ++at;
    return at;
}

/// Just past the closing quote of the string that starts at `at`.
size_t pastString(std::string_view line, size_t at)
{
    for (++at; at < line.size(); ++at) {
        if (line[at] == '\\')
            ++at;
        else if (line[at] == '"')
            return at + 1;
    }
    return None;
}

/// Just past the value that starts at `at`; nested values are only passed over.
size_t valueEnd(std::string_view line, size_t at)
{
    if (at >= line.size())
        return None;
    if (line[at] == '"')
        return pastString(line, at);
    if (line[at] != '{' && line[at] != '[')
        return std::min(line.find_first_of(",} \t\r", at), line.size());
    int depth = 0;
    while (at < line.size()) {
        const char c = line[at];
        if (c == '"') {
            at = pastString(line, at);
            continue;
        }
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        ++at;
        if (depth == 0)
            return at;
    }
    return None;
}

int hexDigits(std::string_view text, size_t at)
{
    if (at + 4 > text.size())
        return -1;
    int value = 0;
    for (size_t i = at; i < at + 4; ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

void appendUtf8(int code, QByteArray &into)
{
    const auto byte = [&into](int value) { into.append(static_cast<char>(value)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | (code >> 6));
        byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        byte(0xe0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3f));
        byte(0x80 | (code & 0x3f));
    } else {
        byte(0xf0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3f));
        byte(0x80 | ((code >> 6) & 0x3f));
        byte(0x80 | (code & 0x3f));
    }
}

} // namespace

bool JsonLine::parse(std::string_view line)
{
    m_fields.clear();
    size_t at = skipSpace(line, 0);
    if (at >= line.size() || line[at] != '{')
        return false;
    at = skipSpace(line, at + 1);
    if (at < line.size() && line[at] == '}')
        return true;
    while (m_fields.size() < MostFields) {
        if (at >= line.size() || line[at] != '"')
            return false;
        const size_t keyEnd = pastString(line, at);
        if (keyEnd == None)
            return false;
        const std::string_view key = line.substr(at + 1, keyEnd - at - 2);
        at = skipSpace(line, keyEnd);
        if (at >= line.size() || line[at] != ':')
            return false;
        at = skipSpace(line, at + 1);
        const size_t end = valueEnd(line, at);
        if (end == None)
            return false;
        const bool isString = line[at] == '"';
        m_fields.push_back({key, isString ? line.substr(at + 1, end - at - 2) : line.substr(at, end - at)});
        at = skipSpace(line, end);
        if (at < line.size() && line[at] == '}')
            return true;
        if (at >= line.size() || line[at] != ',')
            return false;
        at = skipSpace(line, at + 1);
    }
    return false;
}

std::optional<std::string_view> JsonLine::raw(std::string_view key) const
{
    const auto found = std::ranges::find(m_fields, key, &Field::key);
    return found == m_fields.end() ? std::nullopt : std::optional(found->value);
}

QByteArray JsonLine::text(std::string_view key) const
{
    QByteArray result;
    if (const auto value = raw(key))
        appendUnescapedJson(*value, result);
    return result;
}

void appendUnescapedJson(std::string_view text, QByteArray &into)
{
    for (size_t at = 0; at < text.size();) {
        const size_t escape = std::min(text.find('\\', at), text.size());
        into.append(text.data() + at, static_cast<qsizetype>(escape - at));
        at = escape;
        if (at >= text.size())
            return;
        constexpr std::string_view Letters = "\"\\/bfnrt";
        constexpr std::string_view Meanings = "\"\\/\b\f\n\r\t";
        const char kind = at + 1 < text.size() ? text[at + 1] : '\0';
        if (const size_t found = kind == '\0' ? None : Letters.find(kind); found != None) {
            into.append(Meanings[found]);
            at += 2;
            continue;
        }
        int code = kind == 'u' ? hexDigits(text, at + 2) : -1;
        if (code < 0) {
            into.append('\\');
            ++at;
            continue;
        }
        at += 6;
        if (code >= 0xd800 && code < 0xe000) {
            const int low = code < 0xdc00 && text.substr(std::min(at, text.size())).starts_with("\\u")
                                ? hexDigits(text, at + 2)
                                : -1;
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                at += 6;
            } else {
                code = 0xfffd;
            }
        }
        appendUtf8(code, into);
    }
}

} // namespace faultline
