// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/batch/batch.h"
#include "app/report/csvfield.h"
#include "app/report/reportwords.h"
#include "models/core/translate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTextStream>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostInText = 15;

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue orNull(const std::optional<TimeNs> &time)
{
    return time ? QJsonValue(QString::fromLatin1(toRfc3339(*time))) : QJsonValue();
}

QJsonArray countsJson(const std::vector<BatchCount> &counts, const QString &key, bool areTests)
{
    QJsonArray array;
    for (const BatchCount &count : counts) {
        QJsonObject object{{key, count.id},
                           {areTests ? u"failed"_s : u"count"_s, count.count},
                           {u"first"_s, orNull(count.first)},
                           {u"last"_s, orNull(count.last)},
                           {u"runs"_s, QJsonArray::fromStringList(count.runs)}};
        if (areTests)
            object[u"passed"_s] = count.passed;
        else
            object[u"title"_s] = count.title;
        array.append(object);
    }
    return array;
}

} // namespace

QByteArray batchText(const Batch &batch)
{
    QString text;
    QTextStream out(&text);
    out << tr("%1 runs: %2 failed, %3 did not, %4 could not be read")
               .arg(batch.runs.size())
               .arg(batch.failedRuns)
               .arg(std::ssize(batch.runs) - batch.failedRuns - batch.unreadableRuns)
               .arg(batch.unreadableRuns)
        << "\n\n";
    const auto write = [&](const QString &title, const std::vector<BatchCount> &counts, auto line) {
        if (counts.empty())
            return;
        out << title << '\n';
        for (size_t i = 0; i < std::min(MostInText, counts.size()); ++i)
            out << u"%1  "_s.arg(counts[i].count, 6) << line(counts[i]) << '\n';
        if (counts.size() > MostInText)
            out << "        " << tr("and %1 more").arg(counts.size() - MostInText) << '\n';
        out << '\n';
    };
    write(tr("Causes"), batch.causes, [](const BatchCount &c) {
        return QString(c.title + u" ["_s + c.id + u"]  "_s + tr("last %1").arg(reportSecond(c.last)));
    });
    write(tr("Not explained"), batch.unknown, [](const BatchCount &c) { return c.title; });
    write(tr("Tests that fail now and then"), batch.flaky,
          [](const BatchCount &c) { return tr("%1, passed in %2").arg(c.id).arg(c.passed); });
    for (const BatchRun &run : batch.runs)
        if (!run.error.isEmpty())
            out << tr("not read: %1: %2").arg(run.path, run.error) << '\n';
    return text.toUtf8();
}

QByteArray batchJson(const Batch &batch)
{
    QJsonArray runs;
    for (const BatchRun &run : batch.runs)
        runs.append(QJsonObject{{u"path"_s, run.path},
                                {u"error"_s, orNull(run.error)},
                                {u"failed"_s, run.failed},
                                {u"time"_s, orNull(run.time)},
                                {u"what"_s, orNull(run.what)},
                                {u"exit_code"_s, run.exitCode ? QJsonValue(*run.exitCode) : QJsonValue()},
                                {u"cause"_s, orNull(run.cause)},
                                {u"status"_s, orNull(run.status)},
                                {u"confidence"_s, run.cause.isEmpty() ? QJsonValue() : QJsonValue(run.confidence)},
                                {u"failing_line"_s, orNull(run.failingLine)},
                                {u"failed_tests"_s, QJsonArray::fromStringList(run.failedTests)}});
    return QJsonDocument(QJsonObject{{u"schema"_s, u"faultline.batch/1"_s},
                                     {u"runs"_s, runs},
                                     {u"failed"_s, batch.failedRuns},
                                     {u"unreadable"_s, batch.unreadableRuns},
                                     {u"causes"_s, countsJson(batch.causes, u"cause"_s, false)},
                                     {u"unknown"_s, countsJson(batch.unknown, u"pattern"_s, false)},
                                     {u"flaky"_s, countsJson(batch.flaky, u"test"_s, true)}})
        .toJson(QJsonDocument::Indented);
}

QByteArray batchCsv(const Batch &batch)
{
    QString text;
    QTextStream out(&text);
    out << "path,failed,time,exit_code,cause,status,confidence,what,failing_line,error\r\n";
    for (const BatchRun &run : batch.runs) {
        const QStringList fields{run.path,
                                 run.failed ? u"true"_s : u"false"_s,
                                 run.time ? QString::fromLatin1(toRfc3339(*run.time)) : QString(),
                                 run.exitCode ? QString::number(*run.exitCode) : QString(),
                                 run.cause,
                                 run.status,
                                 run.cause.isEmpty() ? QString() : QString::number(run.confidence, 'f', 2),
                                 run.what,
                                 run.failingLine,
                                 run.error};
        for (qsizetype i = 0; i < fields.size(); ++i)
            out << (i > 0 ? "," : "") << csvField(fields[i]);
        out << "\r\n";
    }
    return text.toUtf8();
}

} // namespace faultline
