// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubdecoder.h"

#include "importers/core/headlines.h"
#include "importers/core/stamps.h"

namespace faultline {

GithubDecoder::GithubDecoder(bool hasColumns)
    : m_hasColumns(hasColumns)
{
}

GithubDecoder::Prefix GithubDecoder::readStamp(std::string_view line)
{
    constexpr size_t Length = 28; // 2026-07-29T10:01:29.7638610Z
    constexpr std::string_view Shape = "dddd-dd-ddTdd:dd:dd.dddddddZ";
    if (line.size() < Length)
        return {};
    const char *text = line.data();
    bool fits = true; // looked at once at the end: the loop has no branch
    for (size_t i = 0; i < Length; ++i)
        fits &= Shape[i] == 'd' ? static_cast<unsigned char>(text[i] - '0') <= 9 : text[i] == Shape[i];
    if (!fits)
        return {};
    const auto number = [text](size_t from, size_t count) {
        int value = 0;
        for (size_t i = from; i < from + count; ++i)
            value = value * 10 + (text[i] - '0');
        return value;
    };
    const auto ns = civilNs(number(0, 4), number(5, 2), number(8, 2), number(11, 2), number(14, 2), number(17, 2),
                            qint64{number(20, 7)} * 100);
    if (!ns)
        return {};
    return {SourceTime{*ns}, Length + (line.size() > Length && line[Length] == ' ' ? 1 : 0)};
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
    if (const Prefix prefix = readStamp(line); prefix.length > 0) {
        decoded.time = prefix.time;
        line.remove_prefix(prefix.length);
    }
    decoded.payload = line;
    if (line.starts_with("##[")) {
        if (line.starts_with("##[error]"))
            decoded.level = Severity::Error;
        else if (line.starts_with("##[warning]"))
            decoded.level = Severity::Warning;
        else if (line.starts_with("##[debug]"))
            decoded.level = Severity::Debug;
        else
            decoded.level = Severity::Info;
    }
    return decoded;
}

} // namespace faultline
