// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// What GitHub says of a workflow run: which jobs and steps went well. A step that was allowed to fail went well there, whatever its log
/// says. The page that `gh run view` prints (github.com/cli/cli, pkg/cmd/run/shared/presentation.go), and JSON of
/// `gh run view --json jobs` or of the REST API ("List jobs for a workflow run").
class GithubRun : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
