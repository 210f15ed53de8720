// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/diagnosispanel.h"

#include "app/settings/icons.h"
#include "app/shell/badge.h"
#include "app/shell/causedelegate.h"
#include "app/shell/evidencelist.h"
#include "app/shell/richlabel.h"
#include "app/shell/section.h"
#include "app/shell/wrappinglayout.h"
#include "models/findings/runshown.h"

#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int MostShownCauses = 3;
} // namespace

DiagnosisPanel::DiagnosisPanel(QWidget *parent)
    : QScrollArea(parent)
    , m_failures(new FailuresModel(this))
    , m_verdicts(new VerdictsModel(this))
{
    setObjectName(u"diagnosisPanel"_s);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *body = new QWidget(this);
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    buildFailure(column);
    buildCauses(column);
    column->addStretch(1);
    setWidget(body);
}

void DiagnosisPanel::buildFailure(QVBoxLayout *column)
{
    m_selector = new QWidget(this);
    auto *row = new QHBoxLayout(m_selector);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    m_kicker = new QLabel(m_selector);
    m_kicker->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_kicker);
    m_choice = new QComboBox(m_selector);
    m_choice->setObjectName(u"failureCombo"_s);
    m_choice->setModel(m_failures);
    m_choice->setAccessibleName(tr("Failure shown"));
    m_choice->setMinimumContentsLength(10);
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    row->addWidget(m_choice, 1);
    const auto addStep = [&](const QString &name, const QString &toolTip, int by) {
        auto *button = new QToolButton(m_selector);
        button->setIcon(icon(name));
        button->setToolTip(toolTip);
        button->setAccessibleName(toolTip);
        button->setAutoRaise(true);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, by] {
            if (m_failures->rowCount() > 0)
                Q_EMIT failureActivated(stepped(by));
        });
    };
    addStep(u"left"_s, tr("Previous failure"), -1);
    addStep(u"right"_s, tr("Next failure"), 1);
    column->addWidget(m_selector);

    m_what = new RichLabel(this);
    m_what->setObjectName(u"failureTitle"_s);
    QFont font = m_what->font();
    font.setPointSizeF(font.pointSizeF() * 1.35);
    font.setWeight(QFont::DemiBold);
    m_what->setFont(font);
    column->addWidget(m_what);
    m_badges = new QWidget(this);
    new WrappingLayout(m_badges, 6);
    column->addWidget(m_badges);
    m_context = new RichLabel(this);
    m_context->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(m_context);
    connect(m_choice, &QComboBox::activated, this, &DiagnosisPanel::failureActivated);
}

void DiagnosisPanel::buildCauses(QVBoxLayout *column)
{
    m_empty = new RichLabel(this);
    m_empty->setObjectName(u"diagnosisEmpty"_s);
    column->addWidget(m_empty);
    m_causesSection = new Section(tr("Causes"), this);
    m_causes = new QListView(this);
    m_causes->setObjectName(u"causeList"_s);
    m_causes->setModel(m_verdicts);
    m_causes->setItemDelegate(new CauseDelegate(m_causes));
    m_causes->setFrameShape(QFrame::NoFrame);
    m_causes->setResizeMode(QListView::Adjust);
    m_causes->setMouseTracking(true);
    m_causes->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_causes->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_causes->viewport()->setAutoFillBackground(false);
    m_causes->setAccessibleName(tr("Causes"));
    m_causes->installEventFilter(this);
    m_causesSection->contentLayout()->addWidget(m_causes);
    m_explanation = new RichLabel(this);
    m_explanation->setObjectName(u"explanation"_s);
    m_causesSection->contentLayout()->addWidget(m_explanation);
    column->addWidget(m_causesSection);
    m_evidence = new Section(tr("Evidence"), this);
    column->addWidget(m_evidence);
    m_remedy = new Section(tr("What to do now"), this);
    m_remedyText = new RichLabel(this);
    m_remedy->contentLayout()->addWidget(m_remedyText);
    column->addWidget(m_remedy);
    m_prevention = new Section(tr("How to prevent it"), this);
    m_preventionText = new RichLabel(this);
    m_prevention->contentLayout()->addWidget(m_preventionText);
    column->addWidget(m_prevention);
    m_failureEvidence = new Section(tr("What failed"), this);
    column->addWidget(m_failureEvidence);
    m_missing = new Section(tr("What would tell more"), this);
    column->addWidget(m_missing);
    m_answers = new Section(tr("Answered by you"), this);
    m_answers->setObjectName(u"handAnswers"_s);
    column->addWidget(m_answers);
    m_ruledOut = new Section(tr("Ruled out"), this);
    m_ruledOut->setOpen(false);
    column->addWidget(m_ruledOut);
    connect(m_causes->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { showVerdict(index.isValid() ? index.row() : -1); });
}

