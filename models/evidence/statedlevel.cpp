// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/statedlevel.h"

#include "models/evidence/controlbytes.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

struct LevelWord {
    std::string_view text;
    Severity level;
};
constexpr std::array LevelWords = std::to_array<LevelWord>(
    {{"eror", Severity::Error},   {"dbug", Severity::Debug},      {"crit", Severity::Fatal}, // log15
     {"FATAL", Severity::Fatal},  {"PANIC", Severity::Fatal},     {"CRITICAL", Severity::Fatal},
     {"ERROR", Severity::Error},  {"SEVERE", Severity::Error},    {"WARNING", Severity::Warning},
     {"WARN", Severity::Warning}, {"DEBUG", Severity::Debug},     {"TRACE", Severity::Debug},
     {"fatal", Severity::Fatal},  {"panic", Severity::Fatal},     {"critical", Severity::Fatal},
     {"error", Severity::Error},  {"severe", Severity::Error},    {"warning", Severity::Warning},
     {"warn", Severity::Warning}, {"debug", Severity::Debug},     {"trace", Severity::Debug},
     {"Error", Severity::Error},  {"Warning", Severity::Warning}, {"Fatal", Severity::Fatal},
     {"Debug", Severity::Debug}});

/// 0: not in a word; 1: in a word; 2: a level's name may start with it.
constexpr std::array<unsigned char, 256> wordBytes()
{
    std::array<unsigned char, 256> result{};
    for (size_t c = 0; c < result.size(); ++c) {
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        result[c] = isLetter || (c >= '0' && c <= '9') || c == '_' ? 1 : 0;
    }
    for (const LevelWord &word : LevelWords)
        result[static_cast<unsigned char>(word.text[0])] = 2;
    return result;
}
constexpr std::array<unsigned char, 256> WordBytes = wordBytes();

} // namespace

Severity statedLevel(std::string_view payload)
{
    constexpr size_t MostLooked = 120;
    constexpr size_t LongestWord = 8;
    const std::string_view head = payload.substr(0, MostLooked);
    const auto kindOf = [head](size_t at) { return WordBytes[static_cast<unsigned char>(head[at])]; };
    for (size_t from = 0; from < head.size(); ++from) {
        const unsigned char kind = kindOf(from);
        if (kind == 0)
            continue;
        size_t end = from + 1;
        while (end < head.size() && kindOf(end) != 0)
            ++end;
        if (kind == 2 && end - from >= 4 && end - from <= LongestWord) {
            const std::string_view word = head.substr(from, end - from);
            const bool upper = word[1] < 'a';
            const bool field = from > 0 && (head[from - 1] == '=' || head[from - 1] == '"' || head[from - 1] == '[');
            const bool leading =
                from == 0 && (end == head.size() || head[end] == ':' || head[end] == '[' || head[end] == ' ');
            const auto *const known =
                upper || field || leading ? std::ranges::find(LevelWords, word, &LevelWord::text) : LevelWords.end();
            if (known != LevelWords.end())
                return known->level;
        }
        from = end;
    }
    return Severity::Info;
}

Severity levelOf(const DecodedLine &line)
{
    constexpr size_t MostLooked = 512; // with the escapes, of which there may be many
    if (line.level)
        return *line.level;
    const std::string_view head = line.payload.substr(0, MostLooked);
    if (nextControlByte(head, 0) == head.size())
        return statedLevel(head);
    const QByteArray bare = withoutTerminalControl(head);
    return statedLevel({bare.constData(), static_cast<size_t>(bare.size())});
}

} // namespace faultline
