// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/charts/support/incident.h"

#include <cmath>

namespace faultline::test {

namespace {

constexpr double MiB = 1024 * 1024;

SourceTime at(double secondsFromKill)
{
    return {KillTime.ns + fromSeconds(secondsFromKill)};
}

TimeNs timeAt(double secondsFromKill)
{
    return KillTime + fromSeconds(secondsFromKill);
}

Event event(qint64 line, double seconds, Severity severity, const char *text, double error = 0)
{
    Event result;
    result.line = line;
    result.lastLine = line;
    result.time = SourceInterval{at(seconds - error), at(seconds + error)};
    result.severity = severity;
    result.text = text;
    return result;
}

Span span(int parent, SpanKind kind, const char *name, double start, double end, Outcome outcome, qint64 line)
{
    Span result;
    result.parent = parent;
    result.kind = kind;
    result.name = name;
    result.start = at(start);
    result.end = at(end);
    result.outcome = outcome;
    result.line = line;
    result.lastLine = line + 20;
    return result;
}

std::shared_ptr<SourceEvidence> source(const char *path, SourceKind kind)
{
    auto result = std::make_shared<SourceEvidence>();
    result->path = QString::fromUtf8(path);
    result->kind = kind;
    result->first = at(-600);
    result->last = at(40);
    result->coverage.push_back({{}, at(-600), at(40), CoverageHow::Stated});
    return result;
}

std::shared_ptr<SourceEvidence> ciLog()
{
    auto log = source("run-1842/1_build-and-test.txt", SourceKind::CiLog);
    log->spans = {span(-1, SpanKind::Job, "build-and-test", -600, 32, Outcome::Failed, 1),
                  span(0, SpanKind::Step, "Set up job", -600, -588, Outcome::Passed, 2),
                  span(0, SpanKind::Step, "Checkout", -588, -574, Outcome::Passed, 20),
                  span(0, SpanKind::Step, "Build image", -574, -300, Outcome::Passed, 50),
                  span(0, SpanKind::Step, "Run integration tests", -300, 4, Outcome::Failed, 210),
                  span(0, SpanKind::Step, "Upload coverage", 4, 6, Outcome::Skipped, 400),
                  span(0, SpanKind::Step, "Post: clean up", 6, 32, Outcome::Passed, 410)};
    for (int i = 0; i < 60; ++i) {
        const double start = -290 + i * 4.8;
        log->spans.push_back(span(4, SpanKind::Test,
                                  i == 59 ? "TestBulkImport/ten_thousand_orders"
                                  : i % 3 ? "TestOrders/refund"
                                          : "TestImport/csv",
                                  start, start + (i == 59 ? 10 : 4.4),
                                  i == 59       ? Outcome::Failed
                                  : i % 17 == 9 ? Outcome::Skipped
                                                : Outcome::Passed,
                                  220 + i * 3));
    }
    log->events = {
        event(61, -540, Severity::Warning, "warning: package golang.org/x/net is outdated"),
        event(212, -299, Severity::Info, "go test ./... -tags integration -timeout 10m"),
        event(330, -48, Severity::Warning, "import: batch of 10000 rows held in memory"),
        event(398, 0.2, Severity::Error, "/entrypoint.sh: line 31:    87 Killed    ./api --import fixtures/orders.csv"),
        event(401, 3.6, Severity::Error, "Error: Process completed with exit code 137.")};
    return log;
}

std::shared_ptr<SourceEvidence> kernelLog()
{
    auto log = source("run-1842/kernel.log", SourceKind::KernelLog);
    for (int i = 0; i < 400; ++i)
        log->events.push_back(event(10 + i, -420 + i * 0.9 + 7 * std::sin(i),
                                    i % 29 == 3 ? Severity::Warning : Severity::Info,
                                    "audit: type=1400 apparmor=\"ALLOWED\" operation=\"open\""));
    log->events.push_back(event(600, -0.3, Severity::Error,
                                "api invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=992"));
    log->events.push_back(
        event(642, 0, Severity::Fatal,
              "Memory cgroup out of memory: Killed process 4711 (api) total-vm:1460340kB, anon-rss:519232kB"));
    return log;
}

std::shared_ptr<SourceEvidence> podDescription()
{
    auto pod = source("run-1842/describe-pod.txt", SourceKind::KubeDescribe);
    pod->spans = {span(-1, SpanKind::State, "Running", -310, 1, Outcome::Failed, 30),
                  span(-1, SpanKind::State, "Waiting: CrashLoopBackOff", 1, 40, Outcome::Unknown, 36)};
    for (Span &state : pod->spans)
        state.identity.container = "api";
    pod->spans.back().end.reset();
    pod->events = {event(80, -312, Severity::Info, "Pulled: Container image \"registry/api:1842\" already present", 6),
                   event(81, -310, Severity::Info, "Started container api", 6),
                   event(83, 12, Severity::Warning, "BackOff: restarting failed container api", 8)};
    return pod;
}

Series series(const char *name, std::vector<Label> labels, const char *unit, SeriesKind kind, double step,
              double (*value)(double))
{
    Series result;
    result.name = name;
    result.labels = std::move(labels);
    result.unit = unit;
    result.kind = kind;
    result.stepNs = fromSeconds(step);
    for (double t = -600; t <= 40; t += step) {
        result.times.push_back(at(t));
        result.values.push_back(value(t));
    }
    return result;
}

double workingSet(double t)
{
    const double calm = 96 * MiB + 6 * MiB * std::sin(t / 9) + (t > -310 ? 40 * MiB : 0);
    const double burst = t > -52 ? (t + 52) * 7.4 * MiB : 0;
    return t > 0 ? 60 * MiB : std::min(calm + burst, 511 * MiB);
}

double cpuSeconds(double t)
{
    // A counter: the integral of its rate.
    double used = 40 + (t + 600) * 0.35 + 1.2 * std::sin(t / 11);
    if (t > -60)
        used += (std::min(t, 0.0) + 60) * 1.4;
    return used;
}

std::shared_ptr<SourceEvidence> metrics()
{
    auto result = source("run-1842/prometheus.json", SourceKind::Metrics);
    const std::vector<Label> api{{"namespace", "ci"}, {"pod", "api-6f7c"}, {"container", "api"}};
    result->series.push_back(
        series("container_memory_working_set_bytes", api, "bytes", SeriesKind::Gauge, 5, workingSet));
    result->series.push_back(series("container_spec_memory_limit_bytes", api, "bytes", SeriesKind::Gauge, 5,
                                    [](double) { return 512 * MiB; }));
    result->series.push_back(
        series("container_cpu_usage_seconds_total", api, "seconds", SeriesKind::Counter, 5, cpuSeconds));
    result->series.push_back(series("go_goroutines", {{"pod", "api-6f7c"}}, "", SeriesKind::Gauge, 15, [](double t) {
        return std::round(42 + 6 * std::sin(t / 40) + (t > -50 && t < 1 ? (t + 50) * 9 : 0));
    }));
    result->series.push_back(series("http_request_duration_seconds", {{"quantile", "0.99"}, {"handler", "/import"}},
                                    "seconds", SeriesKind::Gauge, 15,
                                    [](double t) { return 0.18 + 0.03 * std::sin(t / 22) + (t > -50 ? 0.9 : 0); }));
    for (const char *device : {"sda", "sdb", "sdc"})
        result->series.push_back(series("node_disk_io_time", {{"device", device}}, "ratio", SeriesKind::Gauge, 15,
                                        [](double t) { return 0.2 + 0.1 * std::sin(t / 50); }));
    for (const char *name : {"node_netstat_Tcp_RetransSegs", "node_entropy_available_bits", "process_start_time", "up",
                             "node_context_switches"})
        result->series.push_back(
            series(name, {}, "", SeriesKind::Gauge, 15, [](double t) { return 1200 + 300 * std::sin(t / 33); }));
    return result;
}

Findings findings()
{
    Findings result;
    Failure kill;
    kill.id = 0;
    kill.source = 1;
    kill.line = 642;
    kill.lastLine = 642;
    kill.time = PlacedTime{KillTime, timeAt(-0.4), timeAt(0.4)};
    kill.exitCode = 137;
    kill.signal = "SIGKILL";
    kill.what = QStringLiteral("container 'api' was killed");
    Failure step;
    step.id = 1;
    step.source = 0;
    step.line = 401;
    step.time = PlacedTime{timeAt(3.6), timeAt(3.6), timeAt(3.6)};
    step.exitCode = 137;
    step.what = QStringLiteral("step 'Run integration tests' failed");
    step.follows = 0;
    result.failures = {kill, step};
    result.spikes = {{0, SpikeKind::Saturation, 0, timeAt(-4), timeAt(-0), timeAt(0), 511 * MiB, 136 * MiB, 31},
                     {2, SpikeKind::Spike, 0, timeAt(-55), timeAt(-5), timeAt(0), 1.75, 0.35, 12},
                     {4, SpikeKind::Shift, 0, timeAt(-45), timeAt(-15), timeAt(40), 1.1, 0.18, 9}};
    result.changes = {{0, 1, 0, 31}, {0, 2, 2, 12}, {0, 3, 4, 9}, {0, 4, 3, 7}};
    result.limitSeries.assign(13, -1);
    result.limitSeries[0] = 1;
    return result;
}

Placement atFaceValue(const Evidence &evidence)
{
    Placement placement;
    for (const auto &source : evidence.sources) {
        SourcePlacement &placed = placement.sources.emplace_back();
        placed.segments.push_back({source->first.value_or(SourceTime{}), 0, 0, 0});
    }
    return placement;
}

WalkedNode node(const char *id, const char *label, NodeShape shape, NodeState state, const char *answer = "",
                const char *reason = "")
{
    WalkedNode result;
    result.id = QString::fromUtf8(id);
    result.label = QString::fromUtf8(label);
    result.shape = shape;
    result.state = state;
    result.answer = QString::fromUtf8(answer);
    result.reason = QString::fromUtf8(reason);
    result.isDecision = shape == NodeShape::Diamond || shape == NodeShape::Hexagon;
    if (result.id.contains(QLatin1Char('.')))
        result.cause = result.id;
    return result;
}

} // namespace

Analysis oomIncident()
{
    auto evidence = std::make_shared<Evidence>();
    evidence->sources = {ciLog(), kernelLog(), podDescription(), metrics()};
    auto diagnosis = std::make_shared<Diagnosis>();
    diagnosis->flowcharts = {killedFlowchart()};
    Analysis analysis;
    analysis.placement = std::make_shared<Placement>(atFaceValue(*evidence));
    analysis.evidence = std::move(evidence);
    analysis.findings = std::make_shared<Findings>(findings());
    analysis.diagnosis = std::move(diagnosis);
    return analysis;
}

WalkedFlowchart killedFlowchart()
{
    WalkedFlowchart chart;
    chart.playbook = QStringLiteral("killed");
    chart.title = QStringLiteral("The job was killed");
    chart.failure = 0;
    chart.nodes = {
        node("killed", "Job was killed", NodeShape::Stadium, NodeState::Answered),
        node("kernel", "Did the kernel kill it for memory?", NodeShape::Diamond, NodeState::Answered, "yes"),
        node("whose", "Whose limit was it?", NodeShape::Diamond, NodeState::Answered, "its own cgroup"),
        node("mem.oom.cgroup", "The container's own memory limit", NodeShape::Rect, NodeState::Confirmed),
        node("mem.oom.global", "The machine ran out of memory", NodeShape::Rect, NodeState::RuledOut, "",
             "The kernel names the cgroup's own limit: CONSTRAINT_MEMCG"),
        node("grew", "Did memory grow step by step before?", NodeShape::Hexagon, NodeState::Open, "unknown",
             "No heap profile covers the minute before"),
        node("mem.leak", "A memory leak", NodeShape::Rect, NodeState::Possible),
        node("mem.burst", "One large allocation", NodeShape::Rect, NodeState::Possible),
        node("runner", "Was the runner shut down?", NodeShape::Diamond, NodeState::NotReached),
        node("ci.runner.lost", "The runner went away", NodeShape::Rect, NodeState::NotReached),
        node("ci.timeout", "The job's time limit", NodeShape::Rect, NodeState::NotReached),
    };
    chart.edges = {{0, 1, {}, EdgeState::Taken},
                   {1, 2, QStringLiteral("yes"), EdgeState::Taken},
                   {1, 8, QStringLiteral("no"), EdgeState::NotTaken},
                   {2, 3, QStringLiteral("its own cgroup"), EdgeState::Taken},
                   {2, 4, QStringLiteral("the whole machine"), EdgeState::RuledOut},
                   {3, 5, {}, EdgeState::Taken},
                   {5, 6, QStringLiteral("yes"), EdgeState::Open},
                   {5, 7, QStringLiteral("no"), EdgeState::Open},
                   {8, 9, QStringLiteral("yes"), EdgeState::NotTaken},
                   {8, 10, QStringLiteral("no"), EdgeState::NotTaken}};
    return chart;
}

Analysis longSeries(size_t samples, size_t spikeAt)
{
    auto evidence = std::make_shared<Evidence>();
    auto source = std::make_shared<SourceEvidence>();
    source->path = QStringLiteral("long.json");
    source->kind = SourceKind::Metrics;
    source->first = SourceTime{KillTime.ns};
    Series series;
    series.name = "container_memory_working_set_bytes";
    series.unit = "bytes";
    series.kind = SeriesKind::Gauge;
    series.stepNs = NsPerSecond;
    quint64 random = 88172645463325252ULL;
    for (size_t i = 0; i < samples; ++i) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        series.times.push_back(*source->first + static_cast<DurationNs>(i) * NsPerSecond);
        series.values.push_back(i == spikeAt ? 10'000.0 : 900 + static_cast<double>(random % 100));
    }
    source->last = series.times.empty() ? source->first : std::optional(series.times.back());
    source->series.push_back(std::move(series));
    evidence->sources.push_back(std::move(source));
    Analysis analysis;
    analysis.placement = std::make_shared<Placement>(atFaceValue(*evidence));
    analysis.evidence = std::move(evidence);
    auto found = std::make_shared<Findings>();
    found->limitSeries = {-1};
    analysis.findings = std::move(found);
    return analysis;
}

} // namespace faultline::test
