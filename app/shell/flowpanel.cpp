// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/flowpanel.h"

#include "app/pages/flowexport.h"
#include "app/settings/icons.h"
#include "app/shell/evidencelist.h"
#include "app/shell/richlabel.h"
#include "app/shell/section.h"
#include "app/shell/wrappinglayout.h"
#include "charts/flow/flowview.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString stateText(const WalkedNode &node)
{
    if (node.byHand)
        return FlowPanel::tr("You answered: %1.").arg(node.answer);
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
    m_view = new FlowView(this);
    m_view->setObjectName(u"flowView"_s);
    column->addWidget(buildHead());
    m_pages = new QStackedWidget(this);
    column->addWidget(m_pages, 1);
    m_empty = new QLabel(this);
    m_empty->setObjectName(u"flowEmpty"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(16);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_pages->addWidget(m_empty);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
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
    connect(m_view, &FlowView::nodeMenuWanted, this, &FlowPanel::showNodeMenu);
    setFocusProxy(m_view);
}

QWidget *FlowPanel::buildHead()
{
    m_head = new QWidget(this);
    auto *row = new QHBoxLayout(m_head);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(4);
    m_choice = new QComboBox(m_head);
    m_choice->setAccessibleName(tr("Playbook shown"));
    m_choice->setMinimumContentsLength(12);
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    row->addWidget(m_choice, 1);
    const auto add = [&](const QString &iconName, const QString &toolTip) {
        auto *button = new QToolButton(m_head);
        button->setIcon(icon(iconName));
        button->setToolTip(toolTip);
        button->setAccessibleName(toolTip);
        button->setAutoRaise(true);
        row->addWidget(button);
        return button;
    };
    connect(add(u"fit"_s, tr("Show the whole flowchart (0)")), &QToolButton::clicked, m_view, &FlowView::fit);
    connect(add(u"zoom-in"_s, tr("Zoom in (+)")), &QToolButton::clicked, m_view, &FlowView::zoomIn);
    connect(add(u"zoom-out"_s, tr("Zoom out (−)")), &QToolButton::clicked, m_view, &FlowView::zoomOut);
    auto *button = add(u"copy"_s, tr("Copy or save the flowchart"));
    button->setObjectName(u"flowExport"_s);
    button->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(button);
    menu->addAction(tr("&Copy as Mermaid"), this, [this] {
        if (!chart())
            return;
        QGuiApplication::clipboard()->setText(chart()->mermaid);
        Q_EMIT message(tr("Flowchart copied as Mermaid"));
    });
    menu->addSeparator();
    for (const auto &[format, title] :
         {std::pair(u"mmd"_s, tr("Save as &Mermaid…")), std::pair(u"md"_s, tr("Save as Mark&down with evidence…")),
          std::pair(u"svg"_s, tr("Save as &SVG…")), std::pair(u"png"_s, tr("Save as &PNG…"))})
        menu->addAction(title, this, [this, format] { exportChart(format); });
    button->setMenu(menu);
    return m_head;
}

void FlowPanel::exportChart(const QString &format)
{
    if (!chart() || !m_view->isLaidOut())
        return;
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the flowchart"), chart()->playbook % u'.' % format);
    if (file.isEmpty())
        return;
    const auto saved = saveFlowchart(file, format, *chart(), m_analysis, *m_view);
    Q_EMIT message(saved ? tr("Saved: %1").arg(file) : saved.error().toString());
}

QStringList FlowPanel::choices(int node) const
{
    const WalkedFlowchart *shown = chart();
    if (!shown || node < 0 || static_cast<size_t>(node) >= shown->nodes.size())
        return {};
    const WalkedNode &item = shown->nodes[static_cast<size_t>(node)];
    if (!item.isDecision || (item.state != NodeState::Open && !item.byHand))
        return {};
    QStringList labels;
    for (const WalkedEdge &edge : shown->edges) {
        if (edge.from == node && !edge.label.isEmpty() && !labels.contains(edge.label))
            labels.append(edge.label);
    }
    return labels;
}

void FlowPanel::giveAnswer(int node, const QString &label)
{
    const WalkedFlowchart *shown = chart();
    if (shown && node >= 0 && static_cast<size_t>(node) < shown->nodes.size())
        Q_EMIT answerWanted(shown->failure, shown->playbook, shown->nodes[static_cast<size_t>(node)].id, label);
}

void FlowPanel::showNodeMenu(int node, QPoint at)
{
    const QStringList labels = choices(node);
    auto *menu = new QMenu(this);
    menu->setObjectName(u"nodeMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString &label : labels)
        menu->addAction(tr("Answer: %1").arg(QString(label).replace(u'&', u"&&"_s)), this,
                        [this, node, label] { giveAnswer(node, label); });
    if (!labels.isEmpty() && chart()->nodes[static_cast<size_t>(node)].byHand)
        menu->addAction(tr("Take your answer back"), this, [this, node] { giveAnswer(node, {}); });
    if (!labels.isEmpty())
        menu->addSeparator();
    menu->addAction(tr("Show its evidence"), this, [this, node] { Q_EMIT m_view->nodeActivated(node); });
    menu->popup(at);
}

void FlowPanel::showAnswers(int node)
{
    qDeleteAll(m_answers->findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
    const QStringList labels = choices(node);
    m_answers->setVisible(!labels.isEmpty());
    if (labels.isEmpty())
        return;
    auto *row = static_cast<WrappingLayout *>(m_answers->layout());
    const WalkedNode &item = chart()->nodes[static_cast<size_t>(node)];
    auto *what = new QLabel(item.byHand ? tr("Change it:") : tr("You know it?"), m_answers);
    what->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(what);
    for (const QString &label : labels) {
        auto *button = new QToolButton(m_answers);
        button->setObjectName(u"answer"_s);
        button->setText(QString(label).replace(u'&', u"&&"_s));
        button->setCheckable(true);
        button->setChecked(item.byHand && item.answer == label);
        row->addWidget(button);
        // A click on the answer given takes it back.
        connect(button, &QToolButton::clicked, this,
                [this, node, label](bool isChecked) { giveAnswer(node, isChecked ? label : QString()); });
    }
}

QWidget *FlowPanel::buildDetails()
{
    m_details = new QScrollArea(this);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setWidgetResizable(true);
    m_details->setMinimumHeight(fontMetrics().height() * 9); // a question with its answers
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
    m_answers = new QWidget(body);
    new WrappingLayout(m_answers, 6);
    column->addWidget(m_answers);
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
    m_head->setVisible(m_choice->count() > 0);
    m_pages->setCurrentIndex(m_choice->count() > 0 ? 1 : 0);
    const bool hasFailed = m_analysis.findings && !m_analysis.findings->failures.empty();
    m_empty->setText(hasFailed ? tr("No playbook was walked for this failure.")
                               : tr("Where something failed, the way from symptom to cause is drawn here."));
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
    if (!item.reason.isEmpty() && !item.byHand)
        status += u" " + item.reason;
    m_status->setPlain(status);
    m_question->setMarkdown(item.question);
    m_question->setVisible(!item.question.trimmed().isEmpty());
    showAnswers(node);
    m_rows->setRows(m_analysis, item.rows);
    m_rows->setVisible(!item.rows.empty());
    m_sql->setPlain(item.sql.trimmed());
    m_sqlSection->setVisible(!item.sql.trimmed().isEmpty());
    m_details->ensureVisible(0, 0);
}

} // namespace faultline
