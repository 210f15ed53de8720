// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/flowpanel.h"

#include "app/shell/evidencelist.h"
#include "app/shell/richlabel.h"
#include "app/shell/section.h"
#include "charts/flow/flowview.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString stateText(const WalkedNode &node)
{
    switch (node.state) {
    case NodeState::NotReached: return FlowPanel::tr("Not reached: the walk took another branch.");
    case NodeState::Answered:
        return FlowPanel::tr("Answer: %1").arg(node.answer.isEmpty() ? FlowPanel::tr("yes") : node.answer);
    case NodeState::Open: return FlowPanel::tr("Open: the evidence does not answer it.");
    case NodeState::RuledOut: return FlowPanel::tr("Ruled out");
    case NodeState::Confirmed: return FlowPanel::tr("Confirmed");
    case NodeState::Likely: return FlowPanel::tr("Likely");
    case NodeState::Possible: return FlowPanel::tr("Possible");
    }
    return {};
}

} // namespace

FlowPanel::FlowPanel(QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_choice = new QComboBox(this);
    m_choice->setAccessibleName(tr("Playbook shown"));
    auto *head = new QHBoxLayout;
    head->setContentsMargins(8, 6, 8, 6);
    head->addWidget(m_choice);
    column->addLayout(head);
    m_pages = new QStackedWidget(this);
    column->addWidget(m_pages, 1);
    auto *empty = new QLabel(tr("No playbook was walked for this failure."), this);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setMargin(16);
    empty->setForegroundRole(QPalette::PlaceholderText);
    m_pages->addWidget(empty);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    m_view = new FlowView(splitter);
    m_view->setObjectName(u"flowView"_s);
    splitter->addWidget(m_view);
    splitter->addWidget(buildDetails());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    m_pages->addWidget(splitter);

    connect(m_choice, &QComboBox::activated, this, &FlowPanel::showChart);
    connect(m_view, &FlowView::nodeActivated, this, [this](int node) {
        showDetails(node);
        if (chart() && node >= 0 && static_cast<size_t>(node) < chart()->nodes.size())
            Q_EMIT nodeActivated(chart()->playbook, chart()->nodes[static_cast<size_t>(node)].id);
    });
    setFocusProxy(m_view);
}

QWidget *FlowPanel::buildDetails()
{
    m_details = new QScrollArea(this);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setWidgetResizable(true);
    m_details->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *body = new QWidget(m_details);
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(4);
    m_title = new RichLabel(body);
    QFont font = m_title->font();
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    column->addWidget(m_title);
    m_status = new RichLabel(body);
    m_status->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(m_status);
    m_question = new RichLabel(body);
    column->addWidget(m_question);
    m_rows = new EvidenceList(body);
    column->addWidget(m_rows);
    m_sqlSection = new Section(tr("How it was asked"), body);
    m_sql = new RichLabel(m_sqlSection);
    m_sql->setObjectName(u"command"_s);
    m_sql->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_sqlSection->contentLayout()->addWidget(m_sql);
    m_sqlSection->setOpen(false);
    column->addWidget(m_sqlSection);
    column->addStretch(1);
    m_details->setWidget(body);
    connect(m_rows, &EvidenceList::evidenceActivated, this, &FlowPanel::evidenceActivated);
    return m_details;
}

void FlowPanel::setAnalysis(const Analysis &analysis)
{
    m_analysis = analysis;
    setFailure(-1);
}

void FlowPanel::setFailure(int failure)
{
    m_failure = failure;
    m_choice->clear();
    QString best;
    if (m_analysis.diagnosis) {
        for (const Verdict &verdict : m_analysis.diagnosis->verdicts) {
            if (verdict.failure == failure) {
                best = verdict.playbook;
                break;
            }
        }
        const auto &charts = m_analysis.diagnosis->flowcharts;
        for (size_t i = 0; i < charts.size(); ++i) {
            if (charts[i].failure == failure)
                m_choice->addItem(charts[i].title.isEmpty() ? charts[i].playbook : charts[i].title,
                                  static_cast<int>(i));
        }
    }
    m_choice->setVisible(m_choice->count() > 1);
    m_pages->setCurrentIndex(m_choice->count() > 0 ? 1 : 0);
    for (int row = 0; row < m_choice->count(); ++row) {
        m_choice->setCurrentIndex(row);
        if (chart()->playbook == best)
            break;
    }
    if (m_choice->count() > 0 && chart()->playbook != best)
        m_choice->setCurrentIndex(0);
    showChart(m_choice->currentIndex());
}

const WalkedFlowchart *FlowPanel::chart() const
{
    if (!m_analysis.diagnosis || m_choice->currentIndex() < 0)
        return nullptr;
    const auto index = static_cast<size_t>(m_choice->currentData().toInt());
    return index < m_analysis.diagnosis->flowcharts.size() ? &m_analysis.diagnosis->flowcharts[index] : nullptr;
}

void FlowPanel::showChart(int row)
{
    m_choice->setCurrentIndex(row);
    if (const WalkedFlowchart *shown = chart())
        m_view->setFlowchart(*shown);
    else
        m_view->clear();
    showDetails(-1);
}

void FlowPanel::showNode(const QString &playbook, const QString &node)
{
    if (!m_analysis.diagnosis)
        return;
    if (!chart() || chart()->playbook != playbook) {
        for (int row = 0; row < m_choice->count(); ++row) {
            const auto index = static_cast<size_t>(m_choice->itemData(row).toInt());
            if (m_analysis.diagnosis->flowcharts[index].playbook == playbook)
                showChart(row);
        }
    }
    if (!chart() || chart()->playbook != playbook)
        return;
    const auto found = std::ranges::find(chart()->nodes, node, &WalkedNode::id);
    const int index = found == chart()->nodes.end() ? -1 : static_cast<int>(found - chart()->nodes.begin());
    if (m_view->currentNode() != index)
        m_view->setCurrentNode(index);
    showDetails(index);
}

void FlowPanel::showPlace(int source, qint64 line)
{
    m_rows->showPlace(source, line);
}

void FlowPanel::setZone(ZoneShown zone)
{
    m_rows->setZone(zone);
}

void FlowPanel::showDetails(int node)
{
    const WalkedFlowchart *shown = chart();
    const bool known = shown && node >= 0 && static_cast<size_t>(node) < shown->nodes.size();
    m_details->setVisible(known);
    if (!known)
        return;
    const WalkedNode &item = shown->nodes[static_cast<size_t>(node)];
    m_title->setPlain(item.label);
    QString status = stateText(item);
    if (!item.reason.isEmpty())
        status += u" " + item.reason;
    m_status->setPlain(status);
    m_question->setMarkdown(item.question);
    m_question->setVisible(!item.question.trimmed().isEmpty());
    m_rows->setRows(m_analysis, item.rows);
    m_rows->setVisible(!item.rows.empty());
    m_sql->setPlain(item.sql.trimmed());
    m_sqlSection->setVisible(!item.sql.trimmed().isEmpty());
    m_details->ensureVisible(0, 0);
}

} // namespace faultline
