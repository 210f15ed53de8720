// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/annotationspanel.h"

#include "app/settings/icons.h"
#include "app/shell/annotationdelegate.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

AnnotationsPanel::AnnotationsPanel(QWidget *parent)
    : QWidget(parent)
    , m_model(new AnnotationsModel(this))
    , m_found(new QSortFilterProxyModel(this))
    , m_search(new QLineEdit(this))
    , m_pages(new QStackedWidget(this))
    , m_empty(new QLabel(this))
    , m_view(new QListView(this))
{
    setObjectName(u"annotationsPanel"_s);
    m_found->setSourceModel(m_model);
    m_found->setFilterRole(AnnotationsModel::SearchRole);
    m_found->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_search->setObjectName(u"annotationSearch"_s);
    m_search->setPlaceholderText(tr("Search notes"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(u"search"_s), QLineEdit::LeadingPosition);
    auto *add = new QToolButton(this);
    add->setIcon(icon(u"note"_s));
    add->setToolTip(tr("Write a note at the cursor (N)"));
    add->setAccessibleName(tr("Write a note"));
    add->setAutoRaise(true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(16);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_view->setObjectName(u"annotationList"_s);
    m_view->setModel(m_found);
    m_view->setItemDelegate(new AnnotationDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setMouseTracking(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setResizeMode(QListView::Adjust);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setAccessibleName(tr("Notes"));
    m_view->installEventFilter(this);
    m_pages->addWidget(m_view);
    m_pages->addWidget(m_empty);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(8, 6, 8, 4);
    head->addWidget(m_search, 1);
    head->addWidget(add);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_pages, 1);
    setFocusProxy(m_view);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_found->setFilterFixedString(text.trimmed());
        updatePages();
    });
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (m_found->rowCount() > 0)
            go(m_found->index(0, 0));
    });
    connect(add, &QToolButton::clicked, this, &AnnotationsPanel::addWanted);
    connect(m_view, &QListView::clicked, this, &AnnotationsPanel::go);
    connect(m_view, &QListView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT editWanted(index.data(AnnotationsModel::IdRole).toLongLong()); });
    connect(m_view, &QListView::customContextMenuRequested, this, &AnnotationsPanel::showMenu);
    updatePages();
}

void AnnotationsPanel::setAnalysis(const Analysis &analysis)
{
    const qint64 id = current();
    const int scrolled = m_view->verticalScrollBar()->value();
    m_model->setAnalysis(analysis);
    showNote(id);
    m_view->verticalScrollBar()->setValue(scrolled);
    updatePages();
}

void AnnotationsPanel::showNote(qint64 id)
{
    if (const QModelIndex index = m_found->mapFromSource(m_model->indexOf(id)); index.isValid())
        m_view->setCurrentIndex(index);
}

qint64 AnnotationsPanel::current() const
{
    return m_view->currentIndex().data(AnnotationsModel::IdRole).toLongLong();
}

void AnnotationsPanel::go(const QModelIndex &index)
{
    m_view->setCurrentIndex(index);
    Q_EMIT activated(m_model->note(m_found->mapToSource(index)));
}

void AnnotationsPanel::showMenu(QPoint position)
{
    const QModelIndex index = m_view->indexAt(position);
    if (!index.isValid())
        return;
    const qint64 id = index.data(AnnotationsModel::IdRole).toLongLong();
    QMenu menu(this);
    menu.addAction(tr("Go to it"), this, [this, index] { go(index); });
    menu.addAction(tr("Edit…"), this, [this, id] { Q_EMIT editWanted(id); });
    menu.addAction(tr("Delete"), this, [this, id] { Q_EMIT removeWanted(id); });
    menu.exec(m_view->viewport()->mapToGlobal(position));
}

void AnnotationsPanel::updatePages()
{
    const bool isEmpty = m_model->rowCount() == 0;
    m_empty->setText(isEmpty ? tr("No notes yet. Press N in the log, on the timeline or on a question to write one.")
                             : tr("No note has these words."));
    m_pages->setCurrentWidget(m_found->rowCount() == 0 ? static_cast<QWidget *>(m_empty) : m_view);
    m_search->setEnabled(!isEmpty);
}

bool AnnotationsPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress && m_view->currentIndex().isValid()) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Delete) {
            Q_EMIT removeWanted(current());
            return true;
        }
        if (key == Qt::Key_F2 || key == Qt::Key_Return || key == Qt::Key_Enter) {
            Q_EMIT editWanted(current());
            return true;
        }
        if (key == Qt::Key_Space) {
            go(m_view->currentIndex());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace faultline
