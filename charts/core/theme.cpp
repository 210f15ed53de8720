// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"

#include <QGuiApplication>
#include <QPalette>

#include <array>
#include <cmath>

namespace faultline {

namespace {

constexpr double TextRatio = 4.5; // WCAG 2.1 AA, 1.4.3
constexpr double MarkRatio = 3.0; // WCAG 2.1 AA, 1.4.11

// Okabe and Ito's palette, darkened for light grounds and lightened for dark ones.
constexpr std::array<QRgb, 8> LightSeries{0xff0072b2, 0xffc85200, 0xff00856a, 0xffa8458c,
                                          0xff8f6a00, 0xff1f8fc6, 0xff5a4fb0, 0xff5f666d};
constexpr std::array<QRgb, 8> DarkSeries{0xff56b4e9, 0xffff9a4d, 0xff2fcf9f, 0xffe38fc4,
                                         0xffe8c33a, 0xff8fd0ff, 0xffb3a8ff, 0xffb9c0c8};

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QColor pick(bool dark, QRgb light, QRgb onDark)
{
    return QColor::fromRgb(dark ? onDark : light);
}

} // namespace

double contrastRatio(const QColor &a, const QColor &b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor mixed(const QColor &a, const QColor &b, double share)
{
    const auto channel = [share](float x, float y) { return static_cast<float>(x + (y - x) * share); };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()),
                            channel(a.blueF(), b.blueF()));
}

QColor readable(const QColor &color, const QColor &ground, double ratio)
{
    const QColor towards = contrastRatio(Qt::white, ground) > contrastRatio(Qt::black, ground) ? Qt::white : Qt::black;
    for (int step = 0; step < 20; ++step) {
        const QColor tried = mixed(color, towards, step / 20.0);
        if (contrastRatio(tried, ground) >= ratio)
            return tried;
    }
    return towards;
}

QColor Theme::shade(QColor color, double opacity)
{
    color.setAlphaF(static_cast<float>(opacity));
    return color;
}

QColor Theme::textOn(const QColor &fill)
{
    return contrastRatio(Qt::white, fill) >= contrastRatio(Qt::black, fill) ? QColor(Qt::white) : QColor(Qt::black);
}

Theme Theme::of(const QPalette &palette, const QFont &font)
{
    Theme theme;
    theme.ground = palette.color(QPalette::Base);
    theme.dark = luminance(theme.ground) < 0.18;
    const bool dark = theme.dark;
    theme.text = readable(palette.color(QPalette::Text), theme.ground, 7);
    theme.panel = mixed(theme.ground, theme.text, dark ? 0.055 : 0.04);
    theme.stripe = mixed(theme.ground, theme.text, dark ? 0.022 : 0.018);
    theme.mutedText = readable(mixed(theme.text, theme.ground, 0.36), theme.panel, TextRatio + 0.3);
    theme.grid = mixed(theme.ground, theme.text, dark ? 0.12 : 0.1);
    theme.border = mixed(theme.ground, theme.text, dark ? 0.24 : 0.2);
    theme.accent = readable(palette.color(QPalette::Highlight), theme.panel, MarkRatio);
    theme.cursor = readable(mixed(theme.accent, theme.text, 0.35), theme.panel, MarkRatio);
    theme.failure = readable(pick(dark, 0xffc4161c, 0xffff6e66), theme.panel, TextRatio);
    theme.limit = readable(pick(dark, 0xffa84300, 0xffffa25c), theme.panel, TextRatio);
    theme.baseline = readable(pick(dark, 0xff00785f, 0xff3fcf9f), theme.panel, MarkRatio);
    theme.spike = pick(dark, 0xffe69f00, 0xffffc233);
    theme.tooltipGround = dark ? QColor(0x2b, 0x31, 0x39) : QColor(0x24, 0x29, 0x2f);
    theme.tooltipText = QColor(0xf4, 0xf6, 0xf8);
    theme.font = font;
    theme.smallFont = font;
    if (font.pointSizeF() > 0)
        theme.smallFont.setPointSizeF(std::max(7.5, font.pointSizeF() * 0.88));
    else
        theme.smallFont.setPixelSize(std::max(10, font.pixelSize() * 7 / 8));
    theme.boldFont = font;
    theme.boldFont.setWeight(QFont::DemiBold);
    return theme;
}

