// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/azure-pipelines tests/data/bitbucket-pipelines tests/data/buildkite tests/data/circleci tests/data/circleci-json tests/data/concourse tests/data/gh-run-log tests/data/github-actions tests/data/gitlab tests/data/jenkins tests/data/taskcluster tests/data/teamcity tests/data/travis
#include "tests/fuzz/importbytes.h"

/// Logs of CI systems.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes({"azure-pipelines", "bitbucket-pipelines", "buildkite", "circleci",
                                         "circleci-json", "concourse", "gh-run-log", "github-actions", "gitlab",
                                         "jenkins", "taskcluster", "teamcity", "travis"},
                                        data, size);
}
