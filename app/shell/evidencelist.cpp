// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/evidencelist.h"

#include "app/shell/evidencedelegate.h"

#include <QScrollBar>
#include <QWheelEvent>

using namespace Qt::StringLiterals;

namespace faultline {

EvidenceList::EvidenceList(QWidget *parent)
    : QListView(parent)
    , m_model(new EvidenceModel(this))
{
    setObjectName(u"evidenceList"_s);
    setModel(m_model);
    setItemDelegate(new EvidenceDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setResizeMode(QListView::Adjust);
    setMouseTracking(true);
    setSpacing(0);
    viewport()->setAutoFillBackground(false);
    setAccessibleName(tr("Evidence"));
    viewport()->setCursor(Qt::PointingHandCursor);
    connect(this, &QListView::clicked, this, &EvidenceList::activate);
    connect(this, &QListView::activated, this, &EvidenceList::activate);
    connect(m_model, &QAbstractItemModel::modelReset, this, &EvidenceList::fitHeight);
}

void EvidenceList::setRows(const Analysis &analysis, std::vector<EvidenceRef> rows, std::vector<EvidenceRef> against)
{
    m_model->setRows(analysis, std::move(rows), std::move(against));
}

void EvidenceList::setZone(ZoneShown zone)
{
    m_model->setZone(zone);
}

void EvidenceList::showPlace(int source, qint64 line)
{
    const int row = m_model->rowOf(source, line);
    if (row < 0)
        selectionModel()->clear();
    else
        setCurrentIndex(m_model->index(row));
}

QSize EvidenceList::sizeHint() const
{
    int height = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        height += sizeHintForRow(row);
    return {200, height};
}

QSize EvidenceList::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

void EvidenceList::resizeEvent(QResizeEvent *event)
{
    QListView::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        fitHeight();
}

void EvidenceList::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // the panel around scrolls
}

void EvidenceList::fitHeight()
{
    scheduleDelayedItemsLayout();
    setFixedHeight(sizeHint().height());
}

void EvidenceList::activate(const QModelIndex &index)
{
    if (index.isValid())
        Q_EMIT evidenceActivated(m_model->rows()[static_cast<size_t>(index.row())]);
}

} // namespace faultline
