// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/section.h"

#include "app/settings/icons.h"

#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

Section::Section(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_head(new QToolButton(this))
    , m_content(new QWidget(this))
    , m_layout(new QVBoxLayout(m_content))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    m_head->setObjectName(u"sectionHead"_s);
    m_head->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_head->setAutoRaise(true);
    m_head->setCheckable(true);
    m_head->setChecked(true);
    m_head->setIconSize({12, 12});
    QFont font = m_head->font();
    font.setWeight(QFont::DemiBold);
    m_head->setFont(font);
    column->addWidget(m_head, 0, Qt::AlignLeft);
    column->addWidget(m_content);
    m_layout->setContentsMargins(0, 0, 0, 4);
    m_layout->setSpacing(4);
    connect(m_head, &QToolButton::toggled, this, &Section::setOpen);
    setTitle(title);
    setOpen(true);
}

void Section::setTitle(const QString &title)
{
    m_head->setText(title);
}

void Section::setOpen(bool open)
{
    m_head->setChecked(open);
    m_head->setIcon(icon(open ? u"down"_s : u"right"_s));
    m_content->setVisible(open);
}

bool Section::isOpen() const
{
    return m_head->isChecked();
}

void Section::clear()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // a signal of it may be on the stack
        }
        delete item;
    }
}

} // namespace faultline
