// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/textstore.h"
#include "models/core/result.h"
#include "models/evidence/linedecoder.h"
#include "models/evidence/sampletimes.h"
#include "models/evidence/types.h"

#include <QStringList>

#include <memory>
#include <vector>

namespace faultline {

/// One thing that a source tells, mostly a line that a signature matched.
struct Event {
    qint64 line = 0; ///< From 1; 0 where the source has no lines.
    qint64 lastLine = 0;
    std::optional<SourceInterval> time;
    QByteArray signature; ///< Id, as in resources/signatures.
    Role role = Role::Context;
    Severity severity = Severity::Info;
    QByteArray text; ///< Payload of the first line, capped at MostEventText.
    Fields fields;
    Identity identity;

    static constexpr qsizetype MostEventText = 4096;
};

/// Something with a start and an end: a job, step, section, test, or a state of a container.
struct Span {
    int parent = -1; ///< Index into the same source's spans.
    SpanKind kind = SpanKind::Section;
    QByteArray name;
    std::optional<SourceTime> start;
    std::optional<SourceTime> end; ///< None: still open where the source ends.
    Outcome outcome = Outcome::Unknown;
    qint64 line = 0;
    qint64 lastLine = 0;
    Identity identity;
};

/// A state that a source states: subject "container/api", key "lastState.reason", value "OOMKilled".
struct Fact {
    qint64 line = 0;
    std::optional<SourceInterval> time;
    QByteArray subject;
    QByteArray key;
    QByteArray value;
    SharedIdentity identity;
};

/// A label of a series: name and value.
using Label = std::pair<QByteArray, QByteArray>;

/// Samples in columns, in order of time. NaN is kept where the source writes it.
struct Series {
    QByteArray name; ///< Metric name; the file's stem or column for an answer without one.
    std::vector<Label> labels;
    SeriesKind kind = SeriesKind::Unknown;
    QByteArray unit;       ///< "bytes", "seconds", "ratio", "" where unknown.
    DurationNs stepNs = 0; ///< Usual distance of samples; 0 where unknown.
    SampleTimes times;
    std::vector<double> values;
    qint64 line = 0;

    /// name{label="value",…} as the JSON writes it.
    QByteArray id() const;
    QByteArray label(QByteArrayView name) const;
};

struct ProfileFrame {
    QByteArray function;
    QByteArray file;
    qint64 line = 0;
    double flat = 0;
    double cum = 0;
    qint64 count = 0;
};

/// A function as called along one path.
struct CallNode {
    qint32 parent = -1;   ///< Index of the caller's node, always a smaller one; -1 for what nobody called.
    qint32 function = -1; ///< Index into Profile::callFunctions.
    double self = 0;      ///< Without what it called.
};

struct Profile {
    QByteArray type; ///< "cpu", "heap", "goroutine" …
    QByteArray unit;
    std::optional<SourceTime> time;
    DurationNs durationNs = 0;
    std::vector<ProfileFrame> frames; ///< The heaviest functions, by what they and what they called weigh.
    std::vector<CallNode> calls; ///< All call paths (the rarest left out of large ones); empty where none are told.
    std::shared_ptr<const std::vector<QByteArray>> callFunctions; ///< Names, shared by the profiles of a file.
};

/// A goroutine or thread of a dump.
struct Thread {
    qint64 id = 0;
    QByteArray state;
    DurationNs waitNs = 0; ///< How long it has been in that state, where told.
    QByteArray stack;      ///< Function names, innermost first, one a line.
    qint64 line = 0;
    qint64 count = 1; ///< How many share the stack (goroutine debug=1).
};

enum class CoverageHow { Stated, Derived, Assumed };
QLatin1StringView coverageHowName(CoverageHow how);

/// What span of time a source would have told of, for a subject ("" for all it tells).
/// The end is the capture, not the last line: a kernel log is silent when all is well.
struct Coverage {
    QByteArray subject;
    std::optional<SourceTime> from;     ///< None: since before anything of interest.
    std::optional<SourceTime> captured; ///< None: not known.
    CoverageHow how = CoverageHow::Stated;
};

/// What could not be read, and where. Never dropped: identical notes past the hundredth are counted.
struct Note {
    Severity severity = Severity::Warning;
    Code code = Code::Internal;
    Position position;
    QString text;
    int count = 1;
};

/// Adds a note. Past a hundred identical ones (same code and text) the last is counted up; past MostNotes all others are.
void addNote(std::vector<Note> &notes, Note note);
inline constexpr size_t MostNotes = 2000;

/// All that was read from one source, in the source's own time. Immutable once built.
struct SourceEvidence {
    QString path; ///< As shown; members of archives with their archive's path before.
    SourceKind kind = SourceKind::Other;
    QByteArray format;    ///< Importer's or carrier's id: "github-actions".
    QString formatReason; ///< Why it was taken for that, one sentence.
    qint64 byteCount = 0;
    std::optional<TimeNs> modified; ///< The file's own time.
    TimeBasis basis = TimeBasis::None;
    DateBasis date = DateBasis::Stated;
    QByteArray zone;             ///< "UTC", "+08:00" where stated.
    DurationNs resolutionNs = 0; ///< How finely the source tells time: 1 s for describe, 100 ns for GitHub.
    std::optional<SourceTime> first;
    std::optional<SourceTime> last;
    /// Where the source is several clocks one after another (boots), the start of each in source time; the first is first.
    std::vector<SourceTime> clockStarts;
    Identity identity; ///< Host, pod, job of the whole source, where one holds for all of it.
    QStringList
        stepFiles; ///< Whose lines stand in this source too: they tell its steps, and are no sources of their own.

    std::shared_ptr<const TextStore> text;      ///< Null for sources without lines.
    std::shared_ptr<const LineDecoder> decoder; ///< Set where `text` is.

    std::vector<Event> events; ///< In order of lines.
    std::vector<Span> spans;
    std::vector<Fact> facts;
    std::vector<Series> series;
    std::vector<Profile> profiles;
    std::vector<Thread> threads;
    std::vector<Coverage> coverage;
    std::vector<Note> notes;

    qint64 lineCount() const { return text ? text->lineCount() : 0; }
};

/// One series of the case: which source, and which of its series.
struct SeriesRef {
    int source = -1;
    int index = -1;
    bool operator==(const SeriesRef &) const = default;
};

/// All sources of a case in the order they were given; the index is the source's id everywhere.
struct Evidence {
    std::vector<std::shared_ptr<const SourceEvidence>> sources;

    /// Series of all sources, in order: their index is the series' id in SQL.
    std::vector<SeriesRef> allSeries() const;
    const Series &series(SeriesRef ref) const
    {
        return sources[static_cast<size_t>(ref.source)]->series[static_cast<size_t>(ref.index)];
    }
};

/// A line with its time, the last stamp before it where it has none (`carried` says so).
struct TimedLine {
    RawLine raw;
    QByteArray text; ///< Payload without terminal escapes.
    std::optional<SourceTime> time;
    bool carried = false;
    Severity level = Severity::Info;
};

/// Lines of a source decoded, up to `count` from `first` on. Looks back at most a few blocks for the stamp that an unstamped line inherits.
std::vector<TimedLine> decodeLines(const SourceEvidence &source, qint64 first, qint64 count);

} // namespace faultline
