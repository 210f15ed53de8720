// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/textevents.h"

#include "importers/core/relayprefix.h"
#include "importers/core/tracelines.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {
/// Longer payloads are cut before a signature is confirmed on them.
constexpr size_t MostCaptured = 64 * 1024;
} // namespace

TextEvents::TextEvents(const SignatureSet *signatures, SourceEvidence &evidence, LineReader &lines)
    : m_signatures(signatures)
    , m_evidence(evidence)
    , m_lines(lines)
    , m_tallies(signatures ? signatures->signatures().size() : 0)
{
}

bool TextEvents::applies(int signature) const
{
    return m_signatures && m_signatures->appliesTo(signature, m_evidence.kind);
}

std::optional<Fields> TextEvents::capture(int signature, const TextLine &line, QByteArray &segment) const
{
    const auto view = [](std::string_view text) {
        return QByteArrayView(text.data(), static_cast<qsizetype>(std::min(text.size(), MostCaptured)));
    };
    if (auto fields = m_signatures->capture(signature, view(line.payload)))
        return fields;
    if (line.payload.find(LineSeparator) != std::string_view::npos) {
        // A decoder's word for line breaks inside one line of the file.
        const QByteArray payload(line.payload.data(), view(line.payload).size());
        for (qsizetype from = 0, end = 0; from <= payload.size();
             from = end + static_cast<qsizetype>(LineSeparator.size())) {
            end = payload.indexOf(QByteArrayView(LineSeparator), from);
            end = end < 0 ? payload.size() : end;
            if (auto fields = m_signatures->capture(signature, QByteArrayView(payload).sliced(from, end - from))) {
                segment = payload.sliced(from, end - from);
                return fields;
            }
        }
        return std::nullopt;
    }
    // Another program's line, passed on by a tool that names it.
    if (const size_t prefix = relayPrefixLength(line.payload); prefix > 0) {
        const std::string_view relayed = line.payload.substr(prefix);
        if (auto fields = m_signatures->capture(signature, view(relayed))) {
            segment = QByteArray(relayed.data(), view(relayed).size());
            return fields;
        }
    }
    if (line.raw.find('\r') == std::string_view::npos)
        return std::nullopt;
    // What a carriage return overwrote was still said.
    QByteArray all;
    stripTerminalControl(line.raw, true, all);
    for (const QByteArray &part : all.split('\r')) {
        if (auto fields = m_signatures->capture(signature, part)) {
            segment = part;
            return fields;
        }
    }
    return std::nullopt;
}

void TextEvents::add(int signature, const TextLine &line)
{
    constexpr size_t Half = MostPerSignature / 2;
    Tally &tally = m_tallies[static_cast<size_t>(signature)];
    if (tally.confirmed < Half) {
        tally.confirmed += confirm(signature, line) ? size_t{1} : size_t{0};
        return;
    }
    if (tally.last.size() < Half)
        tally.last.push_back(line.number);
    else
        tally.last[static_cast<size_t>(tally.putOff) % Half] = line.number;
    ++tally.putOff;
}

bool TextEvents::confirm(int signature, const TextLine &line)
{
    Tally &tally = m_tallies[static_cast<size_t>(signature)];
    if (line.number <= tally.blockEnd)
        return false;
    QByteArray segment;
    auto fields = capture(signature, line, segment);
    if (!fields)
        return false;
    const Signature &meaning = m_signatures->signatures()[static_cast<size_t>(signature)];
    TextSink sink{m_evidence, {}};
    Event &event = sink.addEvent(line, meaning.id, meaning.role, meaning.severity);
    if (!segment.isEmpty())
        event.text = segment.left(Event::MostEventText);
    event.identity = identityOf(*fields);
    event.fields = std::move(*fields);
    if (meaning.block)
        tally.blockEnd = event.lastLine = blockEnd(signature, *meaning.block, line.number, !segment.isEmpty());
    else if (meaning.severity >= Severity::Warning)
        event.lastLine = traceEnd(line.number);
    return true;
}

qint64 TextEvents::blockEnd(int signature, const SignatureBlock &block, qint64 first, bool isRelayed)
{
    qint64 last = first;
    if (block.continues.isEmpty() && block.ends.isEmpty())
        return last;
    const auto payloadOf = [isRelayed](const TextLine &line) {
        const std::string_view text = line.payload.substr(isRelayed ? relayPrefixLength(line.payload) : 0);
        return QByteArrayView(text.data(), static_cast<qsizetype>(std::min(text.size(), MostCaptured)));
    };
    for (qint64 number = first + 1; number <= first + block.mostLines; ++number) {
        const auto next = m_lines.line(number);
        if (!next)
            break;
        const QByteArrayView payload = payloadOf(*next);
        if (!block.ends.isEmpty() && m_signatures->endsBlock(signature, payload))
            return number;
        if (!block.continues.isEmpty() && !m_signatures->continuesBlock(signature, payload)) {
            // A block with an end of its own may have one line of free words below its head: the message of a kernel's WARN().
            if (number > first + 1 || block.ends.isEmpty())
                break;
            const auto after = m_lines.line(number + 1);
            if (!after || !m_signatures->continuesBlock(signature, payloadOf(*after)))
                break;
        }
        last = number;
    }
    return last;
}

qint64 TextEvents::traceEnd(qint64 first)
{
    constexpr qint64 MostTraceLines = 300;
    qint64 last = first;
    for (qint64 number = first + 1; number <= first + MostTraceLines; ++number) {
        const auto next = m_lines.line(number);
        if (!next || !continuesTrace(next->payload))
            break;
        last = number;
    }
    return last;
}

void TextEvents::finish()
{
    for (size_t signature = 0; signature < m_tallies.size(); ++signature) {
        Tally &tally = m_tallies[signature];
        std::ranges::sort(tally.last);
        for (const qint64 number : tally.last) {
            if (const auto line = m_lines.line(number)) {
                // Blocks are read with the same reader: the line's bytes must outlive it.
                const QByteArray raw(line->raw.data(), static_cast<qsizetype>(line->raw.size()));
                const QByteArray payload(line->payload.data(), static_cast<qsizetype>(line->payload.size()));
                TextLine kept = *line;
                kept.raw = std::string_view(raw.constData(), static_cast<size_t>(raw.size()));
                kept.payload = std::string_view(payload.constData(), static_cast<size_t>(payload.size()));
                confirm(static_cast<int>(signature), kept);
            }
        }
        if (std::cmp_greater(tally.putOff, tally.last.size())) {
            addNote(m_evidence.notes, {Severity::Warning,
                                       Code::LimitReached,
                                       {},
                                       tr("About %1 lines match %2; the first and the last %3 are kept")
                                           .arg(tally.putOff + static_cast<qint64>(tally.confirmed))
                                           .arg(QString::fromUtf8(m_signatures->signatures()[signature].id))
                                           .arg(MostPerSignature / 2),
                                       1});
        }
    }
}

Identity identityOf(const Fields &fields)
{
    Identity identity;
    identity.host = fieldValue(fields, "host");
    identity.pod = fieldValue(fields, "pod");
    identity.container = fieldValue(fields, "container");
    identity.cgroup = fieldValue(fields, "cgroup");
    identity.job = fieldValue(fields, "job");
    bool isNumber = false;
    const qint64 pid = fieldValue(fields, "pid").toLongLong(&isNumber);
    if (isNumber && pid >= 0)
        identity.pid = pid;
    return identity;
}

} // namespace faultline
