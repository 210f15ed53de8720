// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/commandpalette.h"

#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int PaletteWidth = 560;
constexpr int PaletteHeight = 420;
constexpr int ActionRole = Qt::UserRole + 1;
constexpr int ShortcutRole = Qt::UserRole + 2;

/// "View › Theme › Dark": where an action stands says what it is about.
QString actionTitle(const QAction *action)
{
    QString text = action->text();
    text.remove(u'&');
    for (const QObject *object : action->associatedObjects()) {
        const auto *menu = qobject_cast<const QMenu *>(object);
        if (!menu || menu->title().isEmpty())
            continue;
        QString title = menu->title();
        title.remove(u'&');
        return title % u" \u203a " % text;
    }
    return text;
}

class ActionDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColors &colors = themeColors(option.palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(colors.accentGround);
            painter->drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 5, 5);
        }
        const QRect row = option.rect.adjusted(12, 0, -12, 0);
        index.data(Qt::DecorationRole).value<QIcon>().paint(painter, QRect(row.left(), row.center().y() - 8, 16, 16));
        painter->setPen(option.palette.color(QPalette::Text));
        painter->drawText(row.adjusted(26, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                          index.data(Qt::DisplayRole).toString());
        painter->setPen(colors.faint);
        painter->drawText(row, Qt::AlignVCenter | Qt::AlignRight, index.data(ShortcutRole).toString());
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {100, option.fontMetrics.height() + 14};
    }
};

} // namespace

int fuzzyScore(const QString &typed, const QString &text)
{
    int score = 0;
    qsizetype at = 0;
    qsizetype last = -2;
    for (const QChar wanted : typed) {
        if (wanted.isSpace())
            continue;
        const qsizetype found = text.indexOf(wanted, at, Qt::CaseInsensitive);
        if (found < 0)
            return -1;
        // The start of a word further on is what the letter was more likely meant for.
        qsizetype best = found;
        for (qsizetype i = found; i >= 0 && last + 1 != found; i = text.indexOf(wanted, i + 1, Qt::CaseInsensitive)) {
            if (i == 0 || !text.at(i - 1).isLetterOrNumber()) {
                best = i;
                break;
            }
        }
        const bool isWordStart = best == 0 || !text.at(best - 1).isLetterOrNumber();
        score += best == last + 1 ? 8 : isWordStart ? 6 : 1;
        last = best;
        at = best + 1;
    }
    return score * 100 - static_cast<int>(std::min<qsizetype>(text.size(), 99));
}

CommandPalette::CommandPalette(QWidget *parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_edit(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_model(new QStandardItemModel(this))
{
    setObjectName(u"commandPalette"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    m_edit->setObjectName(u"commandEdit"_s);
    m_edit->setPlaceholderText(tr("What do you want to do?"));
    m_edit->addAction(icon(u"command"_s), QLineEdit::LeadingPosition);
    m_edit->setMinimumHeight(34);
    column->addWidget(m_edit);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ActionDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list, 1);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_edit, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
}

void CommandPalette::open(const QList<QAction *> &actions)
{
    m_actions.clear();
    for (QAction *action : actions) {
        if (action->isEnabled() && !action->isSeparator() && !action->menu() && !action->text().isEmpty())
            m_actions.append(action);
    }
    m_edit->clear();
    fill();
    const QWidget *over = parentWidget();
    const QSize size(qMin(PaletteWidth, over->width() - 40), qMin(PaletteHeight, over->height() - 80));
    setGeometry(QRect(over->mapToGlobal(QPoint((over->width() - size.width()) / 2, over->height() / 8)), size));
    show();
    m_edit->setFocus();
}

void CommandPalette::fill()
{
    const QString typed = m_edit->text().trimmed();
    struct Found {
        int score;
        QString title;
        QAction *action;
    };
    std::vector<Found> found;
    for (const auto &action : std::as_const(m_actions)) {
        if (!action)
            continue;
        const QString title = actionTitle(action);
        const int score = typed.isEmpty() ? 0 : fuzzyScore(typed, title);
        if (typed.isEmpty() || score >= 0)
            found.push_back({score, title, action});
    }
    std::ranges::stable_sort(found, std::ranges::greater(), &Found::score);
    m_model->clear();
    for (const Found &item : found) {
        auto *row = new QStandardItem(item.title);
        row->setIcon(item.action->icon().isNull() && item.action->isChecked() ? icon(u"passed"_s)
                                                                              : item.action->icon());
        row->setData(QVariant::fromValue(static_cast<void *>(item.action)), ActionRole);
        row->setData(item.action->shortcut().toString(QKeySequence::NativeText), ShortcutRole);
        m_model->appendRow(row);
    }
    m_list->setCurrentIndex(m_model->index(0, 0));
}

void CommandPalette::runCurrent()
{
    const QModelIndex index = m_list->currentIndex();
    auto *action = index.isValid() ? static_cast<QAction *>(index.data(ActionRole).value<void *>()) : nullptr;
    hide();
    if (action && m_actions.contains(action))
        action->trigger();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_edit || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    const int rows = m_model->rowCount();
    int row = m_list->currentIndex().row();
    if (key == Qt::Key_Down)
        row = rows > 0 ? (row + 1) % rows : -1;
    else if (key == Qt::Key_Up)
        row = rows > 0 ? (row - 1 + rows) % rows : -1;
    else if (key == Qt::Key_PageDown)
        row = qMin(row + 8, rows - 1);
    else if (key == Qt::Key_PageUp)
        row = qMax(row - 8, 0);
    else
        return QDialog::eventFilter(watched, event);
    m_list->setCurrentIndex(m_model->index(row, 0));
    return true;
}

} // namespace faultline
