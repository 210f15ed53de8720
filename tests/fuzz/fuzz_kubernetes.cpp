// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/kubectl-describe tests/data/kube-object tests/data/kube-table tests/data/docker-inspect
#include "tests/fuzz/importbytes.h"

/// Kubernetes and docker.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes({"kubectl-describe", "kube-object", "kube-table", "docker-inspect"}, data,
                                        size);
}
