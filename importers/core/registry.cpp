// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"

#include "importers/carriers/azure_pipelines/azurepipelines.h"
#include "importers/carriers/buildkite/buildkite.h"
#include "importers/carriers/circleci/circleci.h"
#include "importers/carriers/dmesg/dmesg.h"
#include "importers/carriers/github_actions/githubactions.h"
#include "importers/carriers/gitlab/gitlab.h"
#include "importers/carriers/go_test/gotestcarriers.h"
#include "importers/carriers/jenkins/jenkins.h"
#include "importers/carriers/journal/journal.h"
#include "importers/carriers/json_lines/jsonlines.h"
#include "importers/carriers/junit_xml/junitxml.h"
#include "importers/carriers/jvm/jvmcarriers.h"
#include "importers/carriers/kubectl_logs/kubectllogs.h"
#include "importers/carriers/plain/plain.h"
#include "importers/carriers/script_logs/scriptlogs.h"
#include "importers/carriers/strace/strace.h"
#include "importers/carriers/taskcluster/taskcluster.h"
#include "importers/carriers/teamcity/teamcity.h"
#include "importers/carriers/travis/travis.h"
#include "importers/core/textimporter.h"
#include "importers/metrics/metricscsv.h"
#include "importers/metrics/metricstext.h"
#include "importers/metrics/prometheusjson.h"
#include "importers/metrics/prometheusrules.h"
#include "importers/metrics/systemtables.h"
#include "importers/profiles/gocover.h"
#include "importers/profiles/goroutineprofile.h"
#include "importers/profiles/pprof.h"
#include "importers/recognisers/gdb/gdb.h"
#include "importers/recognisers/goroutines/goroutines.h"
#include "importers/recognisers/gotest/gotest.h"
#include "importers/recognisers/host_tables/hosttables.h"
#include "importers/recognisers/jvm/hserr.h"
#include "importers/recognisers/jvm/jvmgc.h"
#include "importers/recognisers/jvm/jvmthreads.h"
#include "importers/recognisers/kernel_release/kernelrelease.h"
#include "importers/recognisers/mocha/mocha.h"
#include "importers/recognisers/oom_report/oomreport.h"
#include "importers/recognisers/ruby_tests/rubytests.h"
#include "importers/recognisers/test_runs/testruns.h"
#include "importers/recognisers/ulimit/ulimit.h"
#include "importers/reports/githubrun.h"
#include "importers/reports/toolreports.h"
#include "importers/state/cgroupfiles.h"
#include "importers/state/dockerinspect.h"
#include "importers/state/hoststate.h"
#include "importers/state/kubectldescribe.h"
#include "importers/state/kubeobject.h"
#include "importers/state/kubetable.h"

#include <algorithm>