QPalette Theme::palette(bool dark)
{
    const QColor ground = pick(dark, 0xffffffff, 0xff15181c);
    const QColor window = pick(dark, 0xfff3f4f6, 0xff1d2126);
    const QColor text = pick(dark, 0xff1b1f24, 0xffe8ebef);
    QPalette palette(text, window, mixed(window, Qt::white, 0.3), mixed(window, Qt::black, 0.4),
                     mixed(window, Qt::black, 0.2), text, ground);
    palette.setColor(QPalette::Base, ground);
    palette.setColor(QPalette::Highlight, pick(dark, 0xff0b62c4, 0xff4c9aff));
    palette.setColor(QPalette::HighlightedText, pick(dark, 0xffffffff, 0xff0b0d10));
    palette.setColor(QPalette::ToolTipBase, pick(dark, 0xff24292f, 0xff2b3139));
    palette.setColor(QPalette::ToolTipText, QColor(0xf4, 0xf6, 0xf8));
    palette.setColor(QPalette::PlaceholderText, mixed(text, ground, 0.4));
    return palette;
}

Theme Theme::plain(bool dark)
{
    QFont font = QGuiApplication::font();
    font.setPointSizeF(9.5);
    return of(palette(dark), font);
}

QColor Theme::series(int index) const
{
    const auto &colors = dark ? DarkSeries : LightSeries;
    const auto at = static_cast<size_t>(index < 0 ? 0 : index) % colors.size();
    return readable(QColor::fromRgb(colors[at]), ground, MarkRatio);
}

QColor Theme::severity(Severity severity) const
{
    switch (severity) {
    case Severity::Debug: return readable(pick(dark, 0xff78818b, 0xff8b95a1), ground, MarkRatio);
    case Severity::Info: return readable(pick(dark, 0xff0072b2, 0xff56b4e9), ground, MarkRatio);
    case Severity::Warning: return readable(pick(dark, 0xffb36b00, 0xfff0b429), ground, MarkRatio);
    case Severity::Error: return readable(pick(dark, 0xffcf3a12, 0xffff7a59), ground, MarkRatio);
    case Severity::Fatal: return readable(pick(dark, 0xff97125f, 0xffff7ac1), ground, MarkRatio);
    }
    return text;
}

QColor Theme::outcome(Outcome outcome) const
{
    switch (outcome) {
    case Outcome::Passed: return readable(pick(dark, 0xff00856a, 0xff2fcf9f), ground, MarkRatio);
    case Outcome::Failed: return failure;
    case Outcome::Skipped: return readable(pick(dark, 0xff78818b, 0xff8b95a1), ground, MarkRatio);
    case Outcome::Cancelled: return readable(pick(dark, 0xff8f6a00, 0xffe8c33a), ground, MarkRatio);
    case Outcome::Unknown: return readable(pick(dark, 0xff4c6f92, 0xff7fa6cf), ground, MarkRatio);
    }
    return text;
}

QColor Theme::node(NodeState state) const
{
    switch (state) {
    case NodeState::Answered: return accent;
    case NodeState::Open: return readable(pick(dark, 0xff8f6a00, 0xffe8c33a), ground, MarkRatio);
    case NodeState::Confirmed: return failure;
    case NodeState::Likely: return readable(pick(dark, 0xffc85200, 0xffff9a4d), ground, MarkRatio);
    case NodeState::Possible: return readable(pick(dark, 0xff8f6a00, 0xffe8c33a), ground, MarkRatio);
    case NodeState::RuledOut:
    case NodeState::NotReached: return readable(mixed(text, ground, 0.5), ground, MarkRatio);
    }
    return text;
}

QColor Theme::edge(EdgeState state) const
{
    switch (state) {
    case EdgeState::Taken: return accent;
    case EdgeState::Open: return readable(pick(dark, 0xff8f6a00, 0xffe8c33a), ground, MarkRatio);
    case EdgeState::NotTaken:
    case EdgeState::RuledOut: return readable(mixed(text, ground, 0.55), ground, MarkRatio);
    }
    return text;
}

} // namespace faultline
