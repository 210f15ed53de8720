// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/gitlab/gitlabdecoder.h"

#include "importers/core/headlines.h"
#include "importers/core/stamps.h"

#include <algorithm>
#include <cstring>

namespace faultline {

namespace {
bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
           || c == '-';
}

/// Where "section_" stands next. std::string_view::find() stops at each 's', of which every line has many.
size_t nextSection(std::string_view line, size_t from)
{
    constexpr std::string_view Word = "section_";
    const void *found =
        from < line.size() ? ::memmem(line.data() + from, line.size() - from, Word.data(), Word.size()) : nullptr;
    return found ? static_cast<size_t>(static_cast<const char *>(found) - line.data()) : std::string_view::npos;
}
} // namespace

std::optional<GitlabMark> nextGitlabMark(std::string_view line, size_t from)
{
    constexpr std::string_view Start = "section_start:";
    constexpr std::string_view End = "section_end:";
    for (size_t at = nextSection(line, from); at != std::string_view::npos; at = nextSection(line, at + 1)) {
        const std::string_view rest = line.substr(at);
        const bool isStart = rest.starts_with(Start);
        if (!isStart && !rest.starts_with(End))
            continue;
        const size_t digits = at + (isStart ? Start.size() : End.size());
        const auto stamp = readEpochStamp(line.substr(digits));
        if (!stamp || stamp->resolutionNs != NsPerSecond || digits + stamp->end >= line.size()
            || line[digits + stamp->end] != ':')
            continue;
        const size_t name = digits + stamp->end + 1;
        size_t end = name;
        while (end < line.size() && isNameByte(line[end]))
            ++end;
        if (end == name)
            continue;
        GitlabMark mark{isStart, stamp->time, line.substr(name, end - name), end};
        if (end < line.size() && line[end] == '[') // [collapsed=true]
            mark.end =
                std::min(line.size(), line.find(']', end) == std::string_view::npos ? end : line.find(']', end) + 1);
        return mark;
    }
    return std::nullopt;
}

GitlabDecoder::Prefix GitlabDecoder::prefix(std::string_view line)
{
    constexpr size_t StampLength = 27; // 2021-01-01T01:00:00.020010Z
    constexpr size_t Length = StampLength + 5;
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (line.size() < Length - 1 || line[StampLength - 1] != 'Z' || line[StampLength] != ' '
        || !isHex(line[StampLength + 1]) || !isHex(line[StampLength + 2])
        || (line[StampLength + 3] != 'O' && line[StampLength + 3] != 'E'))
        return {};
    const auto stamp = readIsoStamp(line.substr(0, StampLength));
    if (!stamp || stamp->end != StampLength)
        return {};
    return {stamp->time, std::min(Length, line.size()), line[StampLength + 3]};
}

DecodedLine GitlabDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    DecodedLine decoded;
    decoded.payload = line;
    if (const Prefix found = prefix(line); found.length > 0) {
        decoded.time = found.time;
        decoded.stream = found.stream;
        decoded.payload.remove_prefix(found.length);
    } else if (!m_hasStamps) {
        size_t from = 0;
        while (const auto mark = nextGitlabMark(line, from)) {
            decoded.time = mark->time;
            from = mark->end;
        }
    }
    return decoded;
}

std::optional<SourceTime> GitlabDecoder::timeBefore(qint64 byteOffset) const
{
    if (m_hasStamps)
        return std::nullopt;
    const auto after = std::ranges::upper_bound(m_marks, byteOffset, {}, &SeenMark::byteOffset);
    return after == m_marks.begin() ? std::nullopt : std::optional(std::prev(after)->time);
}

} // namespace faultline
