// SPDX-License-Identifier: GPL-3.0-or-later
// Counters of what was hit and of all become the part that was hit, step by step.
#include "importers/metrics/ratios.h"
#include "tests/support/test.h"

#include <cmath>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

Series counter(const QByteArray &name, const std::vector<double> &values, const QByteArray &pod = "api-1",
               const std::vector<int> &seconds = {})
{
    Series series{name, {{"pod", pod}}, SeriesKind::Counter, {}, 15 * NsPerSecond, {}, values, 7};
    for (size_t i = 0; i < values.size(); ++i)
        series.times.push_back({(seconds.empty() ? static_cast<qint64>(15 * i) : seconds[i]) * NsPerSecond});
    return series;
}

/// The ratios that the shipped rules make of the series.
std::vector<Series> ratiosOf(std::vector<Series> series)
{
    SourceEvidence evidence;
    evidence.kind = SourceKind::Metrics;
    const size_t given = series.size();
    evidence.series = std::move(series);
    addRatios(evidence, MetricRules::shipped().ratios());
    return {evidence.series.begin() + static_cast<ptrdiff_t>(given), evidence.series.end()};
}

} // namespace

class TestRatios : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dividesRises_data()
    {
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<QByteArray>("whole");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("cAdvisor") << QByteArray("container_cpu_cfs_throttled_periods_total")
                                  << QByteArray("container_cpu_cfs_periods_total")
                                  << QByteArray("container_cpu_cfs_throttled_ratio");
        QTest::newRow("cgroup") << QByteArray("cpu.stat.nr_throttled") << QByteArray("cpu.stat.nr_periods")
                                << QByteArray("cpu.stat.nr_throttled_ratio");
    }
    void dividesRises()
    {
        QFETCH(QByteArray, part);
        QFETCH(QByteArray, whole);
        QFETCH(QByteArray, name);
        const auto ratios = ratiosOf({counter(part, {0, 0, 75, 225}), counter(whole, {100, 250, 400, 550})});
        QCOMPARE(ratios.size(), size_t(1));
        QCOMPARE(ratios[0].name, name);
        QCOMPARE(ratios[0].label("pod"), "api-1");
        QCOMPARE(ratios[0].values, (std::vector<double>{0, 0.5, 1}));
        QCOMPARE(ratios[0].times.front(), SourceTime{15 * NsPerSecond});
        const MetricFamily *family = nullptr;
        const MetricRules rules = MetricRules::shipped();
        family = rules.familyOf(ratios[0]);
        QVERIFY(family);
        QCOMPARE(family->resource, "throttling");
        QCOMPARE(family->limit, 1.0);
    }

    void startsAnewAfterAReset()
    {
        const auto ratios = ratiosOf({counter("container_cpu_cfs_throttled_periods_total", {500, 510, 30, 40}),
                                      counter("container_cpu_cfs_periods_total", {1000, 1100, 60, 60})});
        QCOMPARE(ratios.size(), size_t(1));
        QCOMPARE(ratios[0].values[0], 0.1);
        QCOMPARE(ratios[0].values[1], 0.5);
        QVERIFY(std::isnan(ratios[0].values[2])); // no period passed
    }

    void takesOnlyCommonMomentsOfTheSameLabels()
    {
        const auto ratios =
            ratiosOf({counter("container_cpu_cfs_throttled_periods_total", {0, 10, 20}, "api-1", {0, 15, 30}),
                      counter("container_cpu_cfs_periods_total", {0, 50, 100}, "api-1", {0, 20, 30}),
                      counter("container_cpu_cfs_throttled_periods_total", {0, 10}, "other")});
        QCOMPARE(ratios.size(), size_t(1));
        QCOMPARE(ratios[0].values, std::vector<double>{0.2});
    }

    void leavesARatioThatIsThere()
    {
        QVERIFY(ratiosOf({counter("container_cpu_cfs_throttled_periods_total", {0, 10}),
                          counter("container_cpu_cfs_periods_total", {0, 50}),
                          counter("container_cpu_cfs_throttled_ratio", {0.9})})
                    .empty());
    }

    void knowsSeriesByTheNamesOfTheirPrograms_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("resource");
        const auto rows = [](const QByteArray &resource, std::initializer_list<const char *> names) {
            for (const char *name : names)
                QTest::newRow(name) << QByteArray(name) << resource;
        };
        rows("memory", {"container_memory_working_set_bytes", "process_resident_memory_bytes",
                        "node_memory_MemAvailable_bytes", "k8s.pod.memory.working_set", "k8s.node.memory.available",
                        "container.memory.usage.total", "process.memory.usage", "process.memory.physical_usage",
                        "namedprocess_namegroup_memory_bytes", "windows_process_working_set_bytes",
                        "windows_os_physical_memory_free_bytes", "memory.current", "memory.usage_in_bytes",
                        "memory/rss", "process.runtime.cpython.memory", "dotnet.process.memory.working_set"});
        rows("heap", {"go_memstats_heap_inuse_bytes", "jvm_memory_used_bytes", "jvm_memory_bytes_used",
                      "jvm.memory.used", "process.runtime.jvm.memory.usage", "nodejs_heap_size_used_bytes",
                      "v8js.memory.heap.used", "go.memory.used", "dotnet_total_memory_bytes"});
        rows("cpu", {"container_cpu_usage_seconds_total", "process_cpu_seconds_total", "k8s.pod.cpu.usage",
                     "container.cpu.time", "process.cpu.time", "namedprocess_namegroup_cpu_seconds_total",
                     "windows_process_cpu_time_total", "system.cpu.utilization", "node_load1"});
        rows("descriptors", {"process_open_fds", "process.open_file_descriptors", "process.open_file_descriptor.count",
                             "jvm.file_descriptor.count", "process.files.open", "process_files_open_files",
                             "namedprocess_namegroup_open_filedesc", "namedprocess_namegroup_worst_fd_ratio",
                             "node_filefd_allocated", "windows_process_handles", "process_open_handles"});
        rows("threads", {"go_threads", "process.threads", "process.thread.count", "jvm.thread.count",
                         "jvm_threads_live_threads", "jvm_threads_current", "namedprocess_namegroup_num_threads",
                         "container_threads", "pids.current", "system.processes", "windows_os_processes"});
        rows("inodes", {"node_filesystem_files_free", "container_fs_inodes_free", "kubelet_volume_stats_inodes_free",
                        "k8s.volume.inodes.free", "kubelet_volume_stats_inodes_used"});
        rows("disk", {"node_filesystem_avail_bytes", "container_fs_usage_bytes", "k8s.pod.filesystem.available",
                      "k8s.pod.filesystem.usage", "windows_logical_disk_free_bytes", "k8s.volume.available",
                      "kubelet_volume_stats_available_bytes"});
        rows("throttling", {"container_cpu_cfs_throttled_seconds_total", "container_cpu_cfs_throttled_periods_total"});
        rows("goroutines", {"go_goroutines", "go.goroutine.count"});
    }
    void knowsSeriesByTheNamesOfTheirPrograms()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, resource);
        const MetricRules rules = MetricRules::shipped();
        const Series series = counter(name, {1});
        QVERIFY(!rules.isConstant(series));
        const MetricFamily *family = rules.familyOf(series);
        QVERIFY(family);
        QCOMPARE(family->resource, resource);
    }

    void knowsLimitsByTheNamesOfTheirPrograms_data()
    {
        QTest::addColumn<QByteArray>("usage");
        QTest::addColumn<QByteArray>("limit");
        const auto row = [](const char *usage, const char *limit) {
            QTest::addRow("%s of %s", usage, limit) << QByteArray(usage) << QByteArray(limit);
        };
        row("container_memory_working_set_bytes", "container_spec_memory_limit_bytes");
        row("container_memory_working_set_bytes", "kube_pod_container_resource_limits");
        row("container.memory.working_set", "k8s.container.memory_limit");
        row("container.memory.usage.total", "container.memory.usage.limit");
        row("memory.current", "memory.max");
        row("jvm.memory.used", "jvm.memory.limit");
        row("jvm_memory_used_bytes", "jvm_memory_max_bytes");
        row("v8js.memory.heap.used", "v8js.memory.heap.limit");
        row("go.memory.used", "go.memory.limit");
        row("container.cpu.usage", "k8s.container.cpu_limit");
        row("process_open_fds", "process_max_fds");
        row("process.files.open", "process.files.max");
        row("process_files_open_files", "process_files_max_files");
        row("jvm.file_descriptor.count", "jvm.file_descriptor.limit");
        row("node_filefd_allocated", "node_filefd_maximum");
        row("container_threads", "container_threads_max");
        row("pids.current", "pids.max");
        row("kubelet_volume_stats_used_bytes", "kubelet_volume_stats_capacity_bytes");
        row("k8s.pod.filesystem.usage", "k8s.pod.filesystem.capacity");
        row("kubelet_volume_stats_inodes_used", "kubelet_volume_stats_inodes");
    }
    void knowsLimitsByTheNamesOfTheirPrograms()
    {
        QFETCH(QByteArray, usage);
        QFETCH(QByteArray, limit);
        const MetricRules rules = MetricRules::shipped();
        const MetricFamily *family = rules.familyOf(counter(usage, {1}));
        QVERIFY(family);
        QVERIFY(family->limits.match(MetricRules::spelt(limit)).hasMatch());
    }
};

FAULTLINE_TEST(TestRatios)
#include "tst_ratios.moc"
