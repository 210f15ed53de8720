// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/textevents.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace faultline {

namespace {
/// Longer payloads are cut before a signature is confirmed on them.
constexpr size_t MostCaptured = 64 * 1024;
constexpr size_t ThinStep = 100'000;
} // namespace

TextEvents::TextEvents(const SignatureSet *signatures, SourceEvidence &evidence, LineReader &lines)
    : m_signatures(signatures)
    , m_evidence(evidence)
    , m_lines(lines)
    , m_counts(signatures ? signatures->signatures().size() : 0, 0)
    , m_thinAt(ThinStep)
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
    QByteArray segment;
    auto fields = capture(signature, line, segment);
    if (!fields)
        return;
    ++m_counts[static_cast<size_t>(signature)];
    const Signature &meaning = m_signatures->signatures()[static_cast<size_t>(signature)];
    TextSink sink{m_evidence};
    Event &event = sink.addEvent(line, meaning.id, meaning.role, meaning.severity);
    if (!segment.isEmpty())
        event.text = segment.left(Event::MostEventText);
    event.identity = identityOf(*fields);
    event.fields = std::move(*fields);
    if (meaning.block)
        event.lastLine = blockEnd(signature, *meaning.block, line.number);
    if (m_evidence.events.size() >= m_thinAt)
        thin();
}

qint64 TextEvents::blockEnd(int signature, const SignatureBlock &block, qint64 first)
{
    qint64 last = first;
    if (block.continues.isEmpty() && block.ends.isEmpty())
        return last;
    for (qint64 number = first + 1; number <= first + block.mostLines; ++number) {
        const auto next = m_lines.line(number);
        if (!next)
            break;
        const QByteArrayView payload(next->payload.data(),
                                     static_cast<qsizetype>(std::min(next->payload.size(), MostCaptured)));
        if (!block.ends.isEmpty() && m_signatures->endsBlock(signature, payload))
            return number;
        if (!block.continues.isEmpty() && !m_signatures->continuesBlock(signature, payload))
            break;
        last = number;
    }
    return last;
}

void TextEvents::thin()
{
    std::map<QByteArray, std::pair<size_t, size_t>> seen; // id → all, so far
    for (const Event &event : m_evidence.events)
        ++seen[event.signature].first;
    std::erase_if(m_evidence.events, [&seen](const Event &event) {
        auto &[all, soFar] = seen[event.signature];
        const size_t index = soFar++;
        return all > MostPerSignature && index >= MostPerSignature / 2 && index < all - MostPerSignature / 2;
    });
    m_thinAt = m_evidence.events.size() + ThinStep;
}

void TextEvents::finish()
{
    thin();
    for (size_t signature = 0; signature < m_counts.size(); ++signature) {
        if (std::cmp_greater(m_counts[signature], MostPerSignature)) {
            addNote(m_evidence.notes,
                    {Severity::Warning,
                     Code::LimitReached,
                     {},
                     QCoreApplication::translate("faultline::TextEvents",
                                                 "%1 lines match %2; the first and the last %3 are kept")
                         .arg(m_counts[signature])
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
