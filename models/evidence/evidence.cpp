// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/evidence.h"

#include "models/bytes/linewalker.h"
#include "models/core/translate.h"
#include "models/evidence/statedlevel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

QLatin1StringView coverageHowName(CoverageHow how)
{
    switch (how) {
    case CoverageHow::Stated: return "stated"_L1;
    case CoverageHow::Derived: return "derived"_L1;
    case CoverageHow::Assumed: break;
    }
    return "assumed"_L1;
}

QByteArray Series::id() const
{
    QByteArray result = name;
    if (labels.empty())
        return result;
    result += '{';
    for (const auto &[labelName, value] : labels) {
        if (!result.endsWith('{'))
            result += ',';
        QByteArray escaped = value;
        escaped.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        result += labelName + "=\"" + escaped + '"';
    }
    return result + '}';
}

QByteArray Series::label(QByteArrayView wanted) const
{
    const auto found = std::ranges::find_if(labels, [wanted](const Label &label) { return label.first == wanted; });
    return found == labels.end() ? QByteArray() : found->second;
}

void addNote(std::vector<Note> &notes, Note note)
{
    constexpr int MostIdentical = 100;
    const auto same = [&note](const Note &other) {
        return other.code == note.code && other.severity == note.severity && other.text == note.text;
    };
    if (notes.size() > MostNotes) {
        ++notes.back().count;
        return;
    }
    if (std::ranges::count_if(notes, same) >= MostIdentical) {
        ++std::ranges::find_if(notes.rbegin(), notes.rend(), same)->count;
        return;
    }
    if (notes.size() == MostNotes)
        note = {Severity::Warning, Code::LimitReached, note.position, tr("More notes than are kept"), 1};
    notes.push_back(std::move(note));
}

std::vector<SeriesRef> Evidence::allSeries() const
{
    std::vector<SeriesRef> result;
    for (size_t source = 0; source < sources.size(); ++source) {
        for (size_t index = 0; sources[source] && index < sources[source]->series.size(); ++index)
            result.push_back({static_cast<int>(source), static_cast<int>(index)});
    }
    return result;
}

namespace {

/// The last stamp before the line, looking back at most a few blocks.
std::optional<SourceTime> timeBefore(const SourceEvidence &source, const RawLine &line)
{
    constexpr int BlocksBack = 4;
    if (!source.decoder->hasStamps())
        return std::nullopt;
    if (const auto known = source.decoder->timeBefore(line.byteOffset))
        return known;
    const TextBlock block = source.text->blockOf(line.number, BlocksBack);
    LineWalker walker(source.text->bytes(), block.byteOffset, block.firstLine, TextStore::BlockBytes);
    std::optional<SourceTime> time;
    while (walker.next() && walker.number() < line.number) {
        if (const auto own = source.decoder->decode(walker.bytes(), walker.byteOffset()).time)
            time = own;
    }
    return time;
}

} // namespace

std::vector<TimedLine> decodeLines(const SourceEvidence &source, qint64 first, qint64 count)
{
    std::vector<TimedLine> result;
    if (!source.text || !source.decoder)
        return result;
    auto lines = source.text->lines(first, count);
    if (!lines)
        return result;
    result.reserve(lines->size());
    std::optional<SourceTime> latest;
    bool lookedBack = false;
    for (RawLine &raw : *lines) {
        const DecodedLine decoded = source.decoder->decode(
            std::string_view(raw.bytes.constData(), static_cast<size_t>(raw.bytes.size())), raw.byteOffset);
        TimedLine line;
        line.time = decoded.time;
        line.level = levelOf(decoded);
        line.text = withoutTerminalControl(decoded.payload);
        if (!line.time) {
            if (!latest && !lookedBack)
                latest = timeBefore(source, raw);
            lookedBack = true;
            line.time = latest;
            line.carried = line.time.has_value();
        }
        latest = line.time;
        line.raw = std::move(raw);
        result.push_back(std::move(line));
    }
    return result;
}

} // namespace faultline
