// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/analyze.h"

#include <QStringList>

#include <map>

namespace faultline {

/// What is kept of one of many runs.
struct BatchRun {
    QString path;
    QString error; ///< Why it could not be read; empty where it was.
    bool failed = false;
    QString what;               ///< The first failure, one line.
    std::optional<TimeNs> time; ///< Of the first failure; where nothing failed, the last moment read.
    std::optional<qint64> exitCode;
    QString cause; ///< Empty where the evidence names none: what is merely possible is no answer.
    QString title;
    QString status;
    double confidence = 0;
    QString failingLine; ///< The first line that says so.
    QByteArray cluster;  ///< Runs of the same unknown failure have the same: the failing line without what varies.
    QStringList failedTests;
};

/// A cause, an unknown failure or a test over all runs.
struct BatchCount {
    QString id; ///< Cause id, failing line or test name.
    QString title;
    qint64 count = 0;
    qint64 passed = 0; ///< Tests only: in how many runs it passed.
    std::optional<TimeNs> first;
    std::optional<TimeNs> last;
    QStringList runs; ///< The first few.

    static constexpr qsizetype MostRuns = 5;
};

struct Batch {
    std::vector<BatchRun> runs;     ///< In order of path.
    std::vector<BatchCount> causes; ///< Most frequent first.
    std::vector<BatchCount> unknown;
    std::vector<BatchCount> flaky; ///< Tests that failed in some runs and passed in others.
    qint64 failedRuns = 0;
    qint64 unreadableRuns = 0;
    bool testsCut = false; ///< There were more different tests than are counted.

    static constexpr size_t MostTests = 500'000;
    static constexpr size_t MostListed = 100; ///< Unknown failures and flaky tests.
};

/// Every entry of a folder is a run: a folder with its files, an archive or a single log. Files given themselves are runs too.
/// Fails where a path does not exist.
Result<QStringList> batchRunPaths(const QStringList &folders);

/// Analyses run after run, several side by side (`options.import.threads`, 0: one a core), keeping of each only its row.
/// `progress` counts runs.
Batch analyzeBatch(const QStringList &runs, const Knowledge &knowledge, const AnalyzeOptions &options);

QByteArray batchText(const Batch &batch);
QByteArray batchJson(const Batch &batch);
QByteArray batchCsv(const Batch &batch);

} // namespace faultline
