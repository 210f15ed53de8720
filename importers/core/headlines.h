// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

#include <string_view>
#include <vector>

namespace faultline {

inline constexpr std::string_view Utf8Bom = "\xef\xbb\xbf";

/// A line without BOM (at the start of the source) and the CR of CR LF.
inline std::string_view bareLine(std::string_view line, qint64 byteOffset)
{
    if (byteOffset == 0 && line.starts_with(Utf8Bom))
        line.remove_prefix(Utf8Bom.size());
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

/// The whole lines of a head, bare, at most `most`; a last one that the head may have cut is left out unless it is the only one.
std::vector<std::string_view> headLines(const SourceHead &head, size_t most = 400);

/// Whether the head looks like text: no NUL, few control characters.
bool looksLikeText(const SourceHead &head);

/// The last part of the name, lower case.
QByteArray fileName(const SourceHead &head);

} // namespace faultline
