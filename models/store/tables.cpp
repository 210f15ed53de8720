// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/tables.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace faultline {

std::vector<TablePointer> makeTables(const Analysis &analysis, const CancelToken &cancel)
{
    std::vector<TablePointer> tables;
    for (const auto make :
         {sourcesTable, segmentsTable, anchorsTable, coverageTable, eventsTable, spansTable, factsTable, seriesTable,
          samplesTable, profilesTable, framesTable, threadsTable, failuresTable, spikesTable, changesTable, notesTable})
        tables.push_back(make(analysis));
    tables.push_back(linesTable(analysis, cancel));
    tables.push_back(annotationsTable(analysis));
    tables.push_back(answersTable(analysis));
    if (analysis.diagnosis)
        tables.push_back(verdictsTable(analysis));
    return tables;
}

QByteArray identityJson(const Identity &identity)
{
    QJsonObject object;
    const auto add = [&](QLatin1StringView name, const QByteArray &value) {
        if (!value.isEmpty())
            object.insert(name, QString::fromUtf8(value));
    };
    add("host"_L1, identity.host);
    add("pod"_L1, identity.pod);
    add("container"_L1, identity.container);
    add("cgroup"_L1, identity.cgroup);
    add("job"_L1, identity.job);
    if (identity.pid >= 0)
        object.insert("pid"_L1, identity.pid);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Identity mergedIdentity(const Identity &own, const Identity &whole)
{
    Identity merged = own;
    for (QByteArray Identity::*member :
         {&Identity::host, &Identity::pod, &Identity::container, &Identity::cgroup, &Identity::job})
        if ((merged.*member).isEmpty())
            merged.*member = whole.*member;
    if (merged.pid < 0)
        merged.pid = whole.pid;
    return merged;
}

QByteArray fieldsJson(const Fields &fields)
{
    QJsonObject object;
    for (const auto &[name, value] : fields) {
        const QString key = QString::fromUtf8(name);
        if (!object.contains(key))
            object.insert(key, QString::fromUtf8(value));
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Cell placedCell(const Placement &placement, int source, const std::optional<SourceTime> &time)
{
    if (!time)
        return {};
    const std::optional<PlacedTime> placed = placement.place(source, *time);
    return placed ? Cell(placed->time.ns) : Cell();
}

} // namespace faultline
