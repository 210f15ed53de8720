// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/stylesheet.h"

#include "app/settings/theme.h"

using namespace Qt::StringLiterals;

namespace faultline {

QString windowStyleSheet(const QPalette &palette)
{
    const ThemeColors &colors = themeColors(palette);
    QString sheet = uR"(
QMainWindow::separator { background: %border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: %accent; }
QSplitter::handle { background: %border; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: %accent; }
QMenuBar { background: %window; border-bottom: 1px solid %border; padding: 1px 4px; }
QMenuBar::item { padding: 5px 9px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: %quietGround; }
QMenu { background: %surface; border: 1px solid %border; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 8px; border-radius: 5px; }
QMenu::icon { padding-left: 6px; }
QMenu::item:selected { background: %accentGround; color: %text; }
QMenu::item:disabled { color: %faint; }
QMenu::separator { height: 1px; background: %border; margin: 4px 6px; }
QToolBar { background: %window; border: none; border-bottom: 1px solid %border; padding: 3px 6px; spacing: 2px; }
QToolBar::separator { background: %border; width: 1px; margin: 5px 5px; }
QToolBar QToolButton { padding: 4px; border-radius: 6px; border: 1px solid transparent; }
QToolBar QToolButton:focus { border-color: %accent; }
QToolBar QToolButton:hover { background: %quietGround; }
QToolBar QToolButton:pressed { background: %accentGround; }
QToolButton#commandButton { padding: 4px 10px; border: 1px solid %border; background: %surface; color: %faint; }
QStatusBar { background: %window; border-top: 1px solid %border; }
QStatusBar::item { border: none; }
QDockWidget { font-weight: 600; titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: %window; padding: 6px 12px; border-bottom: 1px solid %border; text-align: left; }
QTabBar { background: %window; }
QTabBar::tab { background: transparent; color: %faint; padding: 6px 14px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: %text; border-bottom: 2px solid %accent; }
QTabBar::tab:hover:!selected { color: %text; }
QFrame#card { background: %surface; border: 1px solid %border; border-radius: 7px; }
QLabel#command { background: %alternate; border: 1px solid %border; border-radius: 5px; padding: 5px 7px; }
QToolButton#sectionHead { color: %faint; border: 1px solid transparent; border-radius: 5px; padding: 2px 1px; background: transparent; }
QToolButton#sectionHead:focus { border-color: %accent; }
QToolButton#sectionHead:hover { color: %text; }
QPushButton { background: %surface; border: 1px solid %mid; border-radius: 6px; padding: 5px 12px; }
QPushButton:hover { background: %quietGround; }
QPushButton:pressed { background: %accentGround; }
QPushButton:focus { border: 1px solid %accent; }
QPushButton:disabled { color: %faint; border-color: %border; }
QPushButton#recentButton { text-align: left; padding: 6px 10px; border: none; border-radius: 6px; background: transparent; }
QPushButton#recentButton:hover, QPushButton#recentButton:focus { background: %quietGround; }
QComboBox { background: %surface; border: 1px solid %mid; border-radius: 6px; padding: 3px 8px; combobox-popup: 0; }
QComboBox:hover { background: %quietGround; }
QComboBox:focus { border-color: %accent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/faultline/icons/combo-arrow.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: %surface; border: 1px solid %border; outline: none; selection-background-color: %accentGround; selection-color: %text; }
QProgressBar#loadingBar { border: none; border-radius: 4px; background: %quietGround; }
QProgressBar#loadingBar::chunk { border-radius: 4px; background: %accent; }
QWidget#findBar { background: %window; border-top: 1px solid %border; }
QWidget#findBar QToolButton, QWidget#logHead QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 3px 5px; }
QWidget#findBar QToolButton:focus, QWidget#logHead QToolButton:focus { border-color: %accent; }
QWidget#findBar QToolButton:hover, QWidget#logHead QToolButton:hover { background: %quietGround; }
QWidget#findBar QToolButton:checked, QWidget#logHead QToolButton:checked { background: %accentGround; }
QWidget#findBar QToolButton::menu-indicator, QWidget#logHead QToolButton::menu-indicator { image: none; width: 0; }
QToolButton#filterChip { background: %accentGround; border: 1px solid transparent; border-radius: 10px; padding: 1px 7px; }
QToolButton#filterChip:focus { border-color: %accent; }
QToolButton#filterChip:hover { background: %quietGround; }
QDialog#commandPalette { background: %surface; border: 1px solid %mid; }
QLineEdit#commandEdit { border: none; border-bottom: 1px solid %border; background: transparent; padding: 2px 4px; }
QDialog#commandPalette QListView { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QHeaderView::section { background: %window; color: %faint; border: none; border-bottom: 1px solid %border; padding: 4px 8px; }
QScrollBar:vertical { background: transparent; width: 13px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 13px; margin: 0; }
QScrollBar::handle { background: %mid; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: %faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTreeView#sourcesView { selection-background-color: transparent; }
QTreeView#sourcesView, QScrollArea#diagnosisPanel, QScrollArea#diagnosisPanel > QWidget > QWidget { background: %window; }
QListView#causeList, QListView#evidenceList { background: transparent; }
QToolTip { color: %tipText; background: %tip; border: 1px solid %border; padding: 4px; }
)"_s;
    // Longer names first: %accent would eat the start of %accentGround.
    const std::pair<QString, QColor> values[] = {{u"%accentGround"_s, colors.accentGround},
                                                 {u"%quietGround"_s, colors.quietGround},
                                                 {u"%alternate"_s, palette.color(QPalette::AlternateBase)},
                                                 {u"%tipText"_s, palette.color(QPalette::ToolTipText)},
                                                 {u"%surface"_s, colors.surface},
                                                 {u"%border"_s, colors.border},
                                                 {u"%accent"_s, colors.accent},
                                                 {u"%window"_s, palette.color(QPalette::Window)},
                                                 {u"%faint"_s, colors.faint},
                                                 {u"%text"_s, palette.color(QPalette::WindowText)},
                                                 {u"%tip"_s, palette.color(QPalette::ToolTipBase)},
                                                 {u"%mid"_s, palette.color(QPalette::Mid)}};
    for (const auto &[name, color] : values)
        sheet.replace(name, color.name());
    return sheet;
}

} // namespace faultline
