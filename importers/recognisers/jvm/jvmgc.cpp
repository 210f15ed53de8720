// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/jvm/jvmgc.h"

#include "importers/core/cursor.h"
#include "models/core/translate.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace faultline {

namespace {

constexpr size_t MostSamples = 1'000'000;
constexpr double MostBytes = 1e16;

struct Collection {
    double before = 0;
    double after = 0;
    std::optional<double> committed;
    std::optional<double> pauseSeconds;
};

/// "24M", "65536K", "4.0G", "512B": bytes.
std::optional<double> takeSize(Cursor &cursor)
{
    const std::string_view rest = cursor.rest();
    double value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end == rest.data() + rest.size() || value < 0)
        return std::nullopt;
    const double unit = *end == 'B'   ? 1
                        : *end == 'K' ? 1024.0
                        : *end == 'M' ? 1048576.0
                        : *end == 'G' ? 1073741824.0
                                      : 0;
    if (unit == 0 || value * unit > MostBytes)
        return std::nullopt;
    cursor.reset(cursor.position() + static_cast<size_t>(end - rest.data()) + 1);
    return value * unit;
}

/// "(12%)" of ZGC, or "(256M)"
std::optional<double> takeInParentheses(Cursor &cursor)
{
    const size_t from = cursor.position();
    if (!cursor.take('('))
        return std::nullopt;
    const auto size = takeSize(cursor);
    if (size && cursor.take(')'))
        return size;
    cursor.reset(from);
    const size_t close = cursor.rest().find(')');
    if (close != std::string_view::npos)
        cursor.reset(from + close + 1);
    return std::nullopt;
}

/// The first "24M->4M(256M)" of the text; where it ends.
std::optional<Collection> findHeap(std::string_view text, size_t &end)
{
    for (size_t arrow = text.find("->"); arrow != std::string_view::npos; arrow = text.find("->", arrow + 2)) {
        size_t from = arrow;
        if (from > 0 && text[from - 1] == ')') // "24.0M(256.0M)->", "128M(12%)->"
            from = text.rfind('(', from);
        if (from == std::string_view::npos || from == 0)
            continue;
        size_t start = from - 1; // at the unit
        while (start > 0 && (Cursor::isDigit(text[start - 1]) || text[start - 1] == '.'))
            --start;
        Cursor left(text.substr(start, from - start));
        Cursor right(text.substr(arrow + 2));
        const auto before = takeSize(left);
        const auto after = takeSize(right);
        if (!before || !after)
            continue;
        Collection collection{*before, *after, takeInParentheses(right), std::nullopt};
        end = arrow + 2 + right.position();
        return collection;
    }
    return std::nullopt;
}

/// The last number before `unit`: "3.456ms", "0.0123456 secs".
std::optional<double> numberBefore(std::string_view text, std::string_view unit)
{
    const size_t at = text.rfind(unit);
    if (at == std::string_view::npos)
        return std::nullopt;
    size_t from = at;
    while (from > 0 && (Cursor::isDigit(text[from - 1]) || text[from - 1] == '.' || text[from - 1] == ','))
        --from;
    std::array<char, 32> digits{}; // some locales write the fraction after a comma
    const size_t length = std::min(at - from, digits.size());
    std::ranges::transform(text.substr(from, length), digits.begin(), [](char c) { return c == ',' ? '.' : c; });
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + length, value, std::chars_format::fixed);
    return error == std::errc() && value >= 0 && value < 1e7 ? std::optional(value) : std::nullopt;
}

/// "[GC (Allocation Failure) [PSYoungGen: 65536K->10720K(76288K)] 65536K->10728K(251392K), 0.0123 secs]": the whole heap's sizes stand
/// outside the inner brackets.
QByteArray withoutInner(std::string_view text)
{
    constexpr size_t Longest = 4096;
    QByteArray outer;
    int depth = 0;
    for (const char c : text.substr(0, Longest)) {
        depth += c == '[' ? 1 : 0;
        if (depth <= 1)
            outer.append(c);
        depth -= c == ']' && depth > 0 ? 1 : 0;
        if (depth == 0 && c == ']')
            break;
    }
    return outer;
}

std::optional<Collection> readUnified(std::string_view text)
{
    size_t end = 0;
    auto collection = findHeap(text, end);
    if (!collection)
        return std::nullopt;
    if (const auto ms = numberBefore(text.substr(end), "ms"); ms && text.find(" Pause ") != std::string_view::npos)
        collection->pauseSeconds = *ms / 1000;
    return collection;
}

