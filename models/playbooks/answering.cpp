// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/answering.h"

#include "models/core/translate.h"
#include "models/playbooks/coveragecheck.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 MostLinesAround = 400;
/// Stamps of a kernel log may be cut to whole seconds and its boot time too.
constexpr DurationNs OrderSlack = 2 * NsPerSecond;

QVariant known(const QByteArray &text)
{
    return text.isEmpty() ? QVariant() : QVariant(QString::fromUtf8(text));
}

/// First and last line that belong to the failure: of its test, else its step, never more than a few hundred around it.
std::pair<qint64, qint64> linesOf(const Failure &failure, const Evidence &evidence)
{
    qint64 lo = std::max<qint64>(1, failure.line - MostLinesAround);
    qint64 hi = std::max(failure.line, failure.lastLine) + MostLinesAround;
    if (failure.source < 0 || static_cast<size_t>(failure.source) >= evidence.sources.size())
        return {lo, hi};
    for (const Span &span : evidence.sources[static_cast<size_t>(failure.source)]->spans) {
        const bool isStep = span.kind == SpanKind::Step || span.kind == SpanKind::Job;
        const bool holds =
            span.line > 0 && span.line <= failure.line && (span.lastLine == 0 || span.lastLine >= failure.line);
        if (isStep && holds) {
            lo = std::max(lo, span.line);
            if (span.lastLine > 0)
                hi = std::min(hi, std::max(span.lastLine, failure.lastLine));
        }
    }
    return {lo, hi};
}

/// The lines of the failed test alone, where a span tells them; else those of linesOf().
std::pair<qint64, qint64> testLinesOf(const Failure &failure, const Evidence &evidence)
{
    const auto [lo, hi] = linesOf(failure, evidence);
    if (failure.source < 0 || static_cast<size_t>(failure.source) >= evidence.sources.size())
        return {lo, hi};
    const qint64 last = std::max(failure.line, failure.lastLine);
    for (const Span &span : evidence.sources[static_cast<size_t>(failure.source)]->spans) {
        const bool isTest = span.kind == SpanKind::Test && span.name == failure.test && span.line > 0;
        if (!isTest || span.line > failure.line || std::max(span.lastLine, span.line + 1) < failure.line)
            continue;
        // Without -v a test's output follows its verdict.
        const bool isVerdictAlone = span.lastLine <= span.line + 1;
        return {span.line, std::min(hi, std::max(span.lastLine, last) + (isVerdictAlone ? 20 : 0))};
    }
    return {lo, hi};
}

std::map<QString, QVariant> windowed(const Question &question, const FailureContext &context)
{
    std::map<QString, QVariant> bindings = context.bindings;
    const auto &time = context.failure.time;
    bindings[u"from"_s] = time ? QVariant((time->lo - question.before).ns) : QVariant();
    bindings[u"to"_s] = time ? QVariant((time->hi + question.after).ns) : QVariant();
    return bindings;
}

QString edgeFor(const QStringList &labels, const auto &matches)
{
    const auto found = std::ranges::find_if(labels, matches);
    return found == labels.end() ? QString() : *found;
}

void takeRows(Answer &answer, std::vector<RowEvidence> rows, const Question &question, const FailureContext &context)
{
    bool anyBefore = false;
    answer.strength = Strength::Hints;
    for (RowEvidence &row : rows) {
        const Kinship kinship = kinshipOf(row, context.failure, context.run);
        if (kinship == Kinship::Foreign) {
            answer.foreign.push_back(row.ref);
            continue;
        }
        if (row.onlyIfShared && kinship != Kinship::Shared) {
            answer.candidates.push_back(std::move(row));
            continue;
        }
        answer.kinship = std::max(answer.kinship, kinship);
        const bool proves = row.provesIfShared && kinship == Kinship::Shared;
        answer.strength =
            std::min(answer.strength, proves ? Strength::Proves : row.strength.value_or(question.strength));
        // The same process can die but once: where its pid agrees, it is the clocks that do not.
        const bool isSameProcess = row.identity.pid >= 0 && row.identity.pid == context.run.pid();
        anyBefore = anyBefore || isSameProcess || !row.ref.time || !context.failure.time
                    || row.ref.source == context.failure.source
                    || row.ref.time->lo <= context.failure.time->hi + OrderSlack;
        answer.rows.push_back(std::move(row));
    }
    answer.follows = !answer.rows.empty() && !anyBefore;
}

/// The one value of the column `answer`, or nothing where rows disagree or do not know.
std::optional<QString> agreed(const std::vector<RowEvidence> &rows)
{
    std::optional<QString> value;
    for (const RowEvidence &row : rows) {
        if (!row.answer.isValid() || row.answer.isNull())
            return {};
        const QString text = row.answer.toString();
        if (value && value->compare(text, Qt::CaseInsensitive) != 0)
            return {};
        value = text;
    }
    return value;
}

