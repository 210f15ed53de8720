// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/filterbar.h"

#include "app/logview/logfilters.h"
#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace faultline {

FilterBar::FilterBar(LogFilters *filters, QWidget *parent)
    : QWidget(parent)
    , m_filters(filters)
{
    setObjectName(u"filterBar"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 4);
    row->setSpacing(6);
    m_chips = new QWidget(this);
    auto *chips = new QHBoxLayout(m_chips);
    chips->setContentsMargins(0, 0, 0, 0);
    chips->setSpacing(6);
    row->addWidget(m_chips);
    row->addStretch(1);
    m_status = new QLabel(this);
    m_status->setObjectName(u"filterStatus"_s);
    m_status->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_status);
    m_context = new QComboBox(this);
    m_context->setObjectName(u"filterContext"_s);
    m_context->setAccessibleName(tr("Lines around"));
    m_context->setToolTip(tr("How many lines are shown around each that the filters leave"));
    for (const int lines : {0, 1, 3, 10, 50})
        m_context->addItem(lines == 0 ? tr("No context") : tr("± %1 lines").arg(lines), lines);
    row->addWidget(m_context);
    auto *clear = new QToolButton(this);
    clear->setObjectName(u"clearFilters"_s);
    clear->setText(tr("Show all lines"));
    clear->setAutoRaise(true);
    row->addWidget(clear);
    connect(clear, &QToolButton::clicked, m_filters, &LogFilters::clear);
    connect(m_context, &QComboBox::activated, this,
            [this](int index) { m_filters->setContext(m_context->itemData(index).toInt()); });
    connect(m_filters, &LogFilters::changed, this, &FilterBar::refresh);
    refresh();
}

void FilterBar::refresh()
{
    setVisible(!m_filters->isEmpty());
    qDeleteAll(m_chips->findChildren<QToolButton *>(Qt::FindDirectChildrenOnly));
    constexpr int MostWidth = 260;
    for (size_t i = 0; i < m_filters->filters().size(); ++i) {
        const LogFilter &filter = m_filters->filters().at(i);
        auto *chip = new QToolButton(m_chips);
        chip->setObjectName(u"filterChip"_s);
        const QString text = filter.hides ? tr("without %1").arg(filter.label) : filter.label;
        chip->setText(fontMetrics().elidedText(text, Qt::ElideRight, MostWidth).replace(u'&', u"&&"_s));
        chip->setToolTip(tr("Drop this filter: %1").arg(text));
        chip->setAccessibleName(tr("Drop the filter: %1").arg(text));
        chip->setIcon(icon(u"close"_s));
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        chip->setLayoutDirection(Qt::RightToLeft); // the cross stands behind the text
        chip->setIconSize({12, 12});
        chip->setAutoRaise(true);
        m_chips->layout()->addWidget(chip);
        // Later: the button is deleted by what it does.
        connect(
            chip, &QToolButton::clicked, m_filters, [filters = m_filters, i] { filters->remove(i); },
            Qt::QueuedConnection);
    }
    m_context->setCurrentIndex(m_context->findData(m_filters->context()));
    if (m_filters->isRunning())
        m_status->setText(tr("Looking at the lines…"));
    else if (m_filters->shown())
        m_status->setText(m_filters->shown()->size() == 1
                              ? tr("1 line")
                              : tr("%1 lines").arg(QLocale().toString(m_filters->shown()->size())));
    m_status->setToolTip(m_filters->problems().join(u'\n'));
    if (!m_filters->problems().isEmpty())
        m_status->setText(tr("%1, not all were looked at").arg(m_status->text()));
}

} // namespace faultline
