// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/handanswers.h"

#include "models/core/translate.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QStringList choicesOf(const Playbook &playbook, const QString &question)
{
    QStringList choices;
    for (const FlowEdge &edge : playbook.chart.edges)
        if (playbook.chart.nodes[static_cast<size_t>(edge.from)].id == question && !choices.contains(edge.label))
            choices << edge.label;
    return choices;
}

/// The playbook that asks: the one named before the dot, else the only one with such a question.
Result<const Playbook *> playbookOf(const QString &name, QString &question, const PlaybookSet &set)
{
    const qsizetype dot = name.indexOf(u'.');
    const QString wanted = dot < 0 ? QString() : name.left(dot);
    question = name.mid(dot + 1);
    QStringList known;
    const Playbook *found = nullptr;
    for (const Playbook &playbook : set.playbooks) {
        if (!playbook.questions.contains(question) || (dot >= 0 && playbook.id != wanted))
            continue;
        found = &playbook;
        known << playbook.id % u'.' % question;
    }
    if (known.size() == 1)
        return found;
    if (known.size() > 1)
        return failure(Code::Usage, tr("--answer %1: several playbooks ask this").arg(name),
                       tr("Name one: %1").arg(known.join(u", "_s)));
    for (const Playbook &playbook : set.playbooks)
        for (const auto &[id, asked] : playbook.questions)
            if (wanted.isEmpty() || playbook.id == wanted)
                known << playbook.id % u'.' % id;
    return failure(Code::Usage, tr("--answer %1: no playbook asks this").arg(name),
                   tr("There are: %1").arg(known.join(u", "_s)));
}

} // namespace

Result<HandAnswers> readHandAnswers(const QStringList &given, const PlaybookSet &set)
{
    HandAnswers answers;
    for (const QString &text : given) {
        const qsizetype equals = text.indexOf(u'=');
        QString name = text.left(std::max<qsizetype>(0, equals));
        const QString choice = text.mid(equals + 1);
        int number = 1;
        if (const qsizetype colon = name.indexOf(u':'); colon > 0) {
            bool isNumber = false;
            number = name.left(colon).toInt(&isNumber);
            if (!isNumber || number < 1)
                return failure(Code::Usage,
                               tr("--answer %1: expected a failure's number, from 1, before the colon").arg(text));
            name = name.mid(colon + 1);
        }
        if (equals <= 0 || choice.isEmpty() || name.isEmpty())
            return failure(Code::Usage, tr("--answer %1: expected QUESTION=CHOICE, as killed.kernel=no").arg(text));
        QString question;
        const auto playbook = playbookOf(name, question, set);
        if (!playbook)
            return std::unexpected(playbook.error());
        const QStringList choices = choicesOf(**playbook, question);
        const auto chosen = std::ranges::find_if(
            choices, [&](const QString &c) { return c.compare(choice, Qt::CaseInsensitive) == 0; });
        if (chosen == choices.end())
            return failure(Code::Usage, tr("--answer %1: this is no choice there").arg(text),
                           tr("There are: %1").arg(choices.join(u", "_s)));
        answers[{number - 1, (*playbook)->id, question}] = *chosen;
    }
    return answers;
}

QStringList unusedAnswers(const HandAnswers &answers, const Diagnosis &diagnosis)
{
    QStringList unused;
    for (const auto &[key, choice] : answers) {
        const auto &[failure, playbook, question] = key;
        const bool used = std::ranges::any_of(diagnosis.answers, [&](const HandAnswered &said) {
            return said.failure == failure && said.playbook == playbook && said.node == question;
        });
        if (!used)
            unused << u"%1:%2.%3=%4"_s.arg(failure + 1).arg(playbook, question, choice);
    }
    return unused;
}

} // namespace faultline
