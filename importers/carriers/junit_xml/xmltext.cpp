// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/xmltext.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace faultline {

namespace {

bool isNameEnd(char c)
{
    return c == ' ' || c == '\t' || c == '>' || c == '/' || c == '\r';
}

using Tags = std::span<const std::string_view>;

/// Whether an element that the reports have begins (or ends) at '<'.
bool isTag(std::string_view text, Tags tags)
{
    text.remove_prefix(text.starts_with("</") ? 2 : 1);
    const auto *const end = std::ranges::find_if(text.data(), text.data() + text.size(), isNameEnd);
    const std::string_view name = text.substr(0, static_cast<size_t>(end - text.data()));
    return std::ranges::find(tags, name) != tags.end();
}

/// Just past the '>' of a tag; '>' inside an attribute's quotes is legal.
size_t tagEnd(std::string_view text)
{
    char quote = 0;
    for (size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != 0)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
    }
    return text.size();
}

void appendUtf8(char32_t code, QByteArray &into)
{
    const char32_t shown = code == '\n' ? U'\u2028' : code; // a line stays one
    if (shown < 0x20 && shown != '\t')
        return;
    const auto put = [&into](char32_t byte) { into.append(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (shown < 0x80) {
        put(shown);
    } else if (shown < 0x800) {
        put(0xC0 | (shown >> 6U));
        put(0x80 | (shown & 0x3FU));
    } else if (shown < 0x10000) {
        put(0xE0 | (shown >> 12U));
        put(0x80 | ((shown >> 6U) & 0x3FU));
        put(0x80 | (shown & 0x3FU));
    } else if (shown < 0x110000) {
        put(0xF0 | (shown >> 18U));
        put(0x80 | ((shown >> 12U) & 0x3FU));
        put(0x80 | ((shown >> 6U) & 0x3FU));
        put(0x80 | (shown & 0x3FU));
    }
}

/// Appends what the reference at '&' stands for; how many bytes it takes, 0 where it is none.
size_t appendReference(std::string_view text, QByteArray &into)
{
    constexpr size_t Longest = 12;
    const size_t end = text.substr(0, Longest).find(';');
    if (end == std::string_view::npos)
        return 0;
    std::string_view name = text.substr(1, end - 1);
    constexpr std::array<std::pair<std::string_view, char>, 5> Named{
        {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
    for (const auto &[word, character] : Named) {
        if (name == word) {
            into.append(character);
            return end + 1;
        }
    }
    if (!name.starts_with('#'))
        return 0;
    const bool isHex = name.starts_with("#x");
    name.remove_prefix(isHex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [last, error] = std::from_chars(name.data(), name.data() + name.size(), code, isHex ? 16 : 10);
    if (error != std::errc() || last != name.data() + name.size())
        return 0;
    appendUtf8(code, into);
    return end + 1;
}

void appendUnescaped(std::string_view text, QByteArray &into)
{
    for (size_t from = 0; from < text.size();) {
        const size_t at = std::min(text.find('&', from), text.size());
        into.append(text.data() + from, static_cast<qsizetype>(at - from));
        if (at == text.size())
            return;
        const size_t taken = appendReference(text.substr(at), into);
        if (taken == 0)
            into.append('&');
        from = at + std::max<size_t>(taken, 1);
    }
}

/// The value of the tag's message attribute.
void appendMessage(std::string_view tag, QByteArray &into)
{
    constexpr std::string_view Key = " message=";
    const size_t at = tag.find(Key);
    if (at == std::string_view::npos || at + Key.size() >= tag.size())
        return;
    const char quote = tag[at + Key.size()];
    if (quote != '"' && quote != '\'')
        return;
    const std::string_view value = tag.substr(at + Key.size() + 1);
    appendUnescaped(value.substr(0, value.find(quote)), into);
    into.append(' ');
}

/// Appends what stands for the mark-up at '<' or ']'; how many bytes it takes, 0 where it is text.
size_t appendMarkup(std::string_view text, Tags tags, QByteArray &into)
{
    constexpr std::string_view CdataStart = "<![CDATA[";
    constexpr std::string_view CdataEnd = "]]>";
    if (text.starts_with(CdataStart))
        return CdataStart.size();
    if (text.starts_with(CdataEnd))
        return CdataEnd.size();
    if (text.front() != '<' || !isTag(text, tags))
        return 0;
    const size_t end = tagEnd(text);
    if (text.find_first_not_of(" \t\r", end) == std::string_view::npos) // else the element's own text says it
        appendMessage(text.substr(0, end), into);
    return end;
}

bool isSpecial(char c)
{
    return c == '<' || c == '&' || c == ']';
}

} // namespace

bool appendXmlText(std::string_view line, std::span<const std::string_view> tags, QByteArray &into)
{
    bool isChanged = false;
    // What a writer puts before a tag to show the nesting is not the test's text.
    if (const size_t first = line.find_first_not_of(" \t"); first != std::string_view::npos && line[first] == '<') {
        isChanged = first > 0 && isTag(line.substr(first), tags);
        line.remove_prefix(isChanged ? first : 0);
    }
    for (size_t from = 0; from < line.size();) {
        size_t at = from;
        while (at < line.size() && !isSpecial(line[at]))
            ++at;
        into.append(line.data() + from, static_cast<qsizetype>(at - from));
        if (at == line.size())
            break;
        const std::string_view rest = line.substr(at);
        const size_t taken = line[at] == '&' ? appendReference(rest, into) : appendMarkup(rest, tags, into);
        isChanged = isChanged || taken > 0;
        if (taken == 0)
            into.append(line[at]);
        from = at + std::max<size_t>(taken, 1);
    }
    return isChanged;
}

} // namespace faultline
