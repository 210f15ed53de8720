// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/evidencejson.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace faultline::test {

namespace {

QString text(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

QJsonValue time(const std::optional<SourceTime> &time)
{
    return time ? QJsonValue(text(toRfc3339(TimeNs{time->ns}))) : QJsonValue();
}

QJsonValue time(const std::optional<SourceInterval> &interval)
{
    if (!interval)
        return {};
    return interval->lo == interval->hi
               ? time(std::optional(interval->lo))
               : QJsonValue(QJsonArray{time(std::optional(interval->lo)), time(std::optional(interval->hi))});
}

void put(QJsonObject &object, const QString &key, const QByteArray &value)
{
    if (!value.isEmpty())
        object[key] = text(value);
}

QJsonObject identity(const Identity &identity)
{
    QJsonObject object;
    put(object, u"host"_s, identity.host);
    put(object, u"pod"_s, identity.pod);
    put(object, u"container"_s, identity.container);
    put(object, u"cgroup"_s, identity.cgroup);
    put(object, u"job"_s, identity.job);
    if (identity.pid >= 0)
        object[u"pid"_s] = identity.pid;
    return object;
}

template<typename Items, typename Render>
void putAll(QJsonObject &object, const QString &key, const Items &items, const Render &render)
{
    QJsonArray array;
    for (const auto &item : items)
        array.append(render(item));
    if (!array.isEmpty())
        object[key] = array;
}

QJsonObject spanJson(const Span &span)
{
    QJsonObject object{{u"kind"_s, QString(spanKindName(span.kind))},
                       {u"name"_s, text(span.name)},
                       {u"start"_s, time(span.start)},
                       {u"end"_s, time(span.end)},
                       {u"outcome"_s, QString(outcomeName(span.outcome))},
                       {u"lines"_s, QJsonArray{span.line, span.lastLine}}};
    if (span.parent >= 0)
        object[u"parent"_s] = span.parent;
    return object;
}

QJsonObject factJson(const Fact &fact)
{
    return {{u"line"_s, fact.line},
            {u"time"_s, time(fact.time)},
            {u"subject"_s, text(fact.subject)},
            {u"key"_s, text(fact.key)},
            {u"value"_s, text(fact.value)}};
}

QJsonObject eventJson(const Event &event)
{
    QJsonObject fields;
    for (const auto &[name, value] : event.fields)
        fields[text(name)] = text(value);
    return {{u"lines"_s, QJsonArray{event.line, event.lastLine}},
            {u"time"_s, time(event.time)},
            {u"signature"_s, text(event.signature)},
            {u"text"_s, text(event.text)},
            {u"fields"_s, fields}};
}

QJsonObject seriesJson(const Series &series)
{
    QJsonObject object{{u"id"_s, text(series.id())}, {u"samples"_s, static_cast<qint64>(series.times.size())}};
    put(object, u"unit"_s, series.unit);
    if (!series.times.empty()) {
        object[u"first"_s] = time(std::optional(series.times.front()));
        object[u"last"_s] = time(std::optional(series.times.back()));
    }
    return object;
}

} // namespace

QByteArray toJson(const SourceEvidence &evidence, EvidenceParts parts)
{
    QJsonObject object{{u"kind"_s, QString(sourceKindName(evidence.kind))},
                       {u"format"_s, text(evidence.format)},
                       {u"basis"_s, QString(timeBasisName(evidence.basis))},
                       {u"resolution_ns"_s, evidence.resolutionNs},
                       {u"first"_s, time(evidence.first)},
                       {u"last"_s, time(evidence.last)},
                       {u"lines"_s, evidence.lineCount()}};
    put(object, u"zone"_s, evidence.zone);
    if (evidence.date != DateBasis::Stated)
        object[u"date"_s] = QString(dateBasisName(evidence.date));
    if (const QJsonObject whose = identity(evidence.identity); !whose.isEmpty())
        object[u"identity"_s] = whose;
    putAll(object, u"spans"_s, evidence.spans, spanJson);
    putAll(object, u"facts"_s, evidence.facts, factJson);
    putAll(object, u"series"_s, evidence.series, seriesJson);
    putAll(object, u"threads"_s, evidence.threads, [](const Thread &thread) {
        return QJsonObject{{u"id"_s, thread.id},
                           {u"state"_s, text(thread.state)},
                           {u"wait_ns"_s, thread.waitNs},
                           {u"line"_s, thread.line},
                           {u"stack"_s, text(thread.stack)}};
    });
    putAll(object, u"coverage"_s, evidence.coverage, [](const Coverage &coverage) {
        return QJsonObject{{u"subject"_s, text(coverage.subject)},
                           {u"from"_s, time(coverage.from)},
                           {u"captured"_s, time(coverage.captured)},
                           {u"how"_s, QString(coverageHowName(coverage.how))}};
    });
    putAll(object, u"notes"_s, evidence.notes, [](const Note &note) {
        return QJsonObject{{u"severity"_s, QString(severityName(note.severity))},
                           {u"code"_s, QString(codeName(note.code))},
                           {u"line"_s, note.position.line},
                           {u"text"_s, note.text},
                           {u"count"_s, note.count}};
    });
    if (parts == EvidenceParts::All)
        putAll(object, u"events"_s, evidence.events, eventJson);
    return QJsonDocument(object).toJson();
}

QString compareWithGolden(const QByteArray &actual, const QString &golden)
{
    const auto write = [&actual](const QString &path) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(actual) == actual.size();
    };
    if (qEnvironmentVariableIntValue("FAULTLINE_UPDATE_GOLDEN") == 1 && !qEnvironmentVariableIsSet("CI"))
        return write(golden) ? QString() : u"Cannot write "_s + golden;
    QFile file(golden);
    if (file.open(QIODevice::ReadOnly) && file.readAll() == actual) {
        QFile::remove(golden + u".actual"_s);
        return {};
    }
    write(golden + u".actual"_s);
    return u"Differs from "_s + golden + u"; see its .actual, or run with FAULTLINE_UPDATE_GOLDEN=1"_s;
}

} // namespace faultline::test
