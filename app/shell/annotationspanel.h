// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/annotationsmodel.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStackedWidget;

namespace faultline {

/// The case's notes with a search. A click goes to what a note is on; F2, Enter or a double click edits it, Delete deletes it.
class AnnotationsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit AnnotationsPanel(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    void setZone(ZoneShown zone) { m_model->setZone(zone); }
    /// Chooses a note in the list; emits no signal.
    void showNote(qint64 id);
    AnnotationsModel *model() const { return m_model; }
    QListView *view() const { return m_view; }
    QLineEdit *search() const { return m_search; }

Q_SIGNALS:
    void activated(const faultline::PlacedAnnotation &note);
    void addWanted();
    void editWanted(qint64 id);
    void removeWanted(qint64 id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void go(const QModelIndex &index);
    void showMenu(QPoint position);
    void updatePages();
    qint64 current() const;

    AnnotationsModel *m_model;
    QSortFilterProxyModel *m_found;
    QLineEdit *m_search;
    QStackedWidget *m_pages;
    QLabel *m_empty;
    QListView *m_view;
};

} // namespace faultline
