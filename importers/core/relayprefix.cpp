// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/relayprefix.h"

#include "importers/core/stampparts.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

using stampparts::isDigit;

constexpr size_t MostPrefix = 120;

constexpr bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}
constexpr bool isNameByte(char c)
{
    return isLower(c) || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '-' || c == '.';
}

/// The end of the bytes that fit from `from` on.
template<typename Fits>
size_t skip(std::string_view text, size_t from, const Fits &fits)
{
    while (from < text.size() && fits(text[from]))
        ++from;
    return from;
}

bool isAt(std::string_view text, size_t at, std::string_view word)
{
    return text.size() > at && text.substr(at).starts_with(word);
}

/// What tools of many kinds put before a message to say how bad it is, or who speaks to whom.
bool isCommonWord(std::string_view word)
{
    static constexpr std::array<std::string_view, 22> Words{
        "error", "warning", "warn", "info",   "debug",   "fatal",   "fail",    "failed", "note", "hint",   "trace",
        "panic", "notice",  "ok",   "remote", "command", "section", "skipped", "tests",  "test", "passed", "stderr"};
    return std::ranges::find(Words, word) != Words.end();
}

/// "#11 1.311 "
size_t buildkit(std::string_view text)
{
    const size_t step = skip(text, 1, isDigit);
    const size_t seconds = isAt(text, step, " ") && step > 1 ? skip(text, step + 1, isDigit) : 0;
    if (seconds == 0 || seconds == step + 1 || !isAt(text, seconds, "."))
        return 0;
    const size_t end = skip(text, seconds + 1, isDigit);
    return end > seconds + 1 && isAt(text, end, " ") ? end + 1 : 0;
}

/// "[web] ", "[build:3] ", "[pod/a/b] ", "[checks : unit] ", "   [javac] "
size_t bracketed(std::string_view text, size_t from)
{
    const size_t name = skip(text, from + 1, [](char c) { return isNameByte(c) || c == '/' || c == '@' || c == ':'; });
    const std::string_view word = text.substr(from + 1, name - from - 1);
    if (word.empty())
        return 0;
    if (from == 0 && isAt(text, name, " : ") && isLower(word.front())) { // tkn: "[task : step] "
        const size_t step = skip(text, name + 3, isNameByte);
        return step > name + 3 && isAt(text, step, "] ") ? step + 2 : 0;
    }
    if (!isAt(text, name, "] ") || isCommonWord(word))
        return 0;
    if (word.starts_with("gw")) // of pytest-xdist, whose lines are read with it
        return 0;
    const bool isName = isLower(word.front()) || word.front() == '@' || (isDigit(word.front()) && word.size() == 1);
    return isName ? name + 2 : 0;
}

/// "web-1  | "
size_t piped(std::string_view text, size_t from)
{
    const size_t name = skip(text, from, [](char c) { return isNameByte(c) || c == '/' || c == '+'; });
    const size_t bar = skip(text, name, [](char c) { return c == ' '; });
    const bool isName = std::any_of(text.begin() + static_cast<std::ptrdiff_t>(from),
                                    text.begin() + static_cast<std::ptrdiff_t>(name), isLower);
    return name > from && bar > name && isName && isAt(text, bar, "| ") ? bar + 2 : 0;
}

/// "web:build: ", "packages/ui build: ", "@acme/web: "
size_t ofWorkspace(std::string_view text)
{
    const size_t package = skip(text, 0, [](char c) { return isNameByte(c) || c == '/' || c == '@'; });
    const std::string_view name = text.substr(0, package);
    if (name.empty() || !(isLower(name.front()) || name.front() == '@') || isCommonWord(name))
        return 0;
    if (name.front() == '@' && name.contains('/') && isAt(text, package, ": "))
        return package + 2;
    const bool byTurbo = isAt(text, package, ":") && !name.contains('.');
    const bool byPnpm = isAt(text, package, " ") && name.contains('/');
    if (!byTurbo && !byPnpm)
        return 0;
    const size_t task = skip(text, package + 1, [](char c) { return isNameByte(c) || c == ':'; });
    const std::string_view word = text.substr(package + 1, task - package - 1);
    const bool endsInColon = word.ends_with(':') && isAt(text, task, " ");
    if (word.size() < 2 || !isLower(word.front()) || !endsInColon || isCommonWord(word.substr(0, word.size() - 1)))
        return 0;
    return task + 1;
}

/// "    default: ", "null_resource.x (local-exec): "
size_t ofProvisioner(std::string_view text)
{
    const size_t indent = skip(text, 0, [](char c) { return c == ' '; });
    const size_t name = skip(text, indent, [](char c) { return isNameByte(c) || c == '[' || c == ']' || c == '"'; });
    const std::string_view word = text.substr(indent, name - indent);
    if (word.empty() || !isLower(word.front()))
        return 0;
    for (const std::string_view how : {" (local-exec): ", " (remote-exec): "}) {
        if (indent == 0 && isAt(text, name, how))
            return name + how.size();
    }
    return indent == 4 && isAt(text, name, ": ") && !isCommonWord(word) && !word.contains('.') ? name + 2 : 0;
}

} // namespace

size_t relayPrefixLength(std::string_view payload)
{
    const std::string_view head = payload.substr(0, MostPrefix);
    const size_t from = skip(head, 0, [](char c) { return c == ' '; });
    if (from >= head.size())
        return 0;
    if (head[from] == '[')
        return bracketed(head, from);
    if (head.front() == '#')
        return buildkit(head);
    for (const size_t length : {piped(head, from), ofWorkspace(head), ofProvisioner(head)}) {
        if (length > 0)
            return length;
    }
    return 0;
}

} // namespace faultline
