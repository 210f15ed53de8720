// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <charconv>

namespace faultline::test {

/// Reads "12.5 text" as seconds since 1970 and text; lines without a number have no stamp. "E " and "W " begin levels.
class SecondsDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64) const override
    {
        DecodedLine result;
        result.payload = line;
        double seconds = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), seconds);
        if (error == std::errc() && end != line.data() + line.size() && *end == ' ') {
            result.time = SourceTime{fromSeconds(seconds)};
            result.payload = line.substr(static_cast<size_t>(end - line.data()) + 1);
        }
        if (result.payload.starts_with("E "))
            result.level = Severity::Error;
        else if (result.payload.starts_with("W "))
            result.level = Severity::Warning;
        return result;
    }
};

/// A text source of `bytes` with a block for every few lines, as the text engine makes them.
inline std::shared_ptr<SourceEvidence> textSource(const QString &path, const QByteArray &bytes,
                                                  SourceKind kind = SourceKind::CiLog)
{
    auto source = std::make_shared<SourceEvidence>();
    source->path = path;
    source->kind = kind;
    source->format = "test-format";
    source->formatReason = QStringLiteral("made for a test");
    source->byteCount = bytes.size();
    source->basis = TimeBasis::Utc;
    std::vector<TextBlock> blocks{{0, 1}};
    qint64 line = 1;
    for (qsizetype at = 0; (at = bytes.indexOf('\n', at)) >= 0 && at + 1 < bytes.size();) {
        ++at;
        ++line;
        if (at - blocks.back().byteOffset >= 4096)
            blocks.push_back({at, line});
    }
    source->text = std::make_shared<TextStore>(memorySource(path, bytes), blocks, bytes.isEmpty() ? 0 : line);
    source->decoder = std::make_shared<SecondsDecoder>();
    return source;
}

inline SourcePlacement placedBy(DurationNs offsetNs, PlacementHow how, const QString &reason)
{
    SourcePlacement placement;
    placement.segments.push_back({SourceTime{0}, offsetNs, 0, 0});
    placement.how = how;
    placement.reason = reason;
    return placement;
}

inline EvidenceRef lineRef(int source, qint64 line, const QByteArray &text,
                           EvidenceRole role = EvidenceRole::Supporting)
{
    EvidenceRef ref;
    ref.source = source;
    ref.line = ref.lastLine = line;
    ref.text = text;
    ref.role = role;
    ref.time = PlacedTime{TimeNs{line * NsPerSecond}, TimeNs{line * NsPerSecond}, TimeNs{line * NsPerSecond}};
    return ref;
}

inline WalkedFlowchart sampleFlowchart()
{
    const auto node = [](const char *id, const char *label, NodeState state, std::vector<EvidenceRef> rows) {
        WalkedNode made;
        made.id = QString::fromUtf8(id);
        made.label = QString::fromUtf8(label);
        made.state = state;
        made.rows = std::move(rows);
        return made;
    };
    WalkedFlowchart chart;
    chart.playbook = QStringLiteral("killed");
    chart.title = QStringLiteral("The job was killed");
    chart.failure = 0;
    chart.nodes.push_back(node("start", "Job was killed", NodeState::Answered, {}));
    chart.nodes.push_back(node("kernel", "Did the kernel kill it for memory?", NodeState::Answered,
                               {lineRef(1, 40, "Memory cgroup out of memory")}));
    chart.nodes.back().isDecision = true;
    chart.nodes.back().answer = QStringLiteral("yes");
    chart.nodes.back().question = QStringLiteral("Looks for the kernel's report of a **kill**.");
    chart.nodes.back().sql = QStringLiteral("SELECT source, line FROM events");
    chart.nodes.push_back(node("mem.oom.cgroup", "The container's own memory limit", NodeState::Confirmed,
                               {lineRef(1, 41, "constraint=CONSTRAINT_MEMCG")}));
    chart.nodes.back().cause = QStringLiteral("mem.oom.cgroup");
    chart.nodes.push_back(node("infra.runner_shutdown", "The runner was shut down", NodeState::RuledOut, {}));
    chart.nodes.back().cause = QStringLiteral("infra.runner_shutdown");
    chart.edges = {{0, 1, {}, EdgeState::Taken},
                   {1, 2, QStringLiteral("yes"), EdgeState::Taken},
                   {1, 3, QStringLiteral("no"), EdgeState::RuledOut}};
    return chart;
}

