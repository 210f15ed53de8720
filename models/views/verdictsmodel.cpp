// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/verdictsmodel.h"

#include "models/views/texts.h"

using namespace Qt::StringLiterals;

namespace faultline {

void VerdictsModel::setAnalysis(const Analysis &analysis, int failure)
{
    beginResetModel();
    m_analysis = analysis;
    m_rows.clear();
    if (m_analysis.diagnosis) {
        const auto &verdicts = m_analysis.diagnosis->verdicts;
        for (size_t i = 0; i < verdicts.size(); ++i) {
            if (verdicts[i].failure == failure)
                m_rows.push_back(static_cast<int>(i));
        }
    }
    endResetModel();
}

const Verdict *VerdictsModel::verdict(int row) const
{
    if (row < 0 || static_cast<size_t>(row) >= m_rows.size())
        return nullptr;
    return &m_analysis.diagnosis->verdicts[static_cast<size_t>(m_rows[static_cast<size_t>(row)])];
}

int VerdictsModel::rowOf(const QString &cause) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (verdict(row)->cause == cause)
            return row;
    }
    return -1;
}

int VerdictsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant VerdictsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Verdict &item = *verdict(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole: return item.title.isEmpty() ? item.cause : item.title;
    case Qt::AccessibleTextRole: return QString(verdictStatusTitle(item.status) % u": " % item.title);
    case Qt::ToolTipRole: return QString(item.cause % u'\n' % item.path.join(u" \u2192 "));
    case CauseRole: return item.cause;
    case StatusRole: return static_cast<int>(item.status);
    case StatusTextRole: return verdictStatusTitle(item.status);
    case ConfidenceRole: return item.confidence;
    case ExplanationRole: return item.explanation;
    case RemedyRole: return item.remedy;
    case PreventionRole: return item.prevention;
    case PlaybookRole: return item.playbook;
    case CoincidentRole: return item.coincident;
    case VerdictRole: return m_rows[static_cast<size_t>(index.row())];
    default: return {};
    }
}

QHash<int, QByteArray> VerdictsModel::roleNames() const
{
    auto names = QAbstractListModel::roleNames();
    names.insert({{CauseRole, "cause"},
                  {TitleRole, "title"},
                  {StatusRole, "status"},
                  {StatusTextRole, "statusText"},
                  {ConfidenceRole, "confidence"},
                  {ExplanationRole, "explanation"},
                  {RemedyRole, "remedy"},
                  {PreventionRole, "prevention"},
                  {PlaybookRole, "playbook"},
                  {CoincidentRole, "coincident"},
                  {VerdictRole, "verdict"}});
    return names;
}

} // namespace faultline