void DiagnosisPanel::setAnalysis(const Analysis &analysis)
{
    m_analysis = analysis;
    m_failures->setAnalysis(analysis);
    m_failure = -1;
    setFailure(-1);
}

const Failure *DiagnosisPanel::current() const
{
    const bool known =
        m_analysis.findings && m_failure >= 0 && static_cast<size_t>(m_failure) < m_analysis.findings->failures.size();
    return known ? &m_analysis.findings->failures[static_cast<size_t>(m_failure)] : nullptr;
}

void DiagnosisPanel::setFailure(int failure)
{
    m_failure = failure;
    m_verdicts->setAnalysis(m_analysis, failure);
    const bool some = current() != nullptr;
    m_selector->setVisible(some && m_failures->rowCount() > 1);
    m_badges->setVisible(some);
    m_context->setVisible(some);
    m_causesSection->setVisible(m_verdicts->rowCount() > 0);
    m_failureEvidence->clear();
    if (some)
        showHeader();
    else
        showNothingFailed();
    showRuledOut();
    showMissing();
    showAnswers();
    if (m_verdicts->rowCount() > 0) {
        m_causes->setCurrentIndex(m_verdicts->index(0));
        fitCauses();
    } else {
        showVerdict(-1);
    }
    verticalScrollBar()->setValue(0);
}

/// A failure without a time is never left out: it may well lie in the range.
bool DiagnosisPanel::isInRange(int failure) const
{
    const auto &time = m_analysis.findings->failures[static_cast<size_t>(failure)].time;
    return !m_range || !time || (time->lo <= m_range->hi && time->hi >= m_range->lo);
}

/// The next failure in the range, round about; the present one where there is no other.
int DiagnosisPanel::stepped(int by) const
{
    const int count = m_failures->rowCount();
    for (int step = 1; step < count; ++step) {
        const int failure = ((m_failure + by * step) % count + count) % count;
        if (isInRange(failure))
            return failure;
    }
    return m_failure;
}

void DiagnosisPanel::setRange(std::optional<TimeRange> range)
{
    m_range = range;
    if (current())
        showKicker();
}

void DiagnosisPanel::showKicker()
{
    int inRange = 0;
    auto *list = qobject_cast<QListView *>(m_choice->view());
    for (int row = 0; row < m_failures->rowCount(); ++row) {
        inRange += isInRange(row) ? 1 : 0;
        list->setRowHidden(row, !isInRange(row));
    }
    const QString kicker = tr("Failure %1 of %2").arg(m_failure + 1).arg(m_failures->rowCount());
    m_kicker->setText(m_range ? QString(kicker % u" · "_s % tr("%1 in the range").arg(inRange)) : kicker);
}