std::optional<Collection> readOld(std::string_view text)
{
    const size_t start = std::min(text.find("[GC"), text.find("[Full GC"));
    if (start == std::string_view::npos)
        return std::nullopt;
    const QByteArray outer = withoutInner(text.substr(start));
    const std::string_view view(outer.constData(), static_cast<size_t>(outer.size()));
    size_t end = 0;
    auto collection = findHeap(view, end);
    if (collection)
        collection->pauseSeconds = numberBefore(view.substr(end), " secs");
    return collection;
}

/// "0.456: [GC …", "[0.456s][info][gc] …": seconds since the JVM began.
std::optional<SourceTime> uptimeOf(std::string_view text)
{
    Cursor cursor(text);
    const bool isBracketed = cursor.take('[');
    const auto seconds = cursor.number(9);
    if (!seconds || !(cursor.take('.') || cursor.take(',')))
        return std::nullopt;
    const auto nanos = cursor.nanos();
    if (!nanos || !(isBracketed ? cursor.take("s]") : cursor.take(": ")))
        return std::nullopt;
    return SourceTime{*seconds * NsPerSecond + *nanos};
}

class JvmGcSession final : public RecogniserSession
{
public:
    void trigger(int trigger, const TextLine &line, LineReader &, TextSink &sink) override
    {
        const auto collection = trigger == 0 ? readUnified(line.payload) : readOld(line.payload);
        if (!collection)
            return;
        auto time = line.time;
        if (!time && !m_hasStamps) {
            time = uptimeOf(line.payload);
            m_hasUptime = m_hasUptime || time;
        }
        m_hasStamps = m_hasStamps || line.time;
        if (!time) {
            ++m_withoutTime;
            return;
        }
        add(0, *time, collection->before, line, sink);
        add(1, *time, collection->after, line, sink);
        if (collection->committed)
            add(2, *time, *collection->committed, line, sink);
        if (collection->pauseSeconds)
            add(3, *time, *collection->pauseSeconds, line, sink);
    }

    void finish(LineReader &, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        for (Series &series : m_series) {
            if (series.times.empty())
                continue;
            if (m_hasUptime && !evidence.first) {
                evidence.basis = TimeBasis::Durations;
                evidence.first = series.times.front();
                evidence.last = series.times.back();
            }
            evidence.series.push_back(std::move(series));
        }
        if (m_withoutTime > 0)
            addNote(evidence.notes, {Severity::Info,
                                     Code::BadTimestamp,
                                     {},
                                     tr("%1 garbage collections without a time are not drawn").arg(m_withoutTime),
                                     1});
    }

private:
    void add(size_t which, SourceTime time, double value, const TextLine &line, TextSink &sink)
    {
        static constexpr std::array<std::pair<const char *, const char *>, 4> Names{
            {{"jvm_gc_heap_before_bytes", "bytes"},
             {"jvm_gc_heap_after_bytes", "bytes"},
             {"jvm_gc_heap_committed_bytes", "bytes"},
             {"jvm_gc_pause_seconds", "seconds"}}};
        Series &series = m_series[which];
        if (series.times.empty()) {
            series.name = Names[which].first;
            series.unit = Names[which].second;
            series.kind = SeriesKind::Gauge;
            series.line = line.number;
        }
        if (series.times.size() >= MostSamples) {
            if (!std::exchange(m_isFull, true))
                sink.note(Severity::Warning, Code::LimitReached, line,
                          tr("More than %1 garbage collections; the rest is not drawn").arg(MostSamples));
            return;
        }
        if (!series.times.empty() && time < series.times.back())
            return; // lines of two JVMs, or a step of the clock: series are in order of time
        series.times.push_back(time);
        series.values.push_back(value);
    }

    std::array<Series, 4> m_series;
    bool m_hasStamps = false;
    bool m_hasUptime = false;
    bool m_isFull = false;
    int m_withoutTime = 0;
};

} // namespace

bool JvmGcRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

std::vector<QByteArray> JvmGcRecogniser::triggers() const
{
    return {R"(GC\([0-9]+\) .*[0-9][BKMG](?:\([^)]*\))?->[0-9])", R"(\[(?:Full )?GC .*[0-9]K->[0-9]+K\([0-9]+K\))"};
}

std::unique_ptr<RecogniserSession> JvmGcRecogniser::open() const
{
    return std::make_unique<JvmGcSession>();
}

} // namespace faultline
