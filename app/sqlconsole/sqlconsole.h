// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/store/rows.h"
#include "models/views/texts.h"

#include <QFutureWatcher>
#include <QWidget>

class QLabel;
class QTableView;
class QToolButton;
class QTreeWidget;

namespace faultline {

struct QueryPlot;
class RowsModel;
class SqlEditor;

/// Questions in SQL to the case: a statement, its rows, the tables there are. Statements run in a worker, read-only and within limits;
/// those of playbooks run as they stand, with the parameters of the failure in hand.
class SqlConsole final : public QWidget
{
    Q_OBJECT

public:
    static constexpr qsizetype MostHistory = 200;

    explicit SqlConsole(QWidget *parent = nullptr);
    ~SqlConsole() override;

    void setAnalysis(const Analysis &analysis);
    /// The same sources with more lines: statements run from now on see them.
    void setGrownEvidence(std::shared_ptr<const Evidence> evidence) { m_analysis.evidence = std::move(evidence); }
    /// Whose parameters statements get; -1 for none.
    void setFailure(int failure);
    void setZone(ZoneShown zone);

    SqlEditor *editor() const { return m_editor; }
    QTableView *table() const { return m_table; }
    QTreeWidget *schema() const { return m_schema; }
    QString status() const;
    bool isRunning() const { return m_watcher.isRunning(); }
    /// What of the rows is on the timeline; null: nothing.
    std::shared_ptr<const QueryPlot> plot() const { return m_plot; }
    /// Statements run before, oldest first.
    const QStringList &history() const { return m_history; }
    void setHistory(const QStringList &history);
    /// The statement as a section of a playbook.
    QString asQuestion() const;

public Q_SLOTS:
    /// Runs the statement, or the selected part of it.
    void run();
    void stop();

Q_SIGNALS:
    /// A person chose a row that has a place.
    void lineActivated(int source, qint64 line);
    void timeActivated(faultline::TimeNs time);
    /// A section for a playbook, as Markdown.
    void questionWanted(const QString &markdown);
    void historyChanged();
    /// The rows that are to be on the timeline are others, or none (null).
    void plotChanged(std::shared_ptr<const faultline::QueryPlot> plot);
    void message(const QString &text);

private:
    struct Answer {
        std::optional<Rows> rows;
        std::optional<Error> error;
        qint64 milliseconds = 0;
    };
    QWidget *buildHead();
    void buildTable();
    void fillSchema();
    void showAnswer(Answer answer);
    void showError(const Error &error);
    void step(int by);
    void updatePlot();
    void save(const QString &filter, const QByteArray &bytes);
    void activate(const QModelIndex &index);
    QString statement() const;

    Analysis m_analysis;
    int m_failure = -1;
    QStringList m_sourceNames;
    SqlEditor *m_editor;
    RowsModel *m_rows;
    QTableView *m_table;
    QTreeWidget *m_schema;
    QLabel *m_status;
    QToolButton *m_run = nullptr;
    QToolButton *m_save = nullptr;
    QToolButton *m_plotButton = nullptr;
    std::shared_ptr<const QueryPlot> m_plot;
    QStringList m_history;
    qsizetype m_historyAt = 0;
    QString m_draft; ///< What was being written before the history was looked at.
    CancelToken m_cancel;
    QFutureWatcher<Answer> m_watcher;
};

} // namespace faultline
