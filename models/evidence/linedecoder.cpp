// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/linedecoder.h"

#include <algorithm>
#include <cstring>

namespace faultline {

namespace {

/// Console notes of Jenkins: base64 hidden between "conceal" and "reset" (hudson.console.ConsoleNote, PREAMBLE and POSTAMBLE).
constexpr std::string_view JenkinsNote = "\x1b[8mha:";
constexpr std::string_view JenkinsNoteEnd = "\x1b[0m";

constexpr bool isBetween(char c, int low, int high)
{
    const int value = static_cast<unsigned char>(c);
    return value >= low && value <= high;
}

struct Escape {
    size_t length = 1;
    bool erasesLine = false;      ///< EL: to the end of the line, or all of it.
    bool erasesWholeLine = false; ///< EL 2.
};

/// ECMA-48: CSI, strings (OSC, DCS, SOS, PM, APC) and two-byte sequences. `text` starts with ESC; no sequence goes past LF.
Escape readEscape(std::string_view text)
{
    if (text.size() < 2)
        return {text.size()};
    if (text.starts_with(JenkinsNote)) {
        const size_t end = text.find(JenkinsNoteEnd, JenkinsNote.size());
        if (end < text.find('\n'))
            return {end + JenkinsNoteEnd.size()};
    }
    const char kind = text[1];
    if (kind == '[') {
        size_t at = 2;
        while (at < text.size() && isBetween(text[at], 0x30, 0x3f))
            ++at;
        const std::string_view parameters = text.substr(2, at - 2);
        while (at < text.size() && isBetween(text[at], 0x20, 0x2f))
            ++at;
        if (at >= text.size() || !isBetween(text[at], 0x40, 0x7e))
            return {at};
        const bool erases = text[at] == 'K' && parameters != "1";
        return {at + 1, erases, erases && parameters == "2"};
    }
    if (std::strchr("]PX^_", kind) && kind != '\0') {
        for (size_t at = 2; at < text.size(); ++at) {
            if (text[at] == '\a')
                return {at + 1};
            if (text[at] == '\n')
                return {at};
            if (text[at] == '\x1b')
                return {at + (at + 1 < text.size() && text[at + 1] == '\\' ? 2 : 0)};
        }
        return {text.size()};
    }
    size_t at = 1;
    while (at < text.size() && isBetween(text[at], 0x20, 0x2f))
        ++at;
    return {at + (at < text.size() && isBetween(text[at], 0x30, 0x7e) ? 1 : 0)};
}

/// Where the next byte that is not plain text stands.
size_t nextControl(std::string_view bytes, size_t from)
{
    const auto found = std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), [](char c) {
        const auto value = static_cast<unsigned char>(c);
        return (value < 0x20 && c != '\t') || value == 0x7f;
    });
    return static_cast<size_t>(found - bytes.begin());
}

} // namespace

void stripTerminalControl(std::string_view bytes, bool keepOverwritten, QByteArray &into)
{
    into.resize(0);
    into.reserve(static_cast<qsizetype>(bytes.size()));
    qsizetype lineStart = 0;
    bool returned = false; // a CR came, and nothing printed since
    const auto overwrite = [&] {
        if (returned && keepOverwritten && into.size() > lineStart)
            into.append('\r');
        else if (returned)
            into.truncate(lineStart);
        returned = false;
    };
    for (size_t at = 0; at < bytes.size();) {
        if (const size_t end = nextControl(bytes, at); end > at) {
            overwrite();
            into.append(bytes.data() + at, static_cast<qsizetype>(end - at));
            at = end;
            continue;
        }
        switch (bytes[at]) {
        case '\n':
            into.append('\n');
            lineStart = into.size();
            returned = false;
            ++at;
            break;
        case '\r':
            returned = true;
            ++at;
            break;
        case '\b':
            if (!keepOverwritten && !returned && into.size() > lineStart)
                into.chop(1);
            ++at;
            break;
        case '\x1b': {
            const Escape escape = readEscape(bytes.substr(at));
            if (escape.erasesLine && !keepOverwritten && (returned || escape.erasesWholeLine)) {
                into.truncate(lineStart);
                returned = false;
            }
            at += escape.length;
            break;
        }
        default: ++at;
        }
    }
}

QByteArray withoutTerminalControl(std::string_view bytes)
{
    if (nextControl(bytes, 0) == bytes.size())
        return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QByteArray result;
    stripTerminalControl(bytes, false, result);
    return result;
}

} // namespace faultline