void DiagnosisPanel::showHeader()
{
    const QModelIndex index = m_failures->index(m_failure);
    m_choice->setCurrentIndex(m_failure);
    showKicker();
    m_what->setPlain(index.data(FailuresModel::WhatRole).toString());
    QStringList context{index.data(FailuresModel::ContextRole).toString()};
    if (const int follows = index.data(FailuresModel::FollowsRole).toInt(); follows >= 0)
        context.append(tr("Followed from failure %1: %2")
                           .arg(follows + 1)
                           .arg(m_failures->index(follows).data(FailuresModel::WhatRole).toString()));
    context.removeAll(QString());
    m_context->setPlain(context.join(u'\n'));
    m_context->setVisible(!context.isEmpty());

    auto *row = static_cast<WrappingLayout *>(m_badges->layout());
    row->clear();
    const auto add = [&](const QString &text, Tone tone) {
        if (!text.isEmpty())
            row->addWidget(new Badge(text, tone, m_badges));
    };
    const QVariant exitCode = index.data(FailuresModel::ExitCodeRole);
    if (exitCode.isValid())
        add(tr("exit %1").arg(exitCode.toLongLong()), Tone::Failure);
    add(index.data(FailuresModel::SignalRole).toString(), Tone::Failure);
    add(index.data(FailuresModel::WhenTextRole).toString(), Tone::Quiet);
    add(index.data(FailuresModel::PlaceRole).toString(), Tone::Quiet);

    const Failure &failure = *current();
    m_failureEvidence->setVisible(!failure.evidence.empty());
    if (!failure.evidence.empty())
        addEvidence(m_failureEvidence, failure.evidence);
    m_empty->setVisible(m_verdicts->rowCount() == 0);
    m_empty->setPlain(m_analysis.diagnosis ? tr("The evidence names no cause. Below is what would tell more.")
                                           : tr("Looking for the cause…"));
}

void DiagnosisPanel::showNothingFailed()
{
    m_failureEvidence->hide();
    m_empty->setVisible(m_analysis.evidence != nullptr);
    const bool isRun = m_analysis.evidence && showsARun(*m_analysis.evidence);
    m_what->setPlain(!m_analysis.evidence ? QString()
                     : isRun              ? tr("Nothing failed")
                                          : tr("No run was recognised here"));
    m_empty->setPlain(
        !isRun ? tr("Nothing in these files reads like a job's log, a test's output or a pod's state, and no known "
                    "sign of trouble is "
                    "in them. Add the log of the job that failed; its kernel log, metrics and pod help to tell why.")
               : tr("No unrecovered failure was found in what was read: every step, test and process ended well, "
                    "or the file that tells of the "
                    "failure is not among the sources. Add it if you know that something failed."));
}

EvidenceList *DiagnosisPanel::addEvidence(Section *section, std::vector<EvidenceRef> rows,
                                          std::vector<EvidenceRef> against)
{
    auto *list = new EvidenceList(section->content());
    list->setZone(m_zone);
    list->setRows(m_analysis, std::move(rows), std::move(against));
    section->contentLayout()->addWidget(list);
    connect(list, &EvidenceList::evidenceActivated, this, &DiagnosisPanel::evidenceActivated);
    return list;
}

void DiagnosisPanel::showVerdict(int row)
{
    const Verdict *verdict = m_verdicts->verdict(row);
    m_evidence->clear();
    const bool hasEvidence = verdict && !(verdict->evidence.empty() && verdict->against.empty());
    m_evidence->setVisible(hasEvidence);
    m_explanation->setVisible(verdict && !verdict->explanation.isEmpty());
    m_remedy->setVisible(verdict && !verdict->remedy.isEmpty());
    m_prevention->setVisible(verdict && !verdict->prevention.isEmpty());
    if (!verdict)
        return;
    QString explanation = verdict->explanation;
    if (verdict->coincident)
        explanation = tr("It happened at the same time, but nothing ties it to what failed.") + u"\n\n" + explanation;
    if (!verdict->byHand.isEmpty())
        explanation = tr("*It rests on an answer of yours, and so is likely at most.*") + u"\n\n" + explanation;
    m_explanation->setMarkdown(explanation);
    if (hasEvidence)
        addEvidence(m_evidence, verdict->evidence, verdict->against);
    m_remedyText->setMarkdown(verdict->remedy);
    m_preventionText->setMarkdown(verdict->prevention);
}

