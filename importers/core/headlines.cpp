// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/headlines.h"

#include <simdjson.h>

#include <algorithm>

namespace faultline {

std::vector<std::string_view> headLines(const SourceHead &head, size_t most)
{
    std::vector<std::string_view> lines;
    const std::string_view all(head.bytes.constData(), static_cast<size_t>(head.bytes.size()));
    for (size_t from = 0; from < all.size() && lines.size() < most;) {
        const size_t end = all.find('\n', from);
        const bool cut = end == std::string_view::npos && head.size > head.bytes.size();
        if (cut && !lines.empty())
            break;
        lines.push_back(bareLine(all.substr(from, std::min(end, all.size()) - from), static_cast<qint64>(from)));
        from = end == std::string_view::npos ? all.size() : end + 1;
    }
    return lines;
}

bool looksLikeText(const SourceHead &head)
{
    const auto isOdd = [](char c) {
        const auto value = static_cast<unsigned char>(c);
        return value < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\x1b' && c != '\a' && c != '\b'
               && c != '\f';
    };
    const auto odd = std::ranges::count_if(head.bytes, isOdd);
    if (odd * 20 <= head.bytes.size())
        return true;
    // Whole UTF-8 in lines is text, whatever control characters are in it.
    return odd * 10 <= head.bytes.size() && head.bytes.contains('\n')
           && simdjson::validate_utf8(head.bytes.constData(), static_cast<size_t>(head.bytes.size()));
}

QByteArray fileName(const SourceHead &head)
{
    return head.name.sliced(head.name.lastIndexOf(QLatin1Char('/')) + 1).toLower().toUtf8();
}

} // namespace faultline
