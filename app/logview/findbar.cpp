// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/findbar.h"

#include "app/logview/savedsearches.h"
#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

#include <array>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QIcon swatch(const QColor &color)
{
    QPixmap pixmap(14, 14);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(1, 1, 12, 12), 3, 3);
    return pixmap;
}

/// A menu's '&' would be taken for a mnemonic, and a long text would fill the screen.
QString menuText(const QString &text, const QFontMetrics &metrics)
{
    constexpr int MostWidth = 320;
    return metrics.elidedText(text, Qt::ElideRight, MostWidth).replace(u'&', u"&&"_s);
}

} // namespace

FindBar::FindBar(SavedSearches *saved, QWidget *parent)
    : QWidget(parent)
    , m_saved(saved)
{
    setObjectName(u"findBar"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(4);
    m_edit = new QLineEdit(this);
    m_edit->setObjectName(u"findEdit"_s);
    m_edit->setClearButtonEnabled(true);
    m_edit->setMinimumWidth(80);
    m_edit->addAction(icon(u"search"_s), QLineEdit::LeadingPosition);
    row->addWidget(m_edit, 1);
    m_case = addButton({}, tr("Aa"), tr("Match case"), true);
    m_word = addButton({}, tr("Word"), tr("Whole words only"), true);
    m_regex = addButton({}, tr(".*"), tr("Regular expression"), true);
    m_combined = addButton({}, tr("and/or"),
                           tr("Several expressions, with and, or, not and parentheses between:\n"
                              "timeout or \"connection refused\" and not /retry \\d+/"),
                           true);
    m_all = addButton({}, tr("All logs"), tr("Search all logs, this one first"), true);
    m_case->setObjectName(u"findCase"_s);
    m_word->setObjectName(u"findWord"_s);
    m_regex->setObjectName(u"findRegex"_s);
    m_combined->setObjectName(u"findCombined"_s);
    m_all->setObjectName(u"findAll"_s);
    m_status = new QLabel(this);
    m_status->setObjectName(u"findStatus"_s);
    m_status->setMinimumWidth(fontMetrics().horizontalAdvance(u"999 of 999"_s));
    m_status->setAlignment(Qt::AlignCenter);
    row->addWidget(m_status);
    auto *previous = addButton(u"up"_s, tr("Previous match"), tr("Previous match (Shift+Enter)"), false);
    auto *next = addButton(u"down"_s, tr("Next match"), tr("Next match (Enter)"), false);
    auto *filterMenu = new QMenu(this);
    filterMenu->addAction(tr("Show only lines that match"), this, [this] { Q_EMIT filterWanted(false); })
        ->setObjectName(u"filterIn"_s);
    filterMenu->addAction(tr("Hide lines that match"), this, [this] { Q_EMIT filterWanted(true); })
        ->setObjectName(u"filterOut"_s);
    addMenuButton(u"filter"_s, tr("Filter"), tr("Make this search a filter"), filterMenu);
    auto *savedMenu = new QMenu(this);
    savedMenu->setObjectName(u"savedSearches"_s);
    connect(savedMenu, &QMenu::aboutToShow, this, [this, savedMenu] { fillSaved(savedMenu); });
    addMenuButton(u"star"_s, tr("Saved searches"), tr("Saved searches, which colour their matches"), savedMenu);
    auto *close = addButton(u"close"_s, tr("Close"), tr("Close (Esc)"), false);

    const auto tell = [this] {
        updateHint();
        Q_EMIT queryChanged();
    };
    updateHint();
    connect(m_edit, &QLineEdit::textChanged, this, tell);
    for (QToolButton *option : {m_case, m_word, m_regex, m_combined, m_all})
        connect(option, &QToolButton::toggled, this, tell);
    connect(previous, &QToolButton::clicked, this, [this] { Q_EMIT nextWanted(false); });
    connect(next, &QToolButton::clicked, this, [this] { Q_EMIT nextWanted(true); });
    connect(close, &QToolButton::clicked, this, &FindBar::closed);
    setFocusProxy(m_edit);
}

QSize FindBar::minimumSizeHint() const
{
    return {1, QWidget::minimumSizeHint().height()};
}

void FindBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    makeRoom();
}