namespace faultline {

namespace {

template<typename... Types, typename Base>
void fill(std::vector<std::unique_ptr<Base>> &list)
{
    (list.push_back(std::make_unique<Types>()), ...);
}

/// Text formats, one line each. Where two are equally sure, the earlier one wins.
void addCarriers(std::vector<std::unique_ptr<Carrier>> &list)
{
    fill<Dmesg>(list);
    fill<DmesgJson>(list);
    fill<JournalText>(list);
    fill<JournalJson>(list);
    fill<JournalExport>(list);
    fill<AzurePipelinesCarrier>(list);
    fill<JournalVerbose>(list);
    fill<JournalPretty>(list);
    fill<GithubActionsCarrier>(list);
    fill<GhRunLogCarrier>(list);
    fill<GitlabCarrier>(list);
    fill<JenkinsCarrier>(list);
    fill<TravisCarrier>(list);
    fill<TaskclusterCarrier>(list);
    fill<BuildkiteCarrier>(list);
    fill<TeamCityCarrier>(list);
    fill<CircleCiCarrier>(list);
    fill<BitbucketCarrier>(list);
    fill<ConcourseCarrier>(list);
    fill<CircleCiJsonCarrier>(list);
    fill<GoTestJsonCarrier>(list);
    fill<GoTestCarrier>(list);
    fill<GoroutineDumpCarrier>(list);
    fill<JvmThreadDumpCarrier>(list);
    fill<HsErrCarrier>(list);
    fill<JunitXmlCarrier>(list);
    fill<NunitXmlCarrier>(list);
    fill<XunitXmlCarrier>(list);
    fill<TrxCarrier>(list);
    fill<KubectlLogsCarrier>(list);
    fill<Strace>(list);
    fill<JsonLinesCarrier>(list);
    fill<PlainCarrier>(list);
}

/// What payloads may mean, one line each.
void addRecognisers(std::vector<std::unique_ptr<Recogniser>> &list)
{
    fill<GoTestRecogniser>(list);
    fill<GoroutinesRecogniser>(list);
    fill<TestRunsRecogniser>(list);
    fill<MochaRecogniser>(list);
    fill<RubyTestsRecogniser>(list);
    fill<JvmThreadsRecogniser>(list);
    fill<JvmGcRecogniser>(list);
    fill<HsErrRecogniser>(list);
    fill<KernelRelease>(list);
    fill<OomReport>(list);
    fill<HostTables>(list);
    fill<Ulimit>(list);
    fill<Gdb>(list);
}

/// Structured formats, one line each.
void addImporters(std::vector<std::unique_ptr<Importer>> &list)
{
    fill<PrometheusJson>(list);
    fill<VictoriaExport>(list);
    fill<PrometheusRules>(list);
    fill<MetricsCsv>(list);
    fill<OpenMetrics>(list);
    fill<PrometheusText>(list);
    fill<Sysstat>(list);
    fill<Sadf>(list);
    fill<Vmstat>(list);
    fill<Top>(list);
    fill<PromtoolDump>(list);
    fill<KubectlDescribe>(list);
    fill<KubeObject>(list);
    fill<KubeTable>(list);
    fill<DockerInspect>(list);
    fill<CgroupFiles>(list);
    fill<HostState>(list);
    fill<Pprof>(list);
    fill<GoroutineProfile>(list);
    fill<GoCover>(list);
    fill<GolangciReport>(list);
    fill<GovulncheckReport>(list);
    fill<NpmAuditReport>(list);
    fill<EslintReport>(list);
    fill<GithubRun>(list);
}

} // namespace

Registry::Registry()
{
    addCarriers(m_carriers);
    addRecognisers(m_recognisers);
    addImporters(m_importers);
    int pattern = 0;
    std::vector<int> firstMarks;
    for (const auto &carrier : m_carriers) {
        firstMarks.push_back(pattern);
        pattern += static_cast<int>(carrier->marks().size());
    }
    std::vector<TextImporter::PlannedRecogniser> recognisers;
    for (const auto &recogniser : m_recognisers) {
        recognisers.push_back({recogniser.get(), pattern});
        pattern += static_cast<int>(recogniser->triggers().size());
    }
    for (size_t i = 0; i < m_carriers.size(); ++i) {
        auto importer = std::make_unique<TextImporter>(*m_carriers[i], firstMarks[i], recognisers);
        m_textImporters.push_back(importer.get());
        m_importers.push_back(std::move(importer));
    }
}

Registry::~Registry() = default;

const Importer *Registry::byId(QByteArrayView id) const
{
    const auto found =
        std::ranges::find_if(m_importers, [id](const auto &importer) { return importer->info().id == id; });
    return found == m_importers.end() ? nullptr : found->get();
}

std::vector<QByteArray> Registry::scanPatterns(const SignatureSet &signatures) const
{
    std::vector<QByteArray> patterns = signatures.patterns();
    for (const auto &carrier : m_carriers)
        std::ranges::copy(carrier->marks(), std::back_inserter(patterns));
    for (const auto &recogniser : m_recognisers)
        std::ranges::copy(recogniser->triggers(), std::back_inserter(patterns));
    return patterns;
}

} // namespace faultline
