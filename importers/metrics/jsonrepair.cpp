// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/jsonrepair.h"

#include "models/core/translate.h"

#include <algorithm>

#include <simdjson.h>

namespace faultline {

namespace {

/// Deeper nesting is no metric's.
constexpr size_t MostDepth = 64;

Position positionOf(const QByteArray &text, qsizetype byteOffset)
{
    const auto end = text.cbegin() + byteOffset;
    const qsizetype lineStart = byteOffset > 0 ? text.lastIndexOf('\n', byteOffset - 1) : -1;
    return {std::count(text.cbegin(), end, '\n') + 1, byteOffset - lineStart, byteOffset};
}

struct Scan {
    QByteArray open;          ///< Closers still owed where the text ends.
    qsizetype lastWhole = -1; ///< Just past the last bracket that closed.
    QByteArray openThere;     ///< Closers owed at that place.
    bool inString = false;
    qsizetype firstControl = -1; ///< A control character within a string, which JSON forbids.
};

/// Follows brackets and strings; control characters within strings become blanks.
Scan scanBrackets(QByteArray &text)
{
    Scan scan;
    char *data = text.data();
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = data[i];
        if (scan.inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                scan.inString = false;
            if (static_cast<unsigned char>(c) < 0x20) {
                data[i] = ' ';
                if (scan.firstControl < 0)
                    scan.firstControl = i;
            }
            continue;
        }
        if (c == '"') {
            scan.inString = true;
        } else if (c == '{' || c == '[') {
            if (static_cast<size_t>(scan.open.size()) < MostDepth)
                scan.open.append(c == '{' ? '}' : ']');
        } else if (c == '}' || c == ']') {
            if (scan.open.endsWith(c))
                scan.open.chop(1);
            scan.lastWhole = i + 1;
            scan.openThere = scan.open;
        }
    }
    return scan;
}

} // namespace

qsizetype replaceBadUtf8(std::span<char> text)
{
    if (simdjson::validate_utf8(text.data(), text.size()))
        return -1;
    qsizetype first = -1;
    for (size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const size_t length = c < 0x80                ? 1
                              : c >= 0xC2 && c < 0xE0 ? 2
                              : c >= 0xE0 && c < 0xF0 ? 3
                              : c >= 0xF0 && c < 0xF5 ? 4
                                                      : 0;
        if (length > 0 && i + length <= text.size() && simdjson::validate_utf8(text.data() + i, length)) {
            i += length;
            continue;
        }
        if (first < 0)
            first = static_cast<qsizetype>(i);
        text[i++] = '?';
    }
    return first;
}

std::optional<JsonDamage> repairJson(QByteArray &text)
{
    std::optional<JsonDamage> damage;
    if (const qsizetype bad = replaceBadUtf8({text.data(), static_cast<size_t>(text.size())}); bad >= 0)
        damage = JsonDamage{Code::BadEncoding, positionOf(text, bad), tr("Bytes that are no UTF-8 were replaced")};
    Scan scan = scanBrackets(text);
    if (scan.firstControl >= 0 && !damage)
        damage =
            JsonDamage{Code::BadEncoding, positionOf(text, scan.firstControl), tr("Control characters were replaced")};
    if ((scan.open.isEmpty() && !scan.inString) || scan.lastWhole < 0)
        return damage;
    const Position end = positionOf(text, text.size());
    text.truncate(scan.lastWhole);
    std::ranges::reverse(scan.openThere);
    text.append(scan.openThere);
    return JsonDamage{Code::Truncated, end, tr("The text ends before its last bracket; what is whole was read")};
}

} // namespace faultline
