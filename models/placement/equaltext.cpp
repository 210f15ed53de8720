// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/equaltext.h"

#include "models/core/translate.h"

#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// How much of a long log is looked at, from its end: what led to a failure stands there.
constexpr qint64 MostLines = 40'000;
constexpr qint64 ChunkLines = 1'000;
constexpr qsizetype LeastTextBytes = 16; ///< Shorter ones ("Call Trace:") are told too often to tell anything.
constexpr size_t MostMatches = 2'000;

bool isKernel(const SourceEvidence &source)
{
    return (source.kind == SourceKind::KernelLog || source.kind == SourceKind::Journal) && source.text
           && source.decoder;
}

/// "[ 1386.175776] " before the message, as syslog keeps it.
QByteArrayView withoutBootStamp(QByteArrayView text)
{
    text = text.trimmed();
    if (text.startsWith("kernel: "))
        text = text.sliced(8).trimmed();
    if (!text.startsWith('['))
        return text;
    const qsizetype end = text.indexOf(']');
    if (end < 0 || end > 24)
        return text;
    for (const char c : text.sliced(1, end - 1))
        if (c != ' ' && c != '.' && (c < '0' || c > '9'))
            return text;
    return text.sliced(end + 1).trimmed();
}

template<typename Visit>
void forLines(const SourceEvidence &source, const Visit &visit)
{
    const qint64 count = source.lineCount();
    for (qint64 first = std::max<qint64>(1, count - MostLines + 1); first <= count; first += ChunkLines)
        for (const TimedLine &line : decodeLines(source, first, std::min(ChunkLines, count - first + 1)))
            if (line.time && !line.carried && isReckonable(*line.time))
                visit(line);
}

struct Place {
    qint64 line = 0;
    SourceTime time;
    bool once = true;
};
using Places = QHash<QByteArray, Place>;

Places placesOf(const SourceEvidence &source)
{
    Places places;
    forLines(source, [&](const TimedLine &line) {
        const QByteArrayView text = withoutBootStamp(line.text);
        if (text.size() < LeastTextBytes)
            return;
        const QByteArray key = text.toByteArray();
        if (const auto known = places.find(key); known != places.end())
            known->once = false;
        else
            places.insert(key, {line.raw.number, *line.time, true});
    });
    return places;
}

/// A number of `digits` or more at the start of the text.
std::optional<qint64> leadingNumber(QByteArrayView text, qsizetype digits)
{
    qsizetype end = 0;
    while (end < text.size() && end < 18 && text[end] >= '0' && text[end] <= '9')
        ++end;
    if (end < digits)
        return std::nullopt;
    return text.first(end).toLongLong();
}

/// kernel/audit.c: "audit(%llu.%03lu:%u): ".
std::optional<StatedMoment> auditMoment(QByteArrayView text)
{
    const qsizetype at = text.indexOf("audit(");
    if (at < 0)
        return std::nullopt;
    const QByteArrayView rest = text.sliced(at + 6);
    const std::optional<qint64> seconds = leadingNumber(rest, 9);
    const qsizetype dot = rest.indexOf('.');
    if (!seconds || *seconds > 9'000'000'000 || dot < 9 || dot > 11)
        return std::nullopt;
    const std::optional<qint64> millis =
        leadingNumber(rest.sliced(dot + 1).first(std::min<qsizetype>(3, rest.size() - dot - 1)), 3);
    if (!millis)
        return std::nullopt;
    return StatedMoment{-1,
                        0,
                        {},
                        {*seconds * NsPerSecond + *millis * NsPerMillisecond},
                        50 * NsPerMillisecond,
                        tr("the audit record's own time")};
}

/// drivers/rtc/class.c: "setting system clock to %ptR UTC (%lld)", older kernels with a space for the T.
std::optional<StatedMoment> rtcMoment(QByteArrayView text)
{
    const qsizetype at = text.indexOf("setting system clock to ");
    const qsizetype open = at < 0 ? -1 : text.indexOf('(', at);
    if (open < 0)
        return std::nullopt;
    const std::optional<qint64> seconds = leadingNumber(text.sliced(open + 1), 9);
    if (!seconds || *seconds > 9'000'000'000)
        return std::nullopt;
    // The clock of the board tells whole seconds and may be off until NTP sets the time.
    return StatedMoment{
        -1, 0, {}, {*seconds * NsPerSecond + NsPerSecond / 2}, 2 * NsPerSecond, tr("the kernel set its clock")};
}

} // namespace

std::vector<EqualText> findEqualText(const Evidence &evidence)
{
    std::vector<int> sources;
    for (size_t i = 0; i < evidence.sources.size(); ++i)
        if (isKernel(*evidence.sources[i]))
            sources.push_back(static_cast<int>(i));
    std::vector<EqualText> found;
    if (sources.size() < 2)
        return found;
    std::vector<Places> places;
    for (const int source : sources)
        places.push_back(placesOf(*evidence.sources[static_cast<size_t>(source)]));
    for (size_t a = 0; a < sources.size(); ++a) {
        for (size_t b = a + 1; b < sources.size(); ++b) {
            const SourceEvidence &sourceA = *evidence.sources[static_cast<size_t>(sources[a])];
            const SourceEvidence &sourceB = *evidence.sources[static_cast<size_t>(sources[b])];
            // Stamps are cut to their resolution: the moment lies half of it later, on the mean.
            const DurationNs halfA = sourceA.resolutionNs / 2;
            const DurationNs halfB = sourceB.resolutionNs / 2;
            for (auto here = places[a].cbegin(); here != places[a].cend(); ++here) {
                const auto there = places[b].constFind(here.key());
                if (there == places[b].cend() || !here->once || !there->once)
                    continue;
                found.push_back(
                    {sources[a],
                     sources[b],
                     {here->time + halfA, there->time + halfB, here->line, there->line,
                      halfA + halfB + 5 * NsPerMillisecond, Kinship::Same, 10, tr("the same message in both")}});
            }
        }
    }
    std::ranges::sort(found, [](const EqualText &x, const EqualText &y) {
        return std::tuple(x.a, x.b, x.match.lineA) < std::tuple(y.a, y.b, y.match.lineA);
    });
    return found;
}

std::vector<StatedMoment> findStatedMoments(const Evidence &evidence)
{
    std::vector<StatedMoment> moments;
    for (size_t i = 0; i < evidence.sources.size(); ++i) {
        const SourceEvidence &source = *evidence.sources[i];
        if (!isKernel(source) || source.basis != TimeBasis::Boot)
            continue;
        forLines(source, [&](const TimedLine &line) {
            std::optional<StatedMoment> moment = auditMoment(line.text);
            if (!moment)
                moment = rtcMoment(line.text);
            if (!moment || moments.size() > MostMatches)
                return;
            moment->source = static_cast<int>(i);
            moment->line = line.raw.number;
            moment->here = *line.time;
            moments.push_back(std::move(*moment));
        });
    }
    return moments;
}

} // namespace faultline
