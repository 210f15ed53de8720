// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"
#include "models/views/failuresmodel.h"
#include "models/views/verdictsmodel.h"

#include <QScrollArea>

class QComboBox;
class QLabel;
class QListView;
class QVBoxLayout;

namespace faultline {

class EvidenceList;
class RichLabel;
class Section;

/// What a failure was and why: its causes with what speaks for them, what to do, what was ruled out, what would settle the rest.
class DiagnosisPanel final : public QScrollArea
{
    Q_OBJECT

public:
    explicit DiagnosisPanel(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    /// Shows a failure; emits no signal.
    void setFailure(int failure);
    int failure() const { return m_failure; }
    /// Marks the evidence row of a line; emits no signal.
    void showPlace(int source, qint64 line);
    /// Shows the verdict of a cause, where there is one.
    void showCause(const QString &cause);
    void setZone(ZoneShown zone);
    /// Offers only the failures in a range, or all; the one shown stays.
    void setRange(std::optional<TimeRange> range);
    /// Everything cited, as the panel lists it: for stepping through.
    std::vector<EvidenceRef> citedEvidence() const;

    FailuresModel *failures() const { return m_failures; }
    VerdictsModel *verdicts() const { return m_verdicts; }

Q_SIGNALS:
    void failureActivated(int failure);
    void evidenceActivated(const faultline::EvidenceRef &ref);
    void message(const QString &text);
    /// A person answers a question; an empty label takes it back.
    void answerWanted(int failure, const QString &playbook, const QString &node, const QString &label);
    void questionActivated(const QString &playbook, const QString &node);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QString causeTitle(const QString &cause) const;
    void buildFailure(QVBoxLayout *column);
    void buildCauses(QVBoxLayout *column);
    void showHeader();
    void showKicker();
    bool isInRange(int failure) const;
    int stepped(int by) const;
    void showNothingFailed();
    void showVerdict(int row);
    void showRuledOut();
    void showMissing();
    void showAnswers();
    QWidget *answerCard(const HandAnswered &said);
    QWidget *answerButton(const Missing &missing, QWidget *card);
    EvidenceList *addEvidence(Section *section, std::vector<EvidenceRef> rows, std::vector<EvidenceRef> against = {});
    QWidget *missingCard(const Missing &missing);
    void fitCauses();
    const Failure *current() const;

    Analysis m_analysis;
    FailuresModel *m_failures;
    VerdictsModel *m_verdicts;
    ZoneShown m_zone = ZoneShown::Utc;
    int m_failure = -1;
    std::optional<TimeRange> m_range;
    QWidget *m_selector;
    QComboBox *m_choice;
    QLabel *m_kicker;
    RichLabel *m_what;
    RichLabel *m_context;
    QWidget *m_badges;
    RichLabel *m_empty;
    QListView *m_causes;
    Section *m_causesSection;
    Section *m_failureEvidence;
    RichLabel *m_explanation;
    Section *m_evidence;
    Section *m_remedy;
    Section *m_prevention;
    Section *m_ruledOut;
    Section *m_missing;
    Section *m_answers;
    RichLabel *m_remedyText;
    RichLabel *m_preventionText;
};

} // namespace faultline
