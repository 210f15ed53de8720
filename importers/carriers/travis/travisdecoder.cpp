// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/travis/travisdecoder.h"

#include "importers/core/cursor.h"
#include "importers/core/headlines.h"
#include "importers/core/stamps.h"

#include <algorithm>
#include <charconv>

namespace faultline {

namespace {

/// What a mark's name may hold: it ends with CR, an escape or blank.
std::string_view markWord(std::string_view text)
{
    constexpr size_t Most = 256;
    size_t end = 0;
    while (end < text.size() && end < Most && static_cast<unsigned char>(text[end]) > 0x20 && text[end] != ':')
        ++end;
    return text.substr(0, end);
}

/// "start=1564427552810405174,finish=1564427574934466712"
bool readTimer(std::string_view text, TravisMark &mark, size_t &length)
{
    const auto nanoseconds = [](Cursor &cursor) -> std::optional<SourceTime> {
        constexpr qint64 Earliest = 1'000'000'000'000'000'000; // 2001: what is below has another unit
        const std::string_view rest = cursor.rest();
        qint64 number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (error != std::errc() || number < Earliest)
            return std::nullopt;
        cursor.reset(cursor.position() + static_cast<size_t>(end - rest.data()));
        return SourceTime{number};
    };
    Cursor cursor(text);
    if (!cursor.take("start="))
        return false;
    const auto start = nanoseconds(cursor);
    if (!start || !cursor.take(",finish="))
        return false;
    const auto finish = nanoseconds(cursor);
    if (!finish)
        return false;
    mark.start = *start;
    mark.finish = *finish;
    const std::string_view rest = cursor.rest();
    length = cursor.position() + markWord(rest).size(); // ",duration=…,event=…"
    return true;
}

} // namespace

std::optional<TravisMark> nextTravisMark(std::string_view line, size_t from)
{
    struct Word {
        std::string_view text;
        TravisMark::Kind kind;
    };
    static constexpr Word Words[] = {{"fold:start:", TravisMark::Kind::FoldStart},
                                     {"fold:end:", TravisMark::Kind::FoldEnd},
                                     {"time:start:", TravisMark::Kind::TimeStart},
                                     {"time:end:", TravisMark::Kind::TimeEnd},
                                     {"time:finish:", TravisMark::Kind::TimeEnd}};
    constexpr std::string_view Begin = "travis_";
    for (size_t at = line.find(Begin, from); at != std::string_view::npos; at = line.find(Begin, at + 1)) {
        const std::string_view rest = line.substr(at + Begin.size());
        const auto word = std::ranges::find_if(Words, [rest](const Word &w) { return rest.starts_with(w.text); });
        if (word == std::end(Words))
            continue;
        TravisMark mark{word->kind, markWord(rest.substr(word->text.size())), {}, {}, 0};
        if (mark.name.empty())
            continue;
        mark.end = at + Begin.size() + word->text.size() + mark.name.size();
        if (mark.kind == TravisMark::Kind::TimeEnd) {
            size_t length = 0;
            if (mark.end >= line.size() || line[mark.end] != ':' || !readTimer(line.substr(mark.end + 1), mark, length))
                continue;
            mark.end += 1 + length;
        }
        return mark;
    }
    return std::nullopt;
}

DecodedLine TravisDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    DecodedLine decoded;
    decoded.payload = line;
    size_t from = 0;
    const size_t first = line.find("travis_");
    while (const auto mark = nextTravisMark(line, from)) {
        if (mark->kind == TravisMark::Kind::TimeEnd)
            decoded.time = mark->finish;
        from = mark->end;
    }
    decoded.payload.remove_prefix(from);
    // What a command printed without an LF stands before the mark of its end.
    if (from > 0 && first > 0 && withoutTerminalControl(decoded.payload).isEmpty())
        decoded.payload = line.substr(0, first);
    return decoded;
}

std::optional<SourceTime> TravisDecoder::timeBefore(qint64 byteOffset) const
{
    const auto after = std::ranges::upper_bound(m_timers, byteOffset, {}, &SeenTimer::byteOffset);
    return after == m_timers.begin() ? std::nullopt : std::optional(std::prev(after)->finish);
}

} // namespace faultline
