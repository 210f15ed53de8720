// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/theme.h"

#include "app/settings/windowstyle.h"

#include <QApplication>
#include <QPointer>
#include <QStyleHints>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QPalette makePalette(bool dark)
{
    const auto pick = [dark](QRgb light, QRgb darkColor) { return QColor(dark ? darkColor : light); };
    QPalette palette;
    palette.setColor(QPalette::Window, pick(0xfff5f6f8, 0xff1b1e23));
    palette.setColor(QPalette::WindowText, pick(0xff1c2128, 0xffe4e7eb));
    palette.setColor(QPalette::Base, pick(0xffffffff, 0xff14161a));
    palette.setColor(QPalette::AlternateBase, pick(0xfff7f8fa, 0xff191c21));
    palette.setColor(QPalette::Text, pick(0xff1c2128, 0xffe4e7eb));
    palette.setColor(QPalette::Button, pick(0xffeef0f3, 0xff292d34));
    palette.setColor(QPalette::ButtonText, pick(0xff1c2128, 0xffe4e7eb));
    palette.setColor(QPalette::BrightText, pick(0xffb42318, 0xffff8f86));
    palette.setColor(QPalette::Highlight, pick(0xff3b55d9, 0xff4a63e0));
    palette.setColor(QPalette::HighlightedText, QColor(0xffffffff));
    palette.setColor(QPalette::Accent, pick(0xff3b55d9, 0xff8ea2ff));
    palette.setColor(QPalette::Link, pick(0xff2a48c8, 0xff9db0ff));
    palette.setColor(QPalette::LinkVisited, pick(0xff6b3fa0, 0xffc7a6ff));
    palette.setColor(QPalette::ToolTipBase, pick(0xff24292f, 0xff2d323a));
    palette.setColor(QPalette::ToolTipText, pick(0xffffffff, 0xffe4e7eb));
    palette.setColor(QPalette::PlaceholderText, pick(0xff667180, 0xff8d97a5));
    palette.setColor(QPalette::Light, pick(0xffffffff, 0xff3a4048));
    palette.setColor(QPalette::Midlight, pick(0xffeaecef, 0xff30353d));
    palette.setColor(QPalette::Mid, pick(0xffc5cbd3, 0xff454c56));
    palette.setColor(QPalette::Dark, pick(0xffa3abb6, 0xff0e1013));
    palette.setColor(QPalette::Shadow, pick(0xff6d7682, 0xff000000));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, pick(0xff9aa3ae, 0xff666f7b));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, pick(0xffc9cfd8, 0xff3a4048));
    return palette;
}

void usePalette(QApplication &application, ThemeMode mode)
{
    const bool dark =
        mode == ThemeMode::Dark
        || (mode == ThemeMode::System && application.styleHints()->colorScheme() == Qt::ColorScheme::Dark);
    application.setPalette(makePalette(dark));
}

} // namespace

bool isDark(const QPalette &palette)
{
    // By the text: style sheets make grounds transparent, which reads as black.
    return palette.color(QPalette::WindowText).lightnessF() > 0.5F;
}

const ThemeColors &themeColors(const QPalette &palette)
{
    return themeColors(isDark(palette));
}

const ThemeColors &themeColors(bool dark)
{
    static const ThemeColors Light{.faint = QColor(0xff5b6572),
                                   .border = QColor(0xffd9dde3),
                                   .surface = QColor(0xffffffff),
                                   .accent = QColor(0xff3b55d9),
                                   .failure = QColor(0xffc0262d),
                                   .failureGround = QColor(0xfffdecec),
                                   .warning = QColor(0xff8a5a00),
                                   .warningGround = QColor(0xfffff4d6),
                                   .good = QColor(0xff1a7040),
                                   .goodGround = QColor(0xffe2f5e9),
                                   .quiet = QColor(0xff4d5765),
                                   .quietGround = QColor(0xffe9ecf0),
                                   .accentGround = QColor(0xffe9edff),
                                   .findGround = QColor(0xffffe08a)};
    static const ThemeColors Dark{.faint = QColor(0xff9aa4b1),
                                  .border = QColor(0xff31363e),
                                  .surface = QColor(0xff22262c),
                                  .accent = QColor(0xff8ea2ff),
                                  .failure = QColor(0xffff8078),
                                  .failureGround = QColor(0xff43201f),
                                  .warning = QColor(0xffe8b84a),
                                  .warningGround = QColor(0xff3a2f14),
                                  .good = QColor(0xff5fd08a),
                                  .goodGround = QColor(0xff17372a),
                                  .quiet = QColor(0xffb4bdc9),
                                  .quietGround = QColor(0xff333840),
                                  .accentGround = QColor(0xff272e52),
                                  .findGround = QColor(0xff6b5414)};
    return dark ? Dark : Light;
}

void applyTheme(QApplication &application, ThemeMode mode)
{
    static QMetaObject::Connection follow;
    QObject::disconnect(follow);
    // Where a style sheet is set, the application's style is another one around ours: it is set once.
    static QPointer<WindowStyle> style;
    if (!style) {
        style = new WindowStyle;
        QApplication::setStyle(style);
    }
    // The scheme dresses what the platform draws itself (title bars, dialogs); not every platform takes it, hence our own palette.
    application.styleHints()->setColorScheme(mode == ThemeMode::System ? Qt::ColorScheme::Unknown
                                             : mode == ThemeMode::Dark ? Qt::ColorScheme::Dark
                                                                       : Qt::ColorScheme::Light);
    usePalette(application, mode);
    if (mode == ThemeMode::System) {
        follow = QObject::connect(application.styleHints(), &QStyleHints::colorSchemeChanged, &application,
                                  [&application] { usePalette(application, ThemeMode::System); });
    }
}

} // namespace faultline
