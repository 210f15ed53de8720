// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/failuresmodel.h"

#include "models/placement/axiserror.h"

using namespace Qt::StringLiterals;

namespace faultline {

void FailuresModel::setAnalysis(const Analysis &analysis)
{
    beginResetModel();
    m_analysis = analysis;
    m_axisErrorNs =
        m_analysis.evidence && m_analysis.placement ? axisErrorNs(*m_analysis.evidence, *m_analysis.placement) : 0;
    m_names = m_analysis.evidence ? sourceNames(*m_analysis.evidence) : QStringList();
    endResetModel();
}

void FailuresModel::setZone(ZoneShown zone)
{
    if (zone == m_zone)
        return;
    m_zone = zone;
    if (const int rows = rowCount(); rows > 0)
        Q_EMIT dataChanged(index(0), index(rows - 1), {TimeTextRole, WhenTextRole, Qt::ToolTipRole});
}

int FailuresModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_analysis.findings ? 0 : static_cast<int>(m_analysis.findings->failures.size());
}

QVariant FailuresModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Failure &failure = m_analysis.findings->failures[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case WhatRole: return failure.what;
    case Qt::ToolTipRole: return QString(failure.what % u'\n' % timeText(failure, true) % u'\n' % place(failure));
    case SourceRole: return failure.source;
    case LineRole: return failure.line;
    case LastLineRole: return failure.lastLine;
    case TimeRole: return failure.time ? QVariant(failure.time->time.ns) : QVariant();
    case TimeTextRole: return timeText(failure, false);
    case WhenTextRole: {
        const QString teller = tellerOf(failure);
        return teller.isEmpty() ? timeText(failure, true) : tr("%1, by %2").arg(timeText(failure, true), teller);
    }
    case ExitCodeRole: return failure.exitCode ? QVariant(*failure.exitCode) : QVariant();
    case SignalRole: return QString::fromUtf8(failure.signal);
    case PlaceRole: return place(failure);
    case ContextRole: {
        QStringList parts;
        for (const QByteArray &part : {failure.job, failure.step, failure.test}) {
            if (!part.isEmpty())
                parts.append(shownText(part, 120));
        }
        return parts.join(u" \u203a ");
    }
    case FollowsRole: return failure.follows;
    default: return {};
    }
}

QHash<int, QByteArray> FailuresModel::roleNames() const
{
    auto names = QAbstractListModel::roleNames();
    names.insert({{WhatRole, "what"},
                  {SourceRole, "source"},
                  {LineRole, "line"},
                  {LastLineRole, "lastLine"},
                  {TimeRole, "time"},
                  {TimeTextRole, "timeText"},
                  {WhenTextRole, "whenText"},
                  {ExitCodeRole, "exitCode"},
                  {SignalRole, "signal"},
                  {PlaceRole, "place"},
                  {ContextRole, "context"},
                  {FollowsRole, "follows"}});
    return names;
}

/// "dmesg.txt:79" where another source than the failure's own tells when it was.
QString FailuresModel::tellerOf(const Failure &failure) const
{
    if (!failure.time)
        return {};
    for (const EvidenceRef &ref : failure.evidence)
        if (ref.source >= 0 && ref.source != failure.source && ref.line > 0 && ref.time
            && ref.time->time == failure.time->time)
            return m_analysis.evidence->sources[static_cast<size_t>(ref.source)]->path.section(u'/', -1) % u':'
                   % QString::number(ref.line);
    return {};
}

QString FailuresModel::timeText(const Failure &failure, bool withDate) const
{
    if (!failure.time)
        return tr("time unknown");
    const TimeNs time = failure.time->time;
    const QString text = withDate ? dateTimeText(time, m_zone) : timeOfDayText(time, m_zone);
    const DurationNs off = failure.time->uncertaintyNs() + m_axisErrorNs;
    return off >= NsPerMillisecond ? QString(text % u" \u00b1" % durationText(off)) : text;
}

QString FailuresModel::place(const Failure &failure) const
{
    const QString name = m_names.value(failure.source);
    return failure.line > 0 ? QString(name % u':' % QString::number(failure.line)) : name;
}

} // namespace faultline
