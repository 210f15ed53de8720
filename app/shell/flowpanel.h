// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/views/texts.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QScrollArea;
class QStackedWidget;

namespace faultline {

class EvidenceList;
class FlowView;
class RichLabel;
class Section;

/// The playbooks walked for a failure as flowcharts; below, what the chosen node asked and found.
class FlowPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit FlowPanel(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    /// Shows the failure's playbooks, that of its best cause first.
    void setFailure(int failure);
    /// Chooses a node; emits no signal.
    void showNode(const QString &playbook, const QString &node);
    void showPlace(int source, qint64 line);
    void setZone(ZoneShown zone);

    FlowView *view() const { return m_view; }
    EvidenceList *rows() const { return m_rows; }

    /// What the edges of a question say that is open or was answered by hand; empty for all other nodes.
    QStringList choices(int node) const;

Q_SIGNALS:
    /// A person answers a question; an empty label takes it back.
    void answerWanted(int failure, const QString &playbook, const QString &node, const QString &label);
    void message(const QString &text);
    void nodeActivated(const QString &playbook, const QString &node);
    void evidenceActivated(const faultline::EvidenceRef &ref);

private:
    QWidget *buildHead();
    QWidget *buildDetails();
    void showAnswers(int node);
    void showNodeMenu(int node, QPoint at);
    void giveAnswer(int node, const QString &label);
    void exportChart(const QString &format);
    const WalkedFlowchart *chart() const;
    void showChart(int row);
    void showDetails(int node);

    Analysis m_analysis;
    int m_failure = -1;
    QComboBox *m_choice;
    QWidget *m_head;
    QWidget *m_answers;
    QStackedWidget *m_pages;
    QLabel *m_empty; ///< Says why there is no chart.
    FlowView *m_view;
    QScrollArea *m_details;
    RichLabel *m_title;
    RichLabel *m_status;
    RichLabel *m_question;
    EvidenceList *m_rows;
    Section *m_sqlSection;
    RichLabel *m_sql;
};

} // namespace faultline