void DiagnosisPanel::showRuledOut()
{
    m_ruledOut->clear();
    int count = 0;
    if (m_analysis.diagnosis) {
        for (const RuledOut &item : m_analysis.diagnosis->ruledOut) {
            if (item.failure != m_failure)
                continue;
            ++count;
            auto *title = new QLabel(causeTitle(item.cause), m_ruledOut->content());
            title->setTextFormat(Qt::PlainText);
            title->setToolTip(item.cause);
            title->setWordWrap(true);
            m_ruledOut->contentLayout()->addWidget(title);
            addEvidence(m_ruledOut, item.because);
        }
    }
    m_ruledOut->setTitle(tr("Ruled out (%1)").arg(count));
    m_ruledOut->setVisible(count > 0);
}

QString DiagnosisPanel::causeTitle(const QString &cause) const
{
    for (const WalkedFlowchart &chart : m_analysis.diagnosis->flowcharts) {
        for (const WalkedNode &node : chart.nodes) {
            if (node.cause == cause && !node.label.isEmpty())
                return node.label;
        }
    }
    return cause;
}

void DiagnosisPanel::showMissing()
{
    m_missing->clear();
    int count = 0;
    if (m_analysis.diagnosis) {
        for (const Missing &item : m_analysis.diagnosis->missing) {
            if (item.failure != m_failure && item.failure >= 0)
                continue;
            ++count;
            m_missing->contentLayout()->addWidget(missingCard(item));
        }
    }
    m_missing->setVisible(count > 0);
}

QWidget *DiagnosisPanel::missingCard(const Missing &missing)
{
    auto *card = new QFrame(m_missing->content());
    card->setObjectName(u"card"_s);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(4);
    const auto kind = sourceKindFromName(missing.need.toUtf8());
    auto *title = new RichLabel(card);
    title->setPlain(missing.wouldDecide.isEmpty() ? (kind ? kindTitle(*kind) : missing.need) : missing.wouldDecide);
    title->setToolTip(kind ? kindTitle(*kind) : missing.need);
    column->addWidget(title);
    if (!missing.command.isEmpty()) {
        auto *row = new QHBoxLayout;
        auto *command = new RichLabel(card);
        command->setObjectName(u"command"_s);
        QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(this->font().pointSizeF() * 0.95);
        command->setFont(font);
        command->setPlain(missing.command);
        row->addWidget(command, 1);
        auto *copy = new QToolButton(card);
        copy->setIcon(icon(u"copy"_s));
        copy->setToolTip(tr("Copy the command"));
        copy->setAccessibleName(tr("Copy the command"));
        copy->setAutoRaise(true);
        row->addWidget(copy, 0, Qt::AlignTop);
        column->addLayout(row);
        connect(copy, &QToolButton::clicked, this, [this, text = missing.command] {
            QGuiApplication::clipboard()->setText(text);
            Q_EMIT message(tr("Command copied"));
        });
    }
    if (!missing.choices.isEmpty() && !missing.node.isEmpty())
        column->addWidget(answerButton(missing, card), 0, Qt::AlignLeft);
    return card;
}

QWidget *DiagnosisPanel::answerButton(const Missing &missing, QWidget *card)
{
    auto *button = new QToolButton(card);
    button->setObjectName(u"answerButton"_s);
    button->setText(tr("I know the answer"));
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setAutoRaise(true);
    auto *menu = new QMenu(button);
    for (const QString &choice : missing.choices) {
        QAction *action = menu->addAction(QString(choice).replace(u'&', u"&&"_s));
        connect(action, &QAction::triggered, this,
                [this, missing, choice] { Q_EMIT answerWanted(m_failure, missing.playbook, missing.node, choice); });
    }
    menu->addSeparator();
    menu->addAction(tr("Show the question in the flowchart"), this,
                    [this, missing] { Q_EMIT questionActivated(missing.playbook, missing.node); });
    button->setMenu(menu);
    return button;
}