Answer answerFromRows(Answer answer, bool hasAnswers, const QStringList &labels)
{
    answer.fromRows = true;
    if (!hasAnswers) {
        answer.label = edgeFor(labels, [](const QString &l) { return isYes(l); });
        answer.certainty = Certainty::Sure;
        return answer;
    }
    const auto value = agreed(answer.rows);
    if (!value) {
        answer.reason = tr("The rows found disagree, or one of them does not say");
        return answer;
    }
    answer.label = edgeFor(labels, [&](const QString &l) {
        return l.compare(*value, Qt::CaseInsensitive) == 0 || (isYes(l) && isYes(*value)) || (isNo(l) && isNo(*value));
    });
    if (answer.label.isEmpty())
        answer.error =
            Error{Code::BadValue, tr("The query answers '%1', for which there is no edge").arg(*value), {}, {}, {}};
    else
        answer.certainty = Certainty::Sure;
    return answer;
}

Result<Answer> answerFromAbsence(Answer answer, const Question &question, const QStringList &labels,
                                 const FailureContext &context)
{
    const QString no = edgeFor(labels, [](const QString &l) { return isNo(l); });
    const CoverageCheck check = checkCoverage(question, context.failure, context.analysis, context.run);
    answer.reason = check.reason;
    answer.missing = check.missing;
    answer.looked = check.looked;
    if (no.isEmpty() || check.certainty == Certainty::Unknown) {
        if (answer.reason.isEmpty())
            answer.reason = tr("Nothing was found");
        return answer;
    }
    if (!answer.candidates.empty()) {
        answer.rows = std::move(answer.candidates);
        answer.reason = tr("There are rows of which nobody knows when they were");
        return answer;
    }
    auto unplaced = context.querier.query(withUnplacedRows(question.sql), windowed(question, context));
    if (unplaced && !unplaced->rows.empty()) {
        std::vector<RowEvidence> candidates = rowEvidence(*unplaced, *context.analysis.evidence);
        std::erase_if(candidates, [&](const RowEvidence &row) {
            return kinshipOf(row, context.failure, context.run) == Kinship::Foreign;
        });
        if (!candidates.empty()) {
            answer.rows = std::move(candidates);
            answer.reason = tr("There are rows of which nobody knows when they were");
            return answer;
        }
    }
    answer.label = no;
    answer.certainty = check.certainty;
    return answer;
}

} // namespace

QString withUnplacedRows(const QString &sql)
{
    static const QRegularExpression call(u"\\b(?:overlaps|near)\\s*\\("_s, QRegularExpression::CaseInsensitiveOption);
    QString changed;
    qsizetype from = 0;
    for (auto match = call.match(sql, from); match.hasMatch(); match = call.match(sql, from)) {
        int depth = 1;
        qsizetype end = match.capturedEnd();
        for (; end < sql.size() && depth > 0; ++end)
            depth += sql[end] == u'(' ? 1 : sql[end] == u')' ? -1 : 0;
        changed += QStringView(sql).sliced(from, match.capturedStart() - from);
        changed +=
            u"coalesce("_s % QStringView(sql).sliced(match.capturedStart(), end - match.capturedStart()) % u", 1)"_s;
        from = end;
    }
    return changed + QStringView(sql).sliced(from);
}

FailureContext makeContext(const Analysis &analysis, Querier &querier, const Failure &failure)
{
    FailureContext context{analysis, querier, failure, RunIdentity(failure, *analysis.evidence), {}};
    auto &b = context.bindings;
    const auto moment = [&](TimeNs PlacedTime::*member) {
        return failure.time ? QVariant(((*failure.time).*member).ns) : QVariant();
    };
    b[u"failure"_s] = failure.id;
    b[u"time"_s] = moment(&PlacedTime::time);
    b[u"time_lo"_s] = moment(&PlacedTime::lo);
    b[u"time_hi"_s] = moment(&PlacedTime::hi);
    b[u"source"_s] = failure.source;
    b[u"line"_s] = failure.line;
    b[u"last_line"_s] = std::max(failure.line, failure.lastLine);
    const auto [lo, hi] = linesOf(failure, *analysis.evidence);
    b[u"line_lo"_s] = lo;
    b[u"line_hi"_s] = hi;
    const auto [testLo, testHi] = testLinesOf(failure, *analysis.evidence);
    b[u"test_line_lo"_s] = testLo;
    b[u"test_line_hi"_s] = testHi;
    b[u"exit_code"_s] = failure.exitCode ? QVariant(*failure.exitCode) : QVariant();
    b[u"signal"_s] = known(failure.signal);
    const Identity &own = context.run.own();
    b[u"pid"_s] = own.pid >= 0 ? QVariant(own.pid) : QVariant();
    b[u"pod"_s] = known(context.run.pod());
    b[u"host"_s] = known(own.host);
    b[u"container"_s] = known(own.container);
    b[u"cgroup"_s] = known(own.cgroup);
    b[u"job"_s] = known(failure.job);
    b[u"step"_s] = known(failure.step);
    b[u"test"_s] = known(failure.test);
    return context;
}

Result<Answer> answerQuestion(const Question &question, const QStringList &labels, const FailureContext &context)
{
    const auto rows = context.querier.query(question.sql, windowed(question, context));
    if (!rows)
        return std::unexpected(rows.error());
    Answer answer;
    takeRows(answer, rowEvidence(*rows, *context.analysis.evidence), question, context);
    if (!answer.rows.empty())
        return answerFromRows(std::move(answer), rows->columns.contains(u"answer"_s), labels);
    return answerFromAbsence(std::move(answer), question, labels, context);
}

} // namespace faultline
