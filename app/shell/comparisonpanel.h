// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/comparisonmodel.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QStackedWidget;
class QTreeView;

namespace faultline {

/// The comparison with a run that passed; where there is none, the way to choose one.
class ComparisonPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit ComparisonPanel(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    ComparisonModel *model() const { return m_model; }
    QTreeView *view() const { return m_view; }

Q_SIGNALS:
    void lineActivated(int source, qint64 line);
    void sampleActivated(int series, faultline::TimeNs time);
    void profileActivated(int source, int profile);
    /// A person wants to compare with a folder, or with files.
    void folderWanted();
    void filesWanted();
    /// A person wants to compare with nothing.
    void nothingWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void elideTitle();
    QWidget *buildEmpty();
    QWidget *buildHead();
    void go(const QModelIndex &index);
    void fit();

    ComparisonModel *m_model;
    QStackedWidget *m_pages;
    QLabel *m_title = nullptr;
    QString m_titleText; ///< Whole.
    QLabel *m_warnings = nullptr;
    QCheckBox *m_all = nullptr;
    QTreeView *m_view;
};

} // namespace faultline