void DiagnosisPanel::showAnswers()
{
    m_answers->clear();
    int count = 0;
    if (m_analysis.diagnosis) {
        for (const HandAnswered &said : m_analysis.diagnosis->answers) {
            if (said.failure != m_failure)
                continue;
            ++count;
            m_answers->contentLayout()->addWidget(answerCard(said));
        }
    }
    m_answers->setVisible(count > 0);
}

QWidget *DiagnosisPanel::answerCard(const HandAnswered &said)
{
    auto *card = new QFrame(m_answers->content());
    card->setObjectName(u"card"_s);
    auto *row = new QHBoxLayout(card);
    row->setContentsMargins(10, 6, 6, 6);
    auto *text = new RichLabel(card);
    text->setPlain(tr("%1 %2").arg(said.label, said.answer));
    row->addWidget(text, 1);
    auto *back = new QToolButton(card);
    back->setObjectName(u"takeBack"_s);
    back->setIcon(icon(u"close"_s));
    back->setToolTip(tr("Take the answer back"));
    back->setAccessibleName(back->toolTip());
    back->setAutoRaise(true);
    row->addWidget(back, 0, Qt::AlignTop);
    connect(back, &QToolButton::clicked, this,
            [this, said] { Q_EMIT answerWanted(said.failure, said.playbook, said.node, {}); });
    return card;
}

void DiagnosisPanel::showPlace(int source, qint64 line)
{
    for (EvidenceList *list : findChildren<EvidenceList *>())
        list->showPlace(source, line);
}

void DiagnosisPanel::showCause(const QString &cause)
{
    const int row = m_verdicts->rowOf(cause);
    if (row >= 0)
        m_causes->setCurrentIndex(m_verdicts->index(row));
}

void DiagnosisPanel::setZone(ZoneShown zone)
{
    m_zone = zone;
    m_failures->setZone(zone);
    for (EvidenceList *list : findChildren<EvidenceList *>())
        list->setZone(zone);
    if (current())
        setFailure(m_failure);
}

std::vector<EvidenceRef> DiagnosisPanel::citedEvidence() const
{
    std::vector<EvidenceRef> cited;
    if (const Failure *failure = current())
        cited = failure->evidence;
    if (const Verdict *verdict = m_verdicts->verdict(m_causes->currentIndex().row()))
        cited.insert(cited.end(), verdict->evidence.begin(), verdict->evidence.end());
    // A line cited twice would send a person who steps through back to its first mention.
    std::vector<EvidenceRef> distinct;
    for (const EvidenceRef &ref : cited) {
        const bool isKnown = std::ranges::any_of(distinct, [&ref](const EvidenceRef &other) {
            return ref.source == other.source && ref.line == other.line && ref.series == other.series
                   && ref.time == other.time;
        });
        if (!isKnown)
            distinct.push_back(ref);
    }
    return distinct;
}

bool DiagnosisPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_causes && event->type() == QEvent::Resize)
        fitCauses();
    return QScrollArea::eventFilter(watched, event);
}

void DiagnosisPanel::fitCauses()
{
    // The first few; the others are a scroll away, so that what the chosen one means stays near.
    int height = 2;
    for (int row = 0; row < std::min(m_verdicts->rowCount(), MostShownCauses); ++row)
        height += m_causes->sizeHintForRow(row);
    m_causes->setVerticalScrollBarPolicy(m_verdicts->rowCount() > MostShownCauses ? Qt::ScrollBarAlwaysOn
                                                                                  : Qt::ScrollBarAlwaysOff);
    m_causes->setFixedHeight(height);
    m_causes->doItemsLayout();
}

} // namespace faultline
