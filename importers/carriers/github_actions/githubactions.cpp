// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubactions.h"

#include "importers/carriers/github_actions/githubsession.h"
#include "importers/core/headlines.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

ImporterInfo GithubActionsCarrier::info() const
{
    return {"github-actions", tr("GitHub Actions log"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult GithubActionsCarrier::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head);
    std::ptrdiff_t filled = 0;
    std::ptrdiff_t stamped = 0;
    bool hasCommand = false;
    bool hasSection = false; // of Azure's agent, from which GitHub's runner comes
    bool isRunner = false;
    for (const std::string_view line : lines) {
        filled += line.empty() ? 0 : 1;
        const size_t length = GithubDecoder::stampLength(line);
        if (length == 0)
            continue;
        ++stamped;
        const std::string_view text = line.substr(length);
        hasSection = hasSection || text.starts_with("##[section]");
        isRunner = isRunner || text.starts_with("Current runner version") || text.starts_with("##[group]Run ")
                   || text.starts_with("Requesting a hosted runner");
        hasCommand = hasCommand || text.starts_with("##[") || text.starts_with("Current runner version")
                     || text.starts_with("[command]");
    }
    if (stamped == 0 && GithubPath::read(head.name).isOfStep() && looksLikeText(head))
        return {20, tr("It lies where a run's log archive has a step's log")};
    if (stamped == 0 || stamped * 10 < filled)
        return {};
    if (hasSection && !isRunner)
        return {60, tr("Lines begin with time stamps as GitHub's runner writes them; the sections are Azure's")};
    if (hasCommand)
        return {95, tr("Lines begin with the runner's time stamps (seven decimals, UTC) and hold its commands")};
    const int score = stamped * 10 >= filled * 9 ? 92 : stamped * 2 >= filled ? 80 : 50;
    return {score, tr("Lines begin with the runner's time stamps (seven decimals, UTC)")};
}

std::vector<QByteArray> GithubActionsCarrier::marks() const
{
    return GithubSession::marks();
}

std::unique_ptr<CarrierSession> GithubActionsCarrier::open(const SourceHead &head) const
{
    return std::make_unique<GithubSession>(GithubPath::read(head.name));
}

ImporterInfo GhRunLogCarrier::info() const
{
    return {"gh-run-log", tr("GitHub Actions log by gh run view --log"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult GhRunLogCarrier::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head);
    const auto hasColumns = [](std::string_view line) {
        const auto columns = GithubDecoder::columns(line);
        return columns.end > 0 && GithubDecoder::stampLength(line.substr(columns.end)) > 0;
    };
    const auto matching = std::ranges::count_if(lines, hasColumns);
    if (matching == 0 || matching * 2 < std::ssize(lines))
        return {};
    return {96, tr("Lines begin with job, step and the runner's time stamp, as gh run view --log prints them")};
}

std::vector<QByteArray> GhRunLogCarrier::marks() const
{
    return GhRunSession::marks();
}

std::unique_ptr<CarrierSession> GhRunLogCarrier::open(const SourceHead &) const
{
    return std::make_unique<GhRunSession>();
}

} // namespace faultline
