// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/gocover.h"

#include "importers/core/cursor.h"
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/wholetext.h"
#include "models/core/translate.h"

#include <QHash>

#include <map>

namespace faultline {

namespace {

bool isMode(std::string_view line)
{
    return line == "mode: set" || line == "mode: count" || line == "mode: atomic";
}

struct Block {
    std::string_view file;
    std::string_view place; ///< "file:6.45,7.14"
    qint64 statements = 0;
    bool covered = false;
};

/// "github.com/acme/x/y.go:6.45,7.14 1 1": place, statements, how often.
std::optional<Block> parseBlock(std::string_view line)
{
    const size_t last = line.rfind(' ');
    const size_t middle =
        last == std::string_view::npos || last == 0 ? std::string_view::npos : line.rfind(' ', last - 1);
    if (middle == std::string_view::npos)
        return std::nullopt;
    Block block;
    block.place = line.substr(0, middle);
    const size_t colon = block.place.rfind(':');
    Cursor statements(line.substr(middle + 1, last - middle - 1));
    Cursor count(line.substr(last + 1));
    const auto number = statements.number(9);
    const auto times = count.number(18);
    if (colon == std::string_view::npos || !number || !times || !count.atEnd() || !statements.atEnd())
        return std::nullopt;
    block.file = block.place.substr(0, colon);
    block.statements = *number;
    block.covered = *times > 0;
    return block;
}

struct Sum {
    qint64 line = 0;
    qint64 statements = 0;
    qint64 covered = 0;
};

void addFacts(SourceEvidence &evidence, const QByteArray &subject, const Sum &sum)
{
    const auto add = [&](const char *key, const QByteArray &value) {
        Fact fact;
        fact.line = sum.line;
        if (evidence.first)
            fact.time = SourceInterval{*evidence.first, *evidence.first};
        fact.subject = subject;
        fact.key = key;
        fact.value = value;
        evidence.facts.push_back(std::move(fact));
    };
    add("statements", QByteArray::number(sum.statements));
    add("covered", QByteArray::number(sum.covered));
    if (sum.statements > 0)
        add("percent",
            QByteArray::number(100.0 * static_cast<double>(sum.covered) / static_cast<double>(sum.statements), 'f', 1));
}

} // namespace

ImporterInfo GoCover::info() const
{
    return {"go-cover", tr("Go coverage profile"), SourceKind::Coverage, TimeBasis::None};
}

SniffResult GoCover::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head, 5);
    if (lines.empty() || !isMode(lines.front()))
        return {};
    if (lines.size() == 1 || parseBlock(lines[1]))
        return {95, tr("it begins with a mode line and blocks as go test -coverprofile writes them")};
    return {50, tr("it begins with the mode line of a coverage profile")};
}

ImportOutcome GoCover::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                            const ImportContext &context) const
{
    evidence.kind = SourceKind::Coverage;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (evidence.modified) {
        evidence.basis = TimeBasis::Utc;
        evidence.first = evidence.last = SourceTime{evidence.modified->ns};
    }
    // Several test binaries may tell of the same block: it is covered where one of them ran it.
    struct Known {
        qint64 line = 0;
        Block block;
    };
    QHash<QByteArrayView, Known> blocks;
    for (qint64 number = 1; number <= text->lineCount(); ++number) {
        const std::string_view line = text->line(number);
        if (line.empty() || isMode(line))
            continue;
        const auto block = parseBlock(line);
        if (!block) {
            addNote(evidence, context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax,
                    text->position(number), tr("Not a block of a coverage profile"));
            continue;
        }
        Known &known = blocks[QByteArrayView(block->place.data(), static_cast<qsizetype>(block->place.size()))];
        const bool covered = block->covered || (known.line > 0 && known.block.covered);
        if (known.line == 0)
            known = {number, *block};
        known.block.covered = covered;
    }
    Sum all{1, 0, 0};
    std::map<QByteArray, Sum> packages;
    for (const Known &known : std::as_const(blocks)) {
        const std::string_view folder =
            known.block.file.substr(0, std::max<size_t>(known.block.file.rfind('/') + 1, 1) - 1);
        Sum &package = packages[QByteArray(folder.data(), static_cast<qsizetype>(folder.size()))];
        package.line = package.line == 0 ? known.line : std::min(package.line, known.line);
        for (Sum *sum : {&all, &package}) {
            sum->statements += known.block.statements;
            sum->covered += known.block.covered ? known.block.statements : 0;
        }
    }
    addFacts(evidence, "coverage", all);
    for (const auto &[name, sum] : packages)
        addFacts(evidence, "coverage/" + name, sum);
    return ImportOutcome::Read;
}

} // namespace faultline
