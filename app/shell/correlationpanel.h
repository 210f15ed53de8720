// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/correlationmodel.h"

#include <QWidget>

class QLabel;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace faultline {

/// The correlation table of the failure in hand: a row goes to its peak; the table can be copied and saved.
class CorrelationPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit CorrelationPanel(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    void setFailure(int failure);
    void setRange(std::optional<TimeRange> range);
    void setZone(ZoneShown zone) { m_model->setZone(zone); }
    QTableView *view() const { return m_view; }

Q_SIGNALS:
    void peakActivated(int series, faultline::TimeNs time);
    void message(const QString &text);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    /// Columns and rows as wide and high as the panel has room for.
    void fit();
    QString emptyText() const;
    void copy();
    void save();
    std::vector<int> order() const;

    CorrelationModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QLabel *m_title;
    QLabel *m_empty;
    QStackedWidget *m_pages;
    QTableView *m_view;
    bool m_hasRange = false;
};

} // namespace faultline
