// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/carriers/github_actions/githubdecoder.h"
#include "importers/core/spantree.h"

namespace faultline {

/// Job, steps and groups of a raw GitHub Actions log, with what the `##[error]` lines say of their outcome.
class GithubSession final : public CarrierSession
{
public:
    enum Mark { Command, JobName, PostJob, Orphans, Machine, RunnerVersion };
    static std::vector<QByteArray> marks();

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink) override;
    void finish(LineReader &lines, TextSink &sink) override;

private:
    void beginStep(std::string_view name, const TextLine &line, TextSink &sink);
    void endStep(const TextLine &line, TextSink &sink);
    void endGroup(const TextLine &line, TextSink &sink);
    void error(std::string_view message, const TextLine &line, TextSink &sink);

    std::shared_ptr<const GithubDecoder> m_decoder = std::make_shared<GithubDecoder>(false);
    SpanTree m_spans;
    QByteArray m_jobName;
    int m_step = -1;
    int m_group = -1;
    bool m_isHeader = false; ///< In the group that a step begins with.
    bool m_sawStart = false;
    bool m_sawEnd = false;
};

/// The same for `gh run view --log`, where job and step stand in front of each line.
class GhRunSession final : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink) override;
    void finish(LineReader &lines, TextSink &sink) override;

private:
    struct Ending {
        qint64 line;
        Outcome outcome;
    };
    /// The last line from `first` on whose columns are those of `first`.
    static qint64 lastOfRun(qint64 first, LineReader &lines);

    std::shared_ptr<const GithubDecoder> m_decoder = std::make_shared<GithubDecoder>(true);
    SpanTree m_spans;
    std::vector<Ending> m_endings;
};

/// What an `##[error]` line says of its step: Failed, Cancelled. The exit code, where it states one, goes into `exitCode`.
Outcome outcomeOfError(std::string_view message, QByteArray &exitCode);

} // namespace faultline
