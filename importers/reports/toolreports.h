// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// What linters and scanners write as JSON: each finding becomes an event of the same signature as the tool's text.
class ToolReport : public Importer
{
public:
    SniffResult sniff(const SourceHead &head) const final;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const final;

protected:
    struct Form;
    struct Tool;
    virtual const Tool &tool() const = 0;
};

/// `golangci-lint run --out-format json`, since version 2 `--output.json.path`.
class GolangciReport final : public ToolReport
{
public:
    ImporterInfo info() const override;

protected:
    const Tool &tool() const override;
};

/// `govulncheck -json`: several objects one after another.
class GovulncheckReport final : public ToolReport
{
public:
    ImporterInfo info() const override;

protected:
    const Tool &tool() const override;
};

/// `npm audit --json`, of npm 6 and of npm 7 on.
class NpmAuditReport final : public ToolReport
{
public:
    ImporterInfo info() const override;

protected:
    const Tool &tool() const override;
};

/// `eslint -f json`
class EslintReport final : public ToolReport
{
public:
    ImporterInfo info() const override;

protected:
    const Tool &tool() const override;
};

} // namespace faultline
