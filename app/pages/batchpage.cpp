// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/batchpage.h"

#include "app/pages/reporttemplate.h"
#include "app/report/reportwords.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostRunsInPage = 1000;

QString nameOf(const QString &path)
{
    return QFileInfo(path).fileName();
}

QVariantList countVariants(const std::vector<BatchCount> &counts)
{
    QVariantList list;
    const qint64 most = counts.empty() ? 1 : counts.front().count;
    for (const BatchCount &count : counts) {
        QStringList names;
        for (const QString &run : count.runs)
            names << nameOf(run);
        list.append(QVariantHash{{u"id"_s, count.id},
                                 {u"title"_s, count.title},
                                 {u"count"_s, count.count},
                                 {u"passed"_s, count.passed},
                                 {u"width"_s, std::max<qint64>(1, count.count * 100 / most)},
                                 {u"first"_s, reportSecond(count.first)},
                                 {u"last"_s, reportSecond(count.last)},
                                 {u"runs"_s, names.join(u", "_s)}});
    }
    return list;
}

} // namespace

QByteArray batchHtml(const Batch &batch)
{
    QVariantList runs;
    for (const BatchRun &run : batch.runs) {
        if (runs.size() >= static_cast<qsizetype>(MostRunsInPage))
            break;
        if (run.failed || !run.error.isEmpty())
            runs.append(QVariantHash{{u"name"_s, nameOf(run.path)},
                                     {u"time"_s, reportSecond(run.time)},
                                     {u"cause"_s, run.title},
                                     {u"status"_s, run.status},
                                     {u"what"_s, run.error.isEmpty() ? run.what : run.error}});
    }
    const qint64 shownRuns = runs.size();
    const qint64 bad = batch.failedRuns + batch.unreadableRuns;
    const QVariantHash values{{u"all"_s, static_cast<qint64>(batch.runs.size())},
                              {u"failed"_s, batch.failedRuns},
                              {u"passed"_s, std::ssize(batch.runs) - bad},
                              {u"unreadable"_s, batch.unreadableRuns},
                              {u"causes"_s, countVariants(batch.causes)},
                              {u"unknown"_s, countVariants(batch.unknown)},
                              {u"flaky"_s, countVariants(batch.flaky)},
                              {u"runs"_s, runs},
                              {u"left"_s, bad - shownRuns},
                              {u"version"_s, QCoreApplication::applicationVersion()}};
    return renderTemplate(u"batch.html"_s, values).toUtf8();
}

} // namespace faultline
