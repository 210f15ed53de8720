// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/findbar.h"

#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace faultline {

FindBar::FindBar(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"findBar"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(4);
    m_edit = new QLineEdit(this);
    m_edit->setObjectName(u"findEdit"_s);
    m_edit->setPlaceholderText(tr("Find in this log"));
    m_edit->setClearButtonEnabled(true);
    m_edit->addAction(icon(u"search"_s), QLineEdit::LeadingPosition);
    row->addWidget(m_edit, 1);
    m_case = addButton({}, tr("Aa"), tr("Match case"), true);
    m_regex = addButton({}, tr(".*"), tr("Regular expression"), true);
    m_status = new QLabel(this);
    m_status->setObjectName(u"findStatus"_s);
    m_status->setMinimumWidth(fontMetrics().horizontalAdvance(u"1,234,567 of 2,000,000"_s));
    m_status->setAlignment(Qt::AlignCenter);
    row->addWidget(m_status);
    auto *previous = addButton(u"up"_s, tr("Previous match"), tr("Previous match (Shift+Enter)"), false);
    auto *next = addButton(u"down"_s, tr("Next match"), tr("Next match (Enter)"), false);
    auto *close = addButton(u"close"_s, tr("Close"), tr("Close (Esc)"), false);

    connect(m_edit, &QLineEdit::textChanged, this, [this] { Q_EMIT queryChanged(query()); });
    connect(m_case, &QToolButton::toggled, this, [this] { Q_EMIT queryChanged(query()); });
    connect(m_regex, &QToolButton::toggled, this, [this] { Q_EMIT queryChanged(query()); });
    connect(previous, &QToolButton::clicked, this, [this] { Q_EMIT nextWanted(false); });
    connect(next, &QToolButton::clicked, this, [this] { Q_EMIT nextWanted(true); });
    connect(close, &QToolButton::clicked, this, &FindBar::closed);
    setFocusProxy(m_edit);
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

SearchQuery FindBar::query() const
{
    return {m_edit->text(), m_regex->isChecked(), m_case->isChecked()};
}

void FindBar::setText(const QString &text)
{
    m_edit->setText(text);
}

void FindBar::open()
{
    show();
    m_edit->setFocus();
    m_edit->selectAll();
}

void FindBar::setStatus(const QString &status, bool isError)
{
    m_status->setText(status);
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, isError ? themeColors(palette()).failure : themeColors(palette()).faint);
    m_status->setPalette(colors);
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
