// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportannotations.h"
#include "models/analysis/analysis.h"

#include <QStringList>

namespace faultline {

/// A line of proof, ready to be shown: "ci.log:59" and what stands there. Terminal control is out, length is capped; markup is not escaped.
struct ReportPlace {
    QString where;
    QString text;
    QString time; ///< On the axis, UTC; empty where unknown.
};

struct ReportVerdict {
    QString cause;
    QString title;
    QString status;
    int percent = 0;
    bool supported = false; ///< Confirmed or likely: evidence speaks for it.
    QString explanation;    ///< Markdown of the cause page.
    QString remedy;
    QString prevention;
    std::vector<ReportPlace> proof;
    bool byHand = false; ///< Rests on an answer that a person gave.
};

struct ReportRuledOut {
    QString cause;
    QString title;
    std::vector<ReportPlace> because;
};

struct ReportFailure {
    QString what;
    QString time;
    QString uncertainty; ///< "± 0.5 s", empty where below a millisecond or unknown.
    QString details;     ///< "job test · step Run tests · exit code 137 · SIGKILL"
    QString follows;
    std::vector<ReportPlace> places;
    std::vector<ReportPlace> spikes; ///< What rose or ran out around it, the most telling first.
    std::vector<ReportVerdict> verdicts;
    std::vector<ReportRuledOut> ruledOut;
    std::vector<std::pair<QString, QString>> missing; ///< Command, and what it would decide.
    std::vector<QString> mermaid;
    std::vector<std::pair<QString, QString>> answers; ///< Given by hand: question and answer.
};

struct ReportSource {
    QString path;
    QString kind;
    QString format;
    QString lines;
    QString range;
    QString clock;
};

/// How the run differs from one that passed.
struct ReportComparison {
    struct Span {
        QString name; ///< "step Run tests", "test TestPay in job unit"
        QString difference;
        QString before; ///< "passed in 12 s"
        QString after;
    };
    struct Course {
        QString series;
        QString time;
        QString text; ///< "412 MiB where the run that passed had 90 MiB, 38 s after the start of Run tests"
    };
    QString with; ///< The sources compared with.
    QStringList warnings;
    std::vector<Span> spans;
    std::vector<Course> courses;
    std::vector<ReportPlace> newLines;
    std::vector<ReportPlace> goneLines;
    std::vector<Span> movedLines; ///< Text, how many lines, and where they stand.
    std::vector<Span> profiles;   ///< Functions with what they weigh.
    std::vector<Span> caches;
    QString newCount; ///< "12 of 340 new lines"
    QString goneCount;
    QString movedCount;
};

/// What every written report says, in one order; text, Markdown and HTML only dress it.
struct ReportData {
    QString headline; ///< The verdict in one sentence.
    std::vector<ReportFailure> failures;
    std::vector<ReportPlace> spikes;
    std::vector<ReportSource> sources;
    std::vector<QString> notes;
    std::optional<ReportComparison> comparison;
    std::vector<ReportAnnotation> annotations; ///< What a person wrote.
};

ReportData reportData(const Analysis &analysis);

/// Places as reports show them.
std::vector<ReportPlace> reportPlaces(const Analysis &analysis, const std::vector<EvidenceRef> &refs);
/// Log text as Markdown: nothing in it can start markup, a table cell or HTML.
QString markdownEscaped(const QString &text);
/// A table of places; empty where there are none.
QString markdownPlaces(const std::vector<ReportPlace> &places);

QString textReport(const ReportData &data);
QString markdownReport(const ReportData &data);

} // namespace faultline
