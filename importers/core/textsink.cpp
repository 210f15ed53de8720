// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/carrier.h"
#include "models/bytes/largepages.h"

namespace faultline {

Event &TextSink::addEvent(const TextLine &line, QByteArray signature, Role role, Severity severity)
{
    growInLargePages(evidence.events);
    Event &event = evidence.events.emplace_back();
    event.line = line.number;
    event.lastLine = line.number;
    if (line.time)
        event.time = SourceInterval{*line.time, *line.time};
    event.signature = std::move(signature);
    event.role = role;
    event.severity = severity;
    event.text =
        QByteArray(line.payload.data(), std::min(static_cast<qsizetype>(line.payload.size()), Event::MostEventText));
    return event;
}

void TextSink::note(Severity severity, Code code, const TextLine &line, QString text)
{
    addNote(evidence.notes, {severity, code, {line.number, 0, line.byteOffset}, std::move(text), 1});
}

} // namespace faultline
