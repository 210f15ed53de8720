// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/linedecoder.h"

#include "models/evidence/controlbytes.h"
#include "models/evidence/terminalescape.h"

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

/// ECMA-48, 8.3, by the final byte.
TerminalEscape readControl(size_t length, char final, std::string_view parameters)
{
    constexpr int MostColumns = 1000;
    TerminalEscape escape{length};
    int count = 0;
    for (const char c : parameters.substr(0, 4))
        count = c >= '0' && c <= '9' ? count * 10 + (c - '0') : count;
    count = std::clamp(count, 1, MostColumns);
    switch (final) {
    case 'K':
        escape.erasesLine = parameters != "1";
        escape.erasesWholeLine = parameters == "2";
        break;
    case 'C': escape.forward = count; break;
    case 'D': escape.forward = -count; break;
    case 'G':
    case '`': escape.returns = count == 1; break;
    case 'A':
    case 'B':
    case 'E':
    case 'F':
    case 'H':
    case 'f':
    case 'd': escape.jumps = true; break;
    default: break;
    }
    return escape;
}

/// Text that grows in a buffer of the most bytes that it may have, and knows its last line.
class StrippedText
{
public:
    StrippedText(QByteArray &buffer, size_t most)
        : m_buffer(buffer)
    {
        m_buffer.resize(static_cast<qsizetype>(most));
        m_begin = m_end = m_lineStart = m_searched = m_buffer.data();
    }
    ~StrippedText() { m_buffer.truncate(m_end - m_begin); }
    Q_DISABLE_COPY_MOVE(StrippedText)

    void append(char c) { *m_end++ = c; }
    void append(std::string_view text)
    {
        std::memcpy(m_end, text.data(), text.size());
        m_end += text.size();
    }
    bool hasInLine() { return m_end > lineStart(); }
    bool endsWith(char c) const { return m_end > m_begin && m_end[-1] == c; }
    void clearLine() { m_end = m_searched = lineStart(); }
    void chopLine(qsizetype bytes)
    {
        m_end -= std::min<qsizetype>(bytes, m_end - lineStart());
        m_searched = m_end;
    }

private:
    /// Looked for where it is asked for, which most text does not: each byte once.
    char *lineStart()
    {
        if (void *const lineFeed = ::memrchr(m_searched, '\n', static_cast<size_t>(m_end - m_searched)))
            m_lineStart = static_cast<char *>(lineFeed) + 1;
        m_searched = m_end;
        return m_lineStart;
    }

    QByteArray &m_buffer;
    char *m_begin;
    char *m_end;
    char *m_lineStart;
    char *m_searched; ///< Where the last line begins is known up to here.
};

} // namespace

TerminalEscape readTerminalEscape(std::string_view text)
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
        return readControl(at + 1, text[at], parameters);
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

void stripTerminalControl(std::string_view bytes, bool keepOverwritten, QByteArray &into, const ControlSurvey *known)
{
    StrippedText text(into, bytes.size());
    bool returned = false; // a CR came, and nothing printed since
    const auto overwrite = [&] {
        if (returned && keepOverwritten && text.hasInLine())
            text.append('\r');
        else if (returned)
            text.clearLine();
        returned = false;
    };
    // Text that stands at another place of the screen is another word, though the line goes on.
    const auto move = [&](const TerminalEscape &escape) {
        if (escape.returns) {
            returned = true;
        } else if (escape.forward < 0) {
            if (!keepOverwritten && !returned)
                text.chopLine(-escape.forward);
        } else if ((escape.forward > 0 || escape.jumps) && text.hasInLine() && !text.endsWith(' ')) {
            text.append(' ');
        }
    };
    size_t passed = 0; // of the known
    const auto nextControl = [&](size_t at) {
        if (!known)
            return nextControlByteButLineFeed(bytes, at);
        while (passed < known->controls().size() && known->controls()[passed] < at)
            ++passed;
        return passed < known->controls().size() ? known->controls()[passed] : bytes.size();
    };
    for (size_t at = 0; at < bytes.size();) {
        // Most lines have no such byte: as many as there are go at once.
        const size_t end = nextControl(at);
        if (end > at) {
            if (bytes[at] == '\n')
                returned = false;
            overwrite();
            text.append(bytes.substr(at, end - at));
            at = end;
            continue;
        }
        switch (bytes[at]) {
        case '\r':
            returned = true;
            ++at;
            break;
        case '\b':
            if (!keepOverwritten && !returned)
                text.chopLine(1);
            ++at;
            break;
        case '\x1b': {
            const TerminalEscape escape = readTerminalEscape(bytes.substr(at));
            if (escape.erasesLine && !keepOverwritten && (returned || escape.erasesWholeLine)) {
                text.clearLine();
                returned = false;
            }
            move(escape);
            at += escape.length;
            break;
        }
        default: ++at;
        }
    }
}

QByteArray withoutTerminalControl(std::string_view bytes)
{
    if (nextControlByte(bytes, 0) == bytes.size())
        return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QByteArray result;
    stripTerminalControl(bytes, false, result);
    return result;
}

} // namespace faultline
