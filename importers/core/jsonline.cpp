// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/jsonline.h"

#include "importers/core/jsonfields.h"

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

} // namespace faultline
