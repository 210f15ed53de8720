// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/ansitext.h"

#include "models/evidence/controlbytes.h"
#include "models/evidence/terminalescape.h"

#include <algorithm>
#include <array>
#include <utility>

namespace faultline {

namespace {

constexpr size_t MostParameters = 32;
constexpr int MostParameter = 65535;

/// Keeps the text that withoutTerminalControl() keeps, and notes what it looks like. Spans count in bytes until the end.
struct Parser {
    std::string_view bytes;
    AnsiText result;
    AnsiSpan look; ///< start and length unused
    qsizetype spanStart = 0;
    qsizetype lineStart = 0;
    bool returned = false; ///< A CR came, and nothing printed since.

    void run();
    void escape(const TerminalEscape &escape, std::string_view sequence);
    void selectFrom(std::string_view sequence);
    void select(const std::vector<int> &parameters);
    static int extendedColor(const std::vector<int> &parameters, size_t &index);
    void setLook(const AnsiSpan &next);
    void flush();
    void cutTo(qsizetype size);
    void countInUtf16();
};

void Parser::run()
{
    for (size_t at = 0; at < bytes.size();) {
        if (const size_t end = nextControlByte(bytes, at); end > at) {
            if (std::exchange(returned, false))
                cutTo(lineStart);
            result.text.append(bytes.data() + at, static_cast<qsizetype>(end - at));
            at = end;
            continue;
        }
        const char c = bytes[at];
        if (c == '\x1b') {
            const TerminalEscape found = readTerminalEscape(bytes.substr(at));
            escape(found, bytes.substr(at, found.length));
            at += found.length;
            continue;
        }
        if (c == '\n') {
            result.text.append('\n');
            lineStart = result.text.size();
            returned = false;
        } else if (c == '\r') {
            returned = true;
        } else if (c == '\b' && !returned && result.text.size() > lineStart) {
            cutTo(result.text.size() - 1);
        }
        ++at;
    }
    flush();
    countInUtf16();
}

void Parser::escape(const TerminalEscape &escape, std::string_view sequence)
{
    if (escape.erasesLine && (returned || escape.erasesWholeLine)) {
        cutTo(lineStart);
        returned = false;
    }
    const qsizetype written = result.text.size() - lineStart;
    if (escape.returns)
        returned = true;
    else if (escape.forward < 0 && !returned)
        cutTo(result.text.size() - std::min<qsizetype>(-escape.forward, written));
    else if ((escape.forward > 0 || escape.jumps) && written > 0 && !result.text.endsWith(' '))
        result.text.append(' ');
    if (sequence.starts_with("\x1b[") && sequence.ends_with('m'))
        selectFrom(sequence.substr(2, sequence.size() - 3));
}

void Parser::selectFrom(std::string_view sequence)
{
    std::vector<int> parameters{0};
    for (const char c : sequence) {
        if (c >= '0' && c <= '9')
            parameters.back() = std::min(parameters.back() * 10 + (c - '0'), MostParameter);
        else if ((c == ';' || c == ':') && parameters.size() < MostParameters)
            parameters.push_back(0);
        else
            return; // private
    }
    select(parameters);
}

int Parser::extendedColor(const std::vector<int> &parameters, size_t &index)
{
    static constexpr std::array Levels = {0, 95, 135, 175, 215, 255};
    const auto rgb = [](int r, int g, int b) {
        return AnsiSpan::FirstRgb + (std::clamp(r, 0, 255) << 16 | std::clamp(g, 0, 255) << 8 | std::clamp(b, 0, 255));
    };
    if (index + 2 < parameters.size() && parameters[index + 1] == 5) {
        const int color = std::clamp(parameters[index + 2], 0, 255);
        index += 2;
        if (color < 16)
            return color;
        if (color >= 232) {
            const int grey = 8 + (color - 232) * 10;
            return rgb(grey, grey, grey);
        }
        const auto cube = static_cast<size_t>(color - 16);
        return rgb(Levels[cube / 36], Levels[cube / 6 % 6], Levels[cube % 6]);
    }
    if (index + 4 < parameters.size() && parameters[index + 1] == 2) {
        const int color = rgb(parameters[index + 2], parameters[index + 3], parameters[index + 4]);
        index += 4;
        return color;
    }
    index = parameters.size();
    return -1;
}

void Parser::select(const std::vector<int> &parameters)
{
    AnsiSpan next = look;
    for (size_t i = 0; i < parameters.size(); ++i) {
        const int code = parameters[i];
        if (code == 0)
            next = {};
        else if (code == 1)
            next.bold = true;
        else if (code == 2)
            next.faint = true;
        else if (code == 3)
            next.italic = true;
        else if (code == 4)
            next.underline = true;
        else if (code == 22)
            next.bold = next.faint = false;
        else if (code == 23)
            next.italic = false;
        else if (code == 24)
            next.underline = false;
        else if (code >= 30 && code <= 37)
            next.foreground = code - 30;
        else if (code == 38)
            next.foreground = extendedColor(parameters, i);
        else if (code == 39)
            next.foreground = -1;
        else if (code >= 40 && code <= 47)
            next.background = code - 40;
        else if (code == 48)
            next.background = extendedColor(parameters, i);
        else if (code == 49)
            next.background = -1;
        else if (code >= 90 && code <= 97)
            next.foreground = code - 90 + 8;
        else if (code >= 100 && code <= 107)
            next.background = code - 100 + 8;
    }
    setLook(next);
}

void Parser::setLook(const AnsiSpan &next)
{
    if (next.sameLook(look))
        return;
    flush();
    look = next;
}

void Parser::flush()
{
    if (result.text.size() > spanStart && !look.isPlain()) {
        AnsiSpan span = look;
        span.start = static_cast<int>(spanStart);
        span.length = static_cast<int>(result.text.size() - spanStart);
        result.spans.push_back(span);
    }
    spanStart = result.text.size();
}

/// What was overwritten is gone, with its looks.
void Parser::cutTo(qsizetype size)
{
    flush();
    result.text.truncate(size);
    spanStart = size;
    std::erase_if(result.spans, [size](const AnsiSpan &span) { return span.start >= size; });
    if (!result.spans.empty())
        result.spans.back().length =
            std::min(result.spans.back().length, static_cast<int>(size) - result.spans.back().start);
}

/// A lead byte begins a unit; four-byte characters take two.
void Parser::countInUtf16()
{
    int units = 0;
    qsizetype at = 0;
    const auto unitsBefore = [&](qsizetype end) {
        for (; at < end; ++at) {
            const auto byte = static_cast<unsigned char>(result.text[at]);
            units += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
        }
        return units;
    };
    for (AnsiSpan &span : result.spans) {
        const qsizetype end = span.start + span.length;
        span.start = unitsBefore(span.start);
        span.length = unitsBefore(end) - span.start;
    }
}

} // namespace

bool AnsiSpan::sameLook(const AnsiSpan &other) const
{
    return foreground == other.foreground && background == other.background && bold == other.bold
           && faint == other.faint && italic == other.italic && underline == other.underline;
}

bool AnsiSpan::isPlain() const
{
    return sameLook({});
}

AnsiText parseAnsi(std::string_view bytes)
{
    Parser parser;
    parser.bytes = bytes;
    parser.run();
    return std::move(parser.result);
}

QColor ansiColor(int color, bool darkGround)
{
    static constexpr std::array<QRgb, 16> OnLight = {
        0xff1f2328, 0xffb3202b, 0xff116329, 0xff7d4e00, 0xff0a4fb0, 0xff8250a8, 0xff136a75, 0xff57606a,
        0xff4a525b, 0xffc5303a, 0xff1a7f37, 0xff8a5a00, 0xff1763c6, 0xff9a3fb5, 0xff17777f, 0xff3a4149};
    static constexpr std::array<QRgb, 16> OnDark = {
        0xff8b949e, 0xffff7b72, 0xff5fd07a, 0xffe3b341, 0xff79b8ff, 0xffd2a8ff, 0xff56d4dd, 0xffc9d1d9,
        0xff9aa4af, 0xffffa198, 0xff85e89d, 0xfff2cc60, 0xffa5d0ff, 0xffe2c5ff, 0xff8ae8ef, 0xffffffff};
    if (color >= 0 && color < 16)
        return QColor(darkGround ? OnDark[static_cast<size_t>(color)] : OnLight[static_cast<size_t>(color)]);
    const QColor wanted(QRgb(0xff000000u | static_cast<quint32>(color - AnsiSpan::FirstRgb)));
    float hue = 0;
    float saturation = 0;
    float lightness = 0;
    wanted.getHslF(&hue, &saturation, &lightness);
    lightness = darkGround ? std::max(lightness, 0.62F) : std::min(lightness, 0.40F);
    return QColor::fromHslF(std::max(hue, 0.0F), saturation, lightness);
}

} // namespace faultline
