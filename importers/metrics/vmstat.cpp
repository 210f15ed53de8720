// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/core/wallclock.h"
#include "importers/metrics/columnnames.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "importers/metrics/systemtables.h"
#include "importers/state/wholetext.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

/// " r  b   swpd   free …": procps, vmstat.c, new_header()
bool isHeader(const std::vector<std::string_view> &words)
{
    return words.size() >= 15 && words[0] == "r" && words[1] == "b" && words[2] == "swpd" && words[3] == "free";
}

bool isBanner(std::string_view line)
{
    return line.starts_with("procs ") && line.contains("memory") && line.contains("swap") && line.contains("cpu");
}

} // namespace

ImporterInfo Vmstat::info() const
{
    return {"vmstat", tr("Report of vmstat"), SourceKind::Metrics, TimeBasis::Local};
}

SniffResult Vmstat::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head, 6);
    for (size_t i = 0; i + 1 < lines.size(); ++i)
        if (isBanner(lines[i]) && isHeader(wordsOf(lines[i + 1])))
            return {i == 0 ? 93 : 70, tr("it begins with the header of vmstat")};
    return {};
}

ImportOutcome Vmstat::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                           const ImportContext &context) const
{
    evidence.kind = SourceKind::Metrics;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    SeriesBuilder builder(evidence);
    std::vector<ColumnSeries> columns;
    std::optional<int> zone;
    qint64 untimed = 0;
    qint64 rows = 0;
    for (qint64 number = 1; number <= text->lineCount(); ++number) {
        if (number % 4096 == 0 && context.cancel.isCancelled())
            return ImportOutcome::Cancelled;
        const std::string_view line = text->line(number);
        const std::vector<std::string_view> words = wordsOf(line);
        if (isHeader(words)) {
            columns.clear();
            for (const std::string_view word : words)
                columns.push_back(seriesOfColumn(word, false));
            // With -t the last column's name is the zone's.
            zone = zoneOfAbbreviation(words.back());
            continue;
        }
        if (columns.empty() || words.size() < 15 || !parseFloat(words[0]))
            continue;
        ++rows;
        std::optional<WallTime> time;
        for (size_t i = words.size() - 1; i >= 15 && !time; --i) {
            Cursor cursor(line.substr(static_cast<size_t>(words[i].data() - line.data())));
            time = takeIsoTime(cursor);
        }
        if (!time) {
            ++untimed;
            continue;
        }
        if (!time->zoneSeconds)
            time->zoneSeconds = zone;
        for (size_t i = 0; i < std::min(columns.size(), words.size()); ++i) {
            const auto value = parseFloat(words[i]);
            if (!value || words[i].contains('-'))
                break;
            const int index = builder.series(columns[i].name, {}, number);
            if (index < 0)
                break;
            builder.at(index).kind = SeriesKind::Gauge;
            builder.at(index).unit = columns[i].unit;
            builder.add(index, time->sourceTime(), *value * columns[i].factor);
        }
    }
    if (untimed > 0)
        addNote(evidence, Severity::Warning, Code::BadTimestamp, {},
                tr("%1 rows have no time and were left out; vmstat writes it with -t").arg(untimed));
    if (rows == 0 && context.forced)
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0}, tr("No row of vmstat"));
    evidence.resolutionNs = NsPerSecond;
    evidence.basis = !zone ? TimeBasis::Local : *zone == 0 ? TimeBasis::Utc : TimeBasis::Zoned;
    if (zone)
        evidence.zone = zoneText(*zone);
    builder.finish();
    return ImportOutcome::Read;
}

} // namespace faultline
