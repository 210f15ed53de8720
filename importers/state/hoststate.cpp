// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/hoststate.h"

#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/hostfacts.h"
#include "importers/state/hostsections.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

/// A text held whole, as recognisers read theirs.
class WholeReader : public LineReader
{
public:
    explicit WholeReader(const WholeText &text)
        : m_text(text)
    {
    }
    qint64 lineCount() const override { return m_text.lineCount(); }
    std::optional<TextLine> line(qint64 number) override
    {
        if (number < 1 || number > m_text.lineCount())
            return std::nullopt;
        TextLine line;
        line.number = number;
        line.byteOffset = m_text.position(number).byteOffset;
        line.raw = line.payload = m_text.line(number);
        return line;
    }

private:
    const WholeText &m_text;
};

const HostSection *sectionAt(std::string_view line, QByteArrayView file)
{
    for (const std::span<const HostSection> sections : {procSections(), commandSections()})
        for (const HostSection &section : sections)
            if (section.begins(line, file))
                return &section;
    return nullptr;
}

} // namespace

ImporterInfo HostState::info() const
{
    return {"host-state", tr("State of the machine (free, df, ps, /proc …)"), SourceKind::HostState, TimeBasis::None};
}

SniffResult HostState::sniff(const SourceHead &head) const
{
    // A log may print such a table too: here it is the first thing there is.
    int line = 0;
    const QByteArray file = lastTwoParts(head.name);
    for (const std::string_view text : headLines(head, 5)) {
        if (text.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        if (hostTableOf(text) != HostTable::None || sectionAt(text, file))
            return {line == 0 ? 85 : 60, tr("it begins as a command or file that tells the machine's state")};
        ++line;
    }
    return {};
}

ImportOutcome HostState::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                              const ImportContext &context) const
{
    evidence.kind = SourceKind::HostState;
    const auto text = readHostState(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    WholeReader reader(*text);
    bool found = false;
    QByteArray file = lastTwoParts(evidence.path);
    for (qint64 number = 1; number <= text->lineCount(); ++number) {
        if (context.cancel.isCancelled())
            return ImportOutcome::Cancelled;
        const auto line = reader.line(number);
        if (const HostTable table = hostTableOf(line->payload); table != HostTable::None) {
            found = true;
            number += readHostTable(table, *line, reader, evidence);
        } else if (line->payload.starts_with("==> ") && line->payload.ends_with(" <==")) {
            // `head` and `tail` name each of several files.
            file = lastTwoParts(QString::fromUtf8(line->payload.substr(4, line->payload.size() - 8)));
        } else if (const HostSection *section = sectionAt(line->payload, file)) {
            found = true;
            number += section->read(*text, number, file, evidence) - 1;
        }
    }
    if (!found && context.forced)
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0},
                tr("Nothing that free, df, ps, /proc … write was found"));
    return ImportOutcome::Read;
}

} // namespace faultline
