// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/timelinecorner.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace faultline {

TimelineCorner::TimelineCorner(QWidget *parent)
    : QWidget(parent)
    , m_filter(new QLineEdit(this))
    , m_series(new QToolButton(this))
    , m_axis(new QPushButton(this))
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(8, 3, 6, 2);
    rows->setSpacing(2);
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    rows->addLayout(row);
    m_filter->setObjectName(u"trackFilter"_s);
    m_filter->setPlaceholderText(tr("Filter tracks"));
    m_filter->setAccessibleName(tr("Filter tracks"));
    m_filter->setClearButtonEnabled(true);
    row->addWidget(m_filter, 1);
    m_series->setObjectName(u"chooseSeries"_s);
    m_series->setText(tr("Series…"));
    m_series->setToolTip(tr("Choose the series that have a track"));
    m_series->setAutoRaise(true);
    row->addWidget(m_series);
    m_axis->setObjectName(u"axisTimes"_s);
    m_axis->setFlat(true);
    m_axis->setStyleSheet(
        u"QPushButton { text-align: left; border: none; background: transparent; padding: 1px 2px; }"_s);
    m_axis->setToolTip(tr("What the axis tells"));
    m_axis->setAccessibleName(tr("What the axis tells"));
    m_axis->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    rows->addWidget(m_axis);
    auto *menu = new QMenu(m_axis);
    auto *group = new QActionGroup(menu);
    for (const auto &[text, times] :
         {std::pair(tr("Time of day, UTC"), Times::Utc), std::pair(tr("Time of day, local"), Times::Local),
          std::pair(tr("Time since the failure"), Times::SinceFailure)}) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        group->addAction(action);
        m_times.append(action);
        connect(action, &QAction::triggered, this, [this, times] { Q_EMIT timesWanted(times); });
    }
    m_axis->setMenu(menu);
    connect(m_filter, &QLineEdit::textChanged, this, &TimelineCorner::filterChanged);
    connect(m_series, &QToolButton::clicked, this, &TimelineCorner::seriesWanted);
}

void TimelineCorner::setAxis(const QString &text, Times shown, bool canTellSince)
{
    m_axis->setText(text);
    m_times[static_cast<int>(shown)]->setChecked(true);
    m_times[static_cast<int>(Times::SinceFailure)]->setEnabled(canTellSince);
}

} // namespace faultline
