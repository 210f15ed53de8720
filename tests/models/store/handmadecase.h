// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <cmath>

namespace faultline::test {

constexpr qint64 Epoch = 1'700'000'000 * NsPerSecond;

constexpr SourceTime at(double seconds)
{
    return {Epoch + static_cast<qint64>(seconds * 1e9)};
}

/// Lines of the form "SECONDS text", seconds after Epoch; "-" for a line without a stamp.
class EpochSecondsDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64) const override
    {
        DecodedLine decoded;
        const size_t space = line.find(' ');
        decoded.payload = space == std::string_view::npos ? line : line.substr(space + 1);
        bool isNumber = false;
        const double seconds =
            QByteArray(line.substr(0, space).data(), static_cast<qsizetype>(std::min(space, line.size())))
                .toDouble(&isNumber);
        if (isNumber)
            decoded.time = at(seconds);
        decoded.level = decoded.payload.find("error") == std::string_view::npos ? Severity::Info : Severity::Error;
        return decoded;
    }
};

inline std::shared_ptr<SourceEvidence> textSource(const QString &path, SourceKind kind, const QByteArray &text)
{
    auto source = std::make_shared<SourceEvidence>();
    source->path = path;
    source->kind = kind;
    source->format = "plain";
    source->basis = TimeBasis::Utc;
    source->resolutionNs = NsPerMillisecond;
    std::vector<TextBlock> blocks{{0, 1}};
    qint64 line = 1;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\n')
            continue;
        ++line;
        if (i + 1 < text.size() && i + 1 - blocks.back().byteOffset >= TextStore::BlockBytes)
            blocks.push_back({i + 1, line});
    }
    const qint64 count = text.count('\n') + (text.isEmpty() || text.endsWith('\n') ? 0 : 1);
    source->text = std::make_shared<TextStore>(memorySource(path, text), blocks, count);
    source->decoder = std::make_shared<EpochSecondsDecoder>();
    return source;
}

inline Placement placedAsWritten(const Evidence &evidence)
{
    Placement placement;
    for (const auto &source : evidence.sources) {
        SourcePlacement &of = placement.sources.emplace_back();
        of.segments.push_back({SourceTime{std::numeric_limits<qint64>::min()}, 0, 0, source->resolutionNs});
        of.reason = QStringLiteral("stated");
    }
    return placement;
}

/// A small case with something in every table: 0 a log of `logLines` lines, one a second; 1 a kernel log, unplaced if asked; 2 metrics.
inline Analysis handmadeCase(int logLines = 10, bool kernelPlaced = true)
{
    QByteArray text;
    for (int i = 0; i < logLines; ++i)
        text += QByteArray::number(i) + (i % 7 == 3 ? " error at " : " step ") + QByteArray::number(i) + '\n';
    auto log = textSource(QStringLiteral("run/ci.log"), SourceKind::CiLog, text);
    log->identity.job = "build";
    log->first = at(0);
    log->last = at(logLines - 1);
    log->events.push_back({4,
                           4,
                           SourceInterval{at(3), at(3)},
                           "go.fail",
                           Role::Symptom,
                           Severity::Error,
                           "--- FAIL: TestX",
                           {{"test", "TestX"}, {"test", "second"}},
                           {}});
    log->events.push_back(
        {5, 6, std::nullopt, "shell.killed", Role::Symptom, Severity::Error, "12 Killed", {{"pid", "12"}}, {}});
    log->events.back().identity.pid = 12;
    log->spans.push_back({-1, SpanKind::Job, "build", at(0), at(9), Outcome::Failed, 1, 10, {}});
    log->spans.push_back({0, SpanKind::Step, "test", at(1), std::nullopt, Outcome::Unknown, 2, 10, {}});
    log->notes.push_back({Severity::Warning, Code::BadTimestamp, {7, 1, 70}, QStringLiteral("No time"), 3});
    log->threads.push_back({17, "chan receive", 9 * NsPerMinute, "main.f\nmain.g", 8, 2});

    auto kernel = textSource(QStringLiteral("run/dmesg.txt"), SourceKind::KernelLog, "5 Killed process 12 (x.test)\n");
    kernel->identity.host = "h1";
    kernel->first = kernel->last = at(5);
    kernel->events.push_back({1,
                              1,
                              SourceInterval{at(5), at(6)},
                              "kernel.oom_kill",
                              Role::Cause,
                              Severity::Fatal,
                              "Killed process 12 (x.test)",
                              {{"pid", "12"}},
                              {}});
    kernel->facts.push_back({1, SourceInterval{at(5), at(5)}, "container/api", "lastState.reason", "OOMKilled", {}});
    kernel->coverage.push_back({{}, at(-100), at(60), CoverageHow::Stated});

    auto metrics = std::make_shared<SourceEvidence>();
    metrics->path = QStringLiteral("run/memory.json");
    metrics->kind = SourceKind::Metrics;
    metrics->basis = TimeBasis::Utc;
    Series memory{"container_memory_working_set_bytes",
                  {{"pod", "api"}, {"container", "c"}},
                  SeriesKind::Gauge,
                  "bytes",
                  NsPerSecond,
                  {},
                  {},
                  1};
    Series limit = memory;
    limit.name = "container_spec_memory_limit_bytes";
    for (int i = 0; i < 20; ++i) {
        memory.times.push_back(at(i));
        memory.values.push_back(i == 7 ? std::nan("") : i * 1.5);
        limit.times.push_back(at(i));
        limit.values.push_back(100);
    }
    metrics->series = {memory, limit};
    metrics->first = at(0);
    metrics->last = at(19);
    metrics->profiles.push_back(
        {"cpu", "nanoseconds", at(2), 3 * NsPerSecond, {{"main.f", "f.go", 12, 1.5, 2.5, 3}}, {}, nullptr});

    auto evidence = std::make_shared<Evidence>();
    evidence->sources = {log, kernel, metrics};
    auto placement = std::make_shared<Placement>(placedAsWritten(*evidence));
    if (!kernelPlaced)
        placement->sources[1] = {};
    placement->sources[1].anchors.push_back(
        {1, 1, at(5), 0, 5, TimeNs{at(5).ns}, QStringLiteral("pid 12 killed"), 0, true});

    auto findings = std::make_shared<Findings>();
    Failure failure;
    failure.id = 0;
    failure.source = 0;
    failure.line = failure.lastLine = 5;
    failure.time = PlacedTime{{at(4).ns}, {at(3.5).ns}, {at(4.5).ns}};
    failure.exitCode = 137;
    failure.signal = "SIGKILL";
    failure.what = QStringLiteral("step 'test' was killed");
    failure.step = "test";
    findings->failures.push_back(failure);
    findings->spikes.push_back({0, SpikeKind::Saturation, 0, {at(3).ns}, {at(4).ns}, {at(5).ns}, 99.0, 1.0, 31.0});
    findings->changes.push_back({0, 1, 0, 31.0});
    findings->limitSeries = {1, -1};
    return {evidence, placement, findings, nullptr};
}

inline Analysis withVerdict(Analysis analysis)
{
    auto diagnosis = std::make_shared<Diagnosis>();
    Verdict verdict;
    verdict.cause = QStringLiteral("mem.oom.cgroup");
    verdict.title = QStringLiteral("Out of memory");
    verdict.status = VerdictStatus::Confirmed;
    verdict.confidence = 0.97;
    verdict.failure = 0;
    verdict.path = {QStringLiteral("killed"), QStringLiteral("kernel=yes")};
    diagnosis->verdicts.push_back(verdict);
    analysis.diagnosis = diagnosis;
    return analysis;
}

} // namespace faultline::test
