// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/brokenoff.h"

#include "models/core/translate.h"
#include "models/findings/failures.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr DurationNs Before = 60 * NsPerSecond;
constexpr DurationNs After = 15 * NsPerMinute; ///< What the runner wrote last may be lost with it.

bool hasEnd(const SourceEvidence &log)
{
    return std::ranges::any_of(log.events, [](const Event &event) { return event.role == Role::End; })
           || std::ranges::any_of(log.spans, [](const Span &span) {
                  return span.kind == SpanKind::Job && span.outcome != Outcome::Unknown;
              });
}

bool namesRunner(const Failure &kill)
{
    static const QRegularExpression runner(u"runner|agent|jenkins|buildkite|gitlab|actions\\."_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return std::ranges::any_of(kill.evidence, [](const EvidenceRef &ref) {
        return runner.match(QString::fromUtf8(ref.text.left(500))).hasMatch();
    });
}

/// The kill of the runner that comes with the log's last line.
const Failure *killAt(const std::vector<Failure> &kills, TimeNs last)
{
    const auto fits = [last](const Failure &kill) {
        return kill.time && kill.signal == "SIGKILL" && kill.time->time >= last - Before
               && kill.time->time <= last + After && namesRunner(kill);
    };
    const auto found = std::ranges::find_if(kills, fits);
    return found == kills.end() ? nullptr : &*found;
}

} // namespace

std::vector<Failure> failuresOfBrokenLogs(const Evidence &evidence, const Placement &placement,
                                          const SignatureSet &signatures)
{
    std::vector<Failure> kills;
    for (size_t s = 0; s < evidence.sources.size(); ++s) {
        const SourceEvidence &source = *evidence.sources[s];
        if (source.kind == SourceKind::KernelLog || source.kind == SourceKind::Journal)
            std::ranges::move(failuresOfHost(static_cast<int>(s), source, placement.sources[s], signatures),
                              std::back_inserter(kills));
    }
    std::vector<Failure> broken;
    for (size_t s = 0; s < evidence.sources.size() && !kills.empty(); ++s) {
        const SourceEvidence &log = *evidence.sources[s];
        if (log.kind != SourceKind::CiLog || !log.last || hasEnd(log))
            continue;
        const auto last = placement.place(static_cast<int>(s), *log.last);
        const Failure *kill = last ? killAt(kills, last->time) : nullptr;
        if (!kill)
            continue;
        Failure failure = *kill;
        failure.source = static_cast<int>(s);
        failure.line = log.lineCount();
        failure.lastLine = failure.line;
        failure.what = tr("the log breaks off: %1").arg(kill->what);
        EvidenceRef ref;
        ref.source = failure.source;
        ref.line = failure.line;
        ref.lastLine = failure.line;
        ref.role = EvidenceRole::Supporting;
        ref.time = last;
        failure.evidence.push_back(std::move(ref));
        broken.push_back(std::move(failure));
    }
    return broken;
}

} // namespace faultline
