// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/correlationpanel.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QSaveFile>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Lets the names of metrics wrap behind their underscores.
class NameDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->text.replace(u'_', u"_\u200b"_s);
    }
};

} // namespace

CorrelationPanel::CorrelationPanel(QWidget *parent)
    : QWidget(parent)
    , m_model(new CorrelationModel(this))
    , m_sorted(new QSortFilterProxyModel(this))
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(CorrelationModel::SortRole);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(8, 4, 8, 4);
    m_title = new QLabel(this);
    m_title->setForegroundRole(QPalette::PlaceholderText);
    head->addWidget(m_title, 1);
    const auto button = [this, head](const QString &text, const QString &tip, auto slot) {
        auto *made = new QToolButton(this);
        made->setText(text);
        made->setToolTip(tip);
        made->setAutoRaise(true);
        connect(made, &QToolButton::clicked, this, slot);
        head->addWidget(made);
    };
    button(tr("Copy"), tr("Copy the table as Markdown"), &CorrelationPanel::copy);
    button(tr("Save…"), tr("Save the table as CSV"), &CorrelationPanel::save);
    column->addLayout(head);
    m_pages = new QStackedWidget(this);
    column->addWidget(m_pages, 1);
    m_empty = new QLabel(this);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(16);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_pages->addWidget(m_empty);
    m_view = new QTableView(this);
    m_view->setObjectName(u"correlationView"_s);
    m_view->setModel(m_sorted);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(-1, Qt::AscendingOrder);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->setWordWrap(true);
    m_view->setItemDelegateForColumn(CorrelationModel::SeriesColumn, new NameDelegate(m_view));
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(m_view->fontMetrics().height() + 8);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->setAccessibleName(tr("Correlation table"));
    m_pages->addWidget(m_view);
    const auto go = [this](const QModelIndex &index) {
        Q_EMIT peakActivated(index.data(CorrelationModel::SeriesRole).toInt(),
                             TimeNs{index.data(CorrelationModel::TimeRole).toLongLong()});
    };
    connect(m_view, &QTableView::clicked, this, go);
    connect(m_view, &QTableView::activated, this, go);
    setFocusProxy(m_view);
    setRange(std::nullopt);
    connect(m_model, &CorrelationModel::rankingAdded, this, &CorrelationPanel::fit);
}

void CorrelationPanel::setAnalysis(const Analysis &analysis)
{
    m_model->setAnalysis(analysis);
    fit();
}

void CorrelationPanel::setFailure(int failure)
{
    m_model->setFailure(failure);
    fit();
}

void CorrelationPanel::setRange(std::optional<TimeRange> range)
{
    m_hasRange = range.has_value();
    m_title->setText(range ? tr("What stood out in the chosen range") : tr("What stood out around the failure"));
    m_model->setRange(range);
    fit();
}

QString CorrelationPanel::emptyText() const
{
    if (m_hasRange)
        return tr("No metric stood out in the chosen range.\nEscape on the timeline drops it.");
    const QString none = tr("No metric stood out around this failure.");
    const QStringList unseen = m_model->unseen();
    return unseen.isEmpty()
               ? none
               : QString(none % u'\n'
                         % tr("That rules nothing out: between two samples the limit may have been reached by %1.")
                               .arg(unseen.join(u", "_s)));
}

void CorrelationPanel::fit()
{
    m_empty->setText(emptyText());
    m_pages->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    m_view->resizeColumnsToContents();
    // What it means is to be seen without scrolling: it and the names share what the peak and the lag leave, and wrap.
    const int shown = std::max(0, m_view->viewport()->width() - m_view->columnWidth(CorrelationModel::PeakColumn)
                                      - m_view->columnWidth(CorrelationModel::LagColumn));
    const int least = m_view->fontMetrics().averageCharWidth() * 14;
    const int series = std::min(m_view->columnWidth(CorrelationModel::SeriesColumn), std::max(least, shown * 45 / 100));
    m_view->setColumnWidth(CorrelationModel::SeriesColumn, series);
    m_view->setColumnWidth(
        CorrelationModel::MeaningColumn,
        std::min(m_view->columnWidth(CorrelationModel::MeaningColumn), std::max(least, shown - series)));
    m_view->resizeRowsToContents();
}

void CorrelationPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layout()->activate();
    fit();
}

std::vector<int> CorrelationPanel::order() const
{
    std::vector<int> rows;
    for (int row = 0; row < m_sorted->rowCount(); ++row)
        rows.push_back(m_sorted->mapToSource(m_sorted->index(row, 0)).row());
    return rows;
}

void CorrelationPanel::copy()
{
    QGuiApplication::clipboard()->setText(m_model->toMarkdown(order()));
    Q_EMIT message(tr("The table is on the clipboard, as Markdown"));
}

void CorrelationPanel::save()
{
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save the table"), u"correlation.csv"_s, tr("CSV (*.csv)"));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    const QByteArray bytes = m_model->toCsv(order()).toUtf8();
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        Q_EMIT message(tr("Saved %1").arg(path));
    else
        Q_EMIT message(tr("%1 could not be written: %2").arg(path, file.errorString()));
}

} // namespace faultline
