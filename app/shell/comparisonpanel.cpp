// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/comparisonpanel.h"

#include "app/report/reportcomparison.h"
#include "app/settings/icons.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

ComparisonPanel::ComparisonPanel(QWidget *parent)
    : QWidget(parent)
    , m_model(new ComparisonModel(this))
    , m_pages(new QStackedWidget(this))
    , m_view(new QTreeView(this))
{
    setObjectName(u"comparisonPanel"_s);
    m_view->setObjectName(u"comparisonView"_s);
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformRowHeights(true);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->setIndentation(14);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->header()->setHighlightSections(false);
    m_view->header()->setStretchLastSection(true);
    m_view->setAccessibleName(tr("Comparison"));
    auto *filled = new QWidget(this);
    auto *column = new QVBoxLayout(filled);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    column->addWidget(m_view, 1);
    m_pages->addWidget(buildEmpty());
    m_pages->addWidget(filled);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_pages);
    setFocusProxy(m_view);
    connect(m_view, &QTreeView::clicked, this, &ComparisonPanel::go);
    connect(m_view, &QTreeView::activated, this, &ComparisonPanel::go);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ComparisonPanel::fit);
}

QWidget *ComparisonPanel::buildEmpty()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 16, 16, 16);
    auto *text =
        new QLabel(tr("Compare with a run of the same job that passed: what is new, gone, slower or off its course "
                      "stands here, and what that run bore as well is no cause."),
                   page);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignCenter);
    text->setForegroundRole(QPalette::PlaceholderText);
    auto *row = new QHBoxLayout;
    auto *folder = new QPushButton(icon(u"open-folder"_s), tr("Its folder…"), page);
    folder->setObjectName(u"compareFolderButton"_s);
    auto *files = new QPushButton(icon(u"open-file"_s), tr("Its files…"), page);
    row->addStretch(1);
    row->addWidget(folder);
    row->addWidget(files);
    row->addStretch(1);
    column->addStretch(1);
    column->addWidget(text);
    column->addSpacing(8);
    column->addLayout(row);
    column->addStretch(1);
    connect(folder, &QPushButton::clicked, this, &ComparisonPanel::folderWanted);
    connect(files, &QPushButton::clicked, this, &ComparisonPanel::filesWanted);
    return page;
}

QWidget *ComparisonPanel::buildHead()
{
    auto *head = new QWidget(this);
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins(10, 6, 8, 6);
    column->setSpacing(4);
    auto *row = new QHBoxLayout;
    m_title = new QLabel(head);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setForegroundRole(QPalette::PlaceholderText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_title->setObjectName(u"comparisonTitle"_s);
    m_title->installEventFilter(this);
    row->addWidget(m_title, 1);
    m_all = new QCheckBox(tr("Also what is the same"), head);
    m_all->setObjectName(u"alsoTheSame"_s);
    m_all->setToolTip(tr("Shows all steps and tests of both runs, in the order of this one"));
    row->addWidget(m_all);
    auto *other = new QToolButton(head);
    other->setText(tr("Another…"));
    other->setToolTip(tr("Compare with another run"));
    other->setAutoRaise(true);
    row->addWidget(other);
    auto *none = new QToolButton(head);
    none->setIcon(icon(u"close"_s));
    none->setToolTip(tr("Compare with nothing"));
    none->setAccessibleName(tr("Compare with nothing"));
    none->setAutoRaise(true);
    row->addWidget(none);
    column->addLayout(row);
    m_warnings = new QLabel(head);
    m_warnings->setTextFormat(Qt::PlainText);
    m_warnings->setWordWrap(true);
    m_warnings->setObjectName(u"comparisonWarnings"_s);
    column->addWidget(m_warnings);
    connect(m_all, &QCheckBox::toggled, this, [this](bool all) { m_model->setOnlyDifferences(!all); });
    connect(other, &QToolButton::clicked, this, &ComparisonPanel::folderWanted);
    connect(none, &QToolButton::clicked, this, &ComparisonPanel::nothingWanted);
    return head;
}

void ComparisonPanel::setAnalysis(const Analysis &analysis)
{
    m_model->setAnalysis(analysis);
    m_pages->setCurrentIndex(analysis.comparison ? 1 : 0);
    if (!analysis.comparison)
        return;
    const ReportComparison words = reportComparison(analysis);
    const QString start = analysis.comparison->alignedAt;
    m_titleText = start.isEmpty() ? tr("Compared with %1").arg(words.with)
                                  : tr("Compared with %1, from the start of %2").arg(words.with, start);
    elideTitle();
    m_title->setToolTip(analysis.comparison->baselinePaths.join(u'\n').toHtmlEscaped());
    m_warnings->setText(analysis.comparison->warnings.join(u'\n'));
    m_warnings->setVisible(!analysis.comparison->warnings.isEmpty());
}

void ComparisonPanel::elideTitle()
{
    m_title->setText(m_title->fontMetrics().elidedText(m_titleText, Qt::ElideRight, m_title->width()));
}

bool ComparisonPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_title && event->type() == QEvent::Resize)
        elideTitle();
    return QWidget::eventFilter(watched, event);
}

void ComparisonPanel::fit()
{
    constexpr int MostRowsOpen = 12; ///< Longer sections are there to be opened.
    m_view->setColumnWidth(ComparisonModel::WhatColumn, std::max(220, m_view->width() * 48 / 100));
    for (const int column : {ComparisonModel::DifferenceColumn, ComparisonModel::BeforeColumn})
        m_view->setColumnWidth(column, std::max(110, m_view->width() * 17 / 100));
    bool isFirst = true;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex section = m_model->index(row, 0);
        m_view->setFirstColumnSpanned(row, {}, true);
        if (isFirst || m_model->rowCount(section) <= MostRowsOpen)
            m_view->expand(section);
        isFirst = false;
    }
}

void ComparisonPanel::go(const QModelIndex &index)
{
    const int source = index.data(ComparisonModel::SourceRole).toInt();
    const int series = index.data(ComparisonModel::SeriesRole).toInt();
    const int profile = index.data(ComparisonModel::ProfileRole).toInt();
    const qint64 line = index.data(ComparisonModel::LineRole).toLongLong();
    if (!index.parent().isValid())
        return;
    if (series >= 0)
        Q_EMIT sampleActivated(series, TimeNs{index.data(ComparisonModel::TimeRole).toLongLong()});
    else if (profile >= 0)
        Q_EMIT profileActivated(source, profile);
    else if (source >= 0 && line > 0)
        Q_EMIT lineActivated(source, line);
}

} // namespace faultline
