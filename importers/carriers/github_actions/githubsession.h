// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/carriers/github_actions/githubdecoder.h"
#include "importers/carriers/github_actions/githubpath.h"
#include "importers/core/spantree.h"

namespace faultline {

/// Job, steps and groups of a raw GitHub Actions log, with what the `##[error]` lines say of their outcome.
class GithubSession final : public CarrierSession
{
public:
    enum Mark { Command, JobName, PostJob, Orphans, Machine, RunnerVersion };
    static std::vector<QByteArray> marks();

    explicit GithubSession(GithubPath path)
        : m_path(std::move(path))
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink) override;
    void finish(LineReader &lines, TextSink &sink) override;

private:
    void beginStep(std::string_view name, const TextLine &line, TextSink &sink);
    void endStep(const TextLine &line, TextSink &sink);
    void endGroup(const TextLine &line, TextSink &sink);
    void error(std::string_view message, const TextLine &line, TextSink &sink);
    /// Whether the step that this header begins is a script, by its "shell: " line.
    static bool isScript(const TextLine &header, LineReader &lines);
    bool isStepFile() const;
    void takeStepFromPath(const TextLine &end, TextSink &sink);

    GithubPath m_path;
    std::shared_ptr<const GithubDecoder> m_decoder = std::make_shared<GithubDecoder>(false);
    SpanTree m_spans;
    QByteArray m_jobName;
    int m_step = -1;
    int m_group = -1;
    int m_steps = 0;
    bool m_isHeader = false; ///< In the group that a step begins with.
    bool m_isScript = false; ///< The step runs a script, whose exit code alone makes it fail.
    bool m_sawStart = false;
    bool m_sawEnd = false;
};

/// The same for `gh run view --log`, where job and step stand in front of each line.
class GhRunSession final : public CarrierSession
{
public:
    enum Mark { Error, Group, PostJob, Orphans, RunnerVersion };
    static std::vector<QByteArray> marks();

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink) override;
    void finish(LineReader &lines, TextSink &sink) override;

private:
    struct Ending {
        qint64 line;
        Outcome outcome;
    };
    /// Where a step begins by the runner's own words: for logs whose steps gh could not tell apart ("UNKNOWN STEP").
    struct Beginning {
        qint64 line;
        QByteArray name;
    };
    /// The last line from `first` on whose columns are those of `first`.
    static qint64 lastOfRun(qint64 first, LineReader &lines);
    void addSteps(qint64 first, qint64 last, int job, LineReader &lines, TextSink &sink);
    void addStep(std::string_view name, qint64 first, qint64 last, int job, LineReader &lines, TextSink &sink);

    std::shared_ptr<const GithubDecoder> m_decoder = std::make_shared<GithubDecoder>(true);
    SpanTree m_spans;
    std::vector<Ending> m_endings;
    std::vector<Beginning> m_beginnings;
    size_t m_nextEnding = 0;
};

/// What an `##[error]` line says of its step: Failed, Cancelled. The exit code, where it states one, goes into `exitCode`.
Outcome outcomeOfError(std::string_view message, QByteArray &exitCode);

} // namespace faultline