/// Three sources (a CI log of 2000 lines, a kernel log 47 s late, a metric), two failures, two causes, one ruled out, one missing.
inline Analysis sampleAnalysis()
{
    QByteArray ci;
    for (int i = 1; i <= 2000; ++i)
        ci += QByteArray::number(i)
              + (i == 1500 ? QByteArray(" E Process completed with exit code 137\n")
                           : QByteArray(" building package " + QByteArray::number(i) + '\n'));
    QByteArray kernel;
    for (int i = 1; i <= 100; ++i)
        kernel += QByteArray::number(1460 + i)
                  + (i == 40 ? " E Memory cgroup out of memory: Killed process 42\n" : " message\n");

    auto evidence = std::make_shared<Evidence>();
    evidence->sources.push_back(textSource(QStringLiteral("/runs/17/ci.log"), ci));
    evidence->sources.push_back(textSource(QStringLiteral("/runs/17/dmesg.txt"), kernel, SourceKind::KernelLog));
    auto metrics = std::make_shared<SourceEvidence>();
    metrics->path = QStringLiteral("/runs/17/metrics/memory.json");
    metrics->kind = SourceKind::Metrics;
    metrics->basis = TimeBasis::Utc;
    Series series;
    series.name = "container_memory_working_set_bytes";
    series.labels = {{"pod", "api"}};
    series.unit = "bytes";
    for (int i = 0; i < 200; ++i) {
        series.times.push_back(SourceTime{i * 10 * NsPerSecond});
        series.values.push_back(1048576.0 * i);
    }
    metrics->series.push_back(series);
    metrics->notes.push_back(
        {Severity::Warning, Code::BadNumber, {7, 2, 90}, QStringLiteral("A value is no number"), 3});
    evidence->sources.push_back(metrics);

    auto placement = std::make_shared<Placement>();
    placement->sources = {placedBy(0, PlacementHow::Stated, QStringLiteral("times are UTC")),
                          placedBy(0, PlacementHow::Derived, QStringLiteral("shifted +0.0 s: derived from 1 anchor")),
                          placedBy(0, PlacementHow::Stated, QStringLiteral("times are UTC"))};

    auto findings = std::make_shared<Findings>();
    Failure failure;
    failure.id = 0;
    failure.source = 0;
    failure.line = failure.lastLine = 1500;
    failure.time = PlacedTime{TimeNs{1500 * NsPerSecond}, TimeNs{1499 * NsPerSecond}, TimeNs{1501 * NsPerSecond}};
    failure.exitCode = 137;
    failure.signal = "SIGKILL";
    failure.what = QStringLiteral("step 'Run tests' was killed");
    failure.job = "test";
    failure.step = "Run tests";
    failure.evidence = {lineRef(0, 1500, "E Process completed with exit code 137", EvidenceRole::Failing)};
    findings->failures.push_back(failure);
    failure.id = 1;
    failure.line = failure.lastLine = 1800;
    failure.time = PlacedTime{TimeNs{1800 * NsPerSecond}, TimeNs{1800 * NsPerSecond}, TimeNs{1800 * NsPerSecond}};
    failure.exitCode.reset();
    failure.signal.clear();
    failure.what = QStringLiteral("upload failed");
    failure.follows = 0;
    failure.evidence = {lineRef(0, 1800, "building package 1800", EvidenceRole::Failing)};
    findings->failures.push_back(failure);

    auto diagnosis = std::make_shared<Diagnosis>();
    Verdict verdict;
    verdict.cause = QStringLiteral("mem.oom.cgroup");
    verdict.title = QStringLiteral("The container's own memory limit");
    verdict.status = VerdictStatus::Confirmed;
    verdict.confidence = 0.97;
    verdict.failure = 0;
    verdict.playbook = QStringLiteral("killed");
    verdict.evidence = {lineRef(1, 40, "Memory cgroup out of memory: Killed process 42")};
    EvidenceRef sample;
    sample.source = 2;
    sample.series = 0;
    sample.value = 314572800;
    sample.time = PlacedTime{TimeNs{1490 * NsPerSecond}, TimeNs{1490 * NsPerSecond}, TimeNs{1490 * NsPerSecond}};
    verdict.evidence.push_back(sample);
    verdict.explanation =
        QStringLiteral("The kernel killed process **42** when the container reached its limit of `300 MiB`.");
    verdict.remedy = QStringLiteral("Raise the limit, or let the tests use less.");
    diagnosis->verdicts.push_back(verdict);
    verdict.cause = QStringLiteral("mem.leak");
    verdict.title = QStringLiteral("Memory grew until it was all used");
    verdict.status = VerdictStatus::Possible;
    verdict.confidence = 0.3;
    verdict.evidence = {sample};
    diagnosis->verdicts.push_back(verdict);
    RuledOut ruledOut;
    ruledOut.cause = QStringLiteral("infra.runner_shutdown");
    ruledOut.failure = 0;
    EvidenceRef covered;
    covered.source = 0;
    covered.covered = {TimeNs{1400 * NsPerSecond}, TimeNs{1600 * NsPerSecond}};
    covered.lookedFor = QStringLiteral("a shutdown of the runner");
    ruledOut.because = {covered};
    diagnosis->ruledOut.push_back(ruledOut);
    diagnosis->missing.push_back({QStringLiteral("kube-describe"), QStringLiteral("kubectl describe pod api"),
                                  QStringLiteral("Whether the pod was evicted"), 0});
    diagnosis->flowcharts.push_back(sampleFlowchart());
    return {evidence, placement, findings, diagnosis};
}

} // namespace faultline::test
