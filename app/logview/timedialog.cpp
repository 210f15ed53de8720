// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/timedialog.h"

#include "app/settings/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

TimeDialog::TimeDialog(const MomentContext &context, QWidget *parent)
    : QDialog(parent)
    , m_context(context)
    , m_edit(new QLineEdit(this))
    , m_meaning(new QLabel(this))
{
    setObjectName(u"timeDialog"_s);
    setWindowTitle(tr("Go to time"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 14);
    column->setSpacing(8);
    m_edit->setObjectName(u"timeEdit"_s);
    m_edit->setAccessibleName(tr("Moment"));
    m_edit->setMinimumWidth(380);
    m_edit->setPlaceholderText(context.near ? dateTimeText(*context.near, context.zone) : u"2026-05-04 10:03:11"_s);
    column->addWidget(m_edit);
    m_meaning->setObjectName(u"timeMeaning"_s);
    m_meaning->setTextFormat(Qt::PlainText);
    m_meaning->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_meaning->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(m_meaning);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_go = buttons->addButton(tr("Go"), QDialogButtonBox::AcceptRole);
    m_go->setDefault(true);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (!m_moment)
            return;
        Q_EMIT chosen(*m_moment);
        accept();
    });
    connect(m_edit, &QLineEdit::textChanged, this, &TimeDialog::understand);
    understand();
}

void TimeDialog::understand()
{
    m_moment = momentOf(m_edit->text(), m_context);
    m_go->setEnabled(m_moment.has_value());
    const bool isEmpty = m_edit->text().trimmed().isEmpty();
    QString text;
    if (m_moment) {
        text = dateTimeText(*m_moment, m_context.zone);
        if (m_context.failure)
            text += u'\n' + tr("%1 from the failure").arg(sinceText(*m_moment - *m_context.failure));
    } else if (isEmpty) {
        text = m_context.failure ? tr("A time of day, a date and time, or T-38s: before the failure")
                                 : tr("A time of day, or a date and time");
    } else {
        text = tr("Not understood. 10:03:11, 2026-05-04 10:03, T-38s and T+1m30s would be.");
    }
    m_meaning->setText(text);
    QPalette colors = palette();
    const ThemeColors &theme = themeColors(palette());
    colors.setColor(QPalette::WindowText, m_moment || isEmpty ? theme.faint : theme.failure);
    m_meaning->setPalette(colors);
}

} // namespace faultline
