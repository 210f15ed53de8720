// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/hoststate.h"

#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/hostfacts.h"

#include <QCoreApplication>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::HostState", text);
}

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

} // namespace

ImporterInfo HostState::info() const
{
    return {"host-state", tr("State of the machine (free, df, lsof, ss, ps)"), SourceKind::HostState, TimeBasis::None};
}

SniffResult HostState::sniff(const SourceHead &head) const
{
    // A log may print such a table too: here it is the first thing there is.
    int line = 0;
    for (const std::string_view text : headLines(head, 5)) {
        if (text.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        if (hostTableOf(text) != HostTable::None)
            return {line == 0 ? 85 : 60, tr("it begins with the header of a command that tells the machine's state")};
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
    for (qint64 number = 1; number <= text->lineCount(); ++number) {
        if (context.cancel.isCancelled())
            return ImportOutcome::Cancelled;
        const auto line = reader.line(number);
        if (const HostTable table = hostTableOf(line->payload); table != HostTable::None) {
            found = true;
            number += readHostTable(table, *line, reader, evidence);
        }
    }
    if (!found && context.forced)
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0}, tr("No table of free, df, lsof, ss or ps"));
    return ImportOutcome::Read;
}

} // namespace faultline
