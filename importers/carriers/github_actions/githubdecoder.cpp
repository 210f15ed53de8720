// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubdecoder.h"

#include "importers/core/headlines.h"
#include "importers/core/stamps.h"

namespace faultline {

GithubDecoder::GithubDecoder(bool hasColumns)
    : m_hasColumns(hasColumns)
{
}

size_t GithubDecoder::stampLength(std::string_view line)
{
    constexpr size_t Length = 28; // 2026-07-29T10:01:29.7638610Z
    if (line.size() < Length || line[10] != 'T' || line[19] != '.' || line[Length - 1] != 'Z')
        return 0;
    const auto stamp = readIsoStamp(line.substr(0, Length));
    if (!stamp || stamp->end != Length)
        return 0;
    return Length + (line.size() > Length && line[Length] == ' ' ? 1 : 0);
}

GithubDecoder::Columns GithubDecoder::columns(std::string_view line)
{
    const size_t first = line.find('\t');
    const size_t second = first == std::string_view::npos ? first : line.find('\t', first + 1);
    if (second == std::string_view::npos)
        return {};
    Columns columns{line.substr(0, first), line.substr(first + 1, second - first - 1), second + 1};
    if (line.substr(columns.end).starts_with(Utf8Bom)) // each step's log began with one
        columns.end += Utf8Bom.size();
    return columns;
}

DecodedLine GithubDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    if (m_hasColumns)
        line.remove_prefix(columns(line).end);
    if (line.starts_with(Utf8Bom))
        line.remove_prefix(Utf8Bom.size());
    DecodedLine decoded;
    if (const size_t length = stampLength(line); length > 0) {
        decoded.time = readIsoStamp(line)->time;
        line.remove_prefix(length);
    }
    decoded.payload = line;
    if (line.starts_with("##[")) {
        if (line.starts_with("##[error]"))
            decoded.level = Severity::Error;
        else if (line.starts_with("##[warning]"))
            decoded.level = Severity::Warning;
        else if (line.starts_with("##[debug]"))
            decoded.level = Severity::Debug;
    } else {
        decoded.level = statedLevel(line);
    }
    return decoded;
}

} // namespace faultline
