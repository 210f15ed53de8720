// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/goroutineprofile.h"

#include "importers/core/cursor.h"
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/hostfacts.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

/// "goroutine profile: total 10"
std::optional<qint64> totalOf(std::string_view line)
{
    Cursor cursor(line);
    if (!cursor.take("goroutine profile: total "))
        return std::nullopt;
    const auto total = cursor.number(12);
    return cursor.atEnd() ? total : std::nullopt;
}

/// "2 @ 0x103b125 0x106cd1f"
std::optional<qint64> countOf(std::string_view line)
{
    Cursor cursor(line);
    const auto count = cursor.number(12);
    return count && cursor.take(" @") ? count : std::nullopt;
}

/// "#\t0x103b124\truntime.gopark+0xe4\t/usr/lib/go/src/runtime/proc.go:304" → "runtime.gopark".
QByteArray functionOf(std::string_view line)
{
    Cursor cursor(line);
    if (!cursor.take('#') || cursor.blanks() == 0 || !cursor.rest().starts_with("0x"))
        return {};
    cursor.word();
    cursor.blanks();
    std::string_view name = cursor.rest();
    name = name.substr(0, name.find('\t'));
    name = name.substr(0, name.rfind("+0x"));
    while (name.ends_with(' '))
        name.remove_suffix(1);
    return QByteArray(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

ImporterInfo GoroutineProfile::info() const
{
    return {"goroutine-profile", tr("Goroutine profile (text)"), SourceKind::ThreadDump, TimeBasis::None};
}

SniffResult GoroutineProfile::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head, 2);
    if (lines.empty() || !totalOf(lines[0]))
        return {};
    return {95, tr("it begins with the total of a goroutine profile")};
}

ImportOutcome GoroutineProfile::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                     const ImportContext &context) const
{
    evidence.kind = SourceKind::ThreadDump;
    const auto text = readHostState(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    qint64 stated = -1;
    qint64 counted = 0;
    for (qint64 number = 1; number <= text->lineCount(); ++number) {
        const std::string_view line = text->line(number);
        if (const auto total = totalOf(line)) {
            stated = *total;
            addHostFact(evidence, number, "goroutines", "total", QByteArray::number(*total));
        } else if (const auto count = countOf(line)) {
            counted += *count;
            if (evidence.threads.size() < MostStacks) {
                Thread thread;
                thread.id = static_cast<qint64>(evidence.threads.size()) + 1;
                thread.line = number;
                thread.count = *count;
                evidence.threads.push_back(std::move(thread));
            }
        } else if (const QByteArray function = functionOf(line); !function.isEmpty() && !evidence.threads.empty()) {
            QByteArray &stack = evidence.threads.back().stack;
            if (stack.size() < 16 * 1024)
                stack += (stack.isEmpty() ? "" : "\n") + function;
        } else if (!line.empty() && !line.starts_with('#')) {
            addNote(evidence, context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax,
                    text->position(number), tr("Not a line of a goroutine profile"));
        }
    }
    if (stated >= 0 && counted < stated)
        addNote(evidence, Severity::Warning, Code::Truncated, text->position(text->lineCount()),
                tr("%1 goroutines are stated, %2 are there").arg(stated).arg(counted));
    return ImportOutcome::Read;
}

} // namespace faultline
