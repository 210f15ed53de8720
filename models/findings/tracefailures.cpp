// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/failures.h"

#include "models/core/translate.h"

namespace faultline {

std::vector<Failure> failuresOfTrace(int source, const SourceEvidence &evidence, const SourcePlacement &placement)
{
    // The process that was traced first ends last; what its children did is its own affair where it ended well.
    const Event *last = nullptr;
    for (const Event &event : evidence.events)
        if (event.signature == "trace.exited" || event.signature == "trace.killed")
            last = &event;
    if (!last || last->severity < Severity::Error)
        return {};
    Failure failure;
    failure.source = source;
    failure.line = failure.lastLine = last->line;
    failure.identity = last->identity;
    failure.signal = fieldValue(last->fields, "signal");
    bool isNumber = false;
    if (const qint64 code = fieldValue(last->fields, "code").toLongLong(&isNumber); isNumber)
        failure.exitCode = code;
    if (failure.signal.isEmpty() && failure.exitCode) {
        failure.signal = signalOfExitCode(*failure.exitCode);
        failure.what = tr("the traced program ended with exit code %1").arg(*failure.exitCode);
    } else {
        failure.what = tr("the traced program was killed by %1").arg(QString::fromUtf8(failure.signal));
    }
    if (last->time)
        failure.time = placement.place(*last->time);
    EvidenceRef ref;
    ref.source = source;
    ref.line = ref.lastLine = last->line;
    ref.text = last->text;
    ref.role = EvidenceRole::Failing;
    ref.time = failure.time;
    failure.evidence.push_back(std::move(ref));
    return {failure};
}

} // namespace faultline