/// What has no room goes, the least needed first; it comes back with the room.
void FindBar::makeRoom()
{
    const std::array<QWidget *, 4> lessNeeded{m_combined, m_word, m_case, m_status};
    for (QWidget *one : lessNeeded)
        one->show();
    for (QWidget *one : lessNeeded) {
        if (layout()->minimumSize().width() <= width())
            break;
        one->hide();
    }
}

QToolButton *FindBar::addButton(const QString &iconName, const QString &text, const QString &toolTip, bool isCheckable)
{
    auto *button = new QToolButton(this);
    button->setText(text);
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName));
    button->setAccessibleName(text);
    button->setToolTip(toolTip);
    button->setCheckable(isCheckable);
    button->setAutoRaise(true);
    layout()->addWidget(button);
    return button;
}

void FindBar::addMenuButton(const QString &iconName, const QString &name, const QString &toolTip, QMenu *menu)
{
    QToolButton *button = addButton(iconName, name, toolTip, false);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
}

void FindBar::fillSaved(QMenu *menu)
{
    menu->clear();
    qDeleteAll(menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly));
    QAction *save = menu->addAction(icon(u"star"_s), tr("Save this search"), this, [this] { m_saved->add(query()); });
    save->setObjectName(u"saveSearch"_s);
    save->setEnabled(SearchPlan::of(query()) && m_saved->indexOf(query()) < 0);
    if (m_saved->all().isEmpty())
        return;
    menu->addSeparator();
    const bool dark = isDark(palette());
    for (qsizetype i = 0; i < m_saved->all().size(); ++i) {
        const SavedSearch &saved = m_saved->all().at(i);
        auto *one = new QMenu(menuText(saved.name, fontMetrics()), menu);
        one->setIcon(swatch(SavedSearches::color(saved.color, dark)));
        one->addAction(tr("Search"), this, [this, query = saved.query] { setQuery(query); });
        QAction *marked = one->addAction(tr("Colour its matches"), m_saved,
                                         [this, i, on = !saved.isMarked] { m_saved->setMarked(i, on); });
        marked->setCheckable(true);
        marked->setChecked(saved.isMarked);
        QMenu *colors = one->addMenu(tr("Colour"));
        for (int color = 0; color < SavedSearches::Colors; ++color)
            colors->addAction(swatch(SavedSearches::color(color, dark)), tr("Colour %1").arg(color + 1), m_saved,
                              [this, i, color] { m_saved->setColor(i, color); });
        one->addSeparator();
        one->addAction(tr("Forget"), m_saved, [this, i] { m_saved->remove(i); });
        menu->addMenu(one);
    }
}

SearchQuery FindBar::query() const
{
    return {m_edit->text(), m_regex->isChecked(), m_case->isChecked(), m_word->isChecked(), m_combined->isChecked()};
}

void FindBar::setQuery(const SearchQuery &query)
{
    {
        const QSignalBlocker quiet(this);
        m_edit->setText(query.text);
        m_regex->setChecked(query.isRegex);
        m_case->setChecked(query.caseSensitive);
        m_word->setChecked(query.wholeWord);
        m_combined->setChecked(query.isCombined);
    }
    Q_EMIT queryChanged();
}

void FindBar::setText(const QString &text)
{
    m_edit->setText(text);
}

bool FindBar::searchesAll() const
{
    return m_all->isChecked();
}

void FindBar::setSearchesOne(bool one)
{
    m_all->setVisible(one);
    makeRoom();
    updateHint();
}

void FindBar::updateHint()
{
    const bool isAll = searchesAll() || m_all->isHidden();
    m_edit->setPlaceholderText(isAll ? tr("Find in all logs") : tr("Find in this log"));
}

void FindBar::open()
{
    show();
    m_edit->setFocus();
    m_edit->selectAll();
}

void FindBar::setStatus(const QString &status, bool isError, const QString &details)
{
    m_status->setText(status);
    m_status->setToolTip(details);
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, isError ? themeColors(palette()).failure : themeColors(palette()).faint);
    m_status->setPalette(colors);
    makeRoom();
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closed();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT nextWanted(!event->modifiers().testFlag(Qt::ShiftModifier));
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace faultline
