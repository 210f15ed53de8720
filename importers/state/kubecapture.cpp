// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/kubecapture.h"

#include <algorithm>

namespace faultline {

namespace {

/// The kubelet notes a pod's start up to this much before or after its scheduling.
constexpr DurationNs ScheduledSlack = 2 * NsPerSecond;
/// Both stamps are cut to seconds, and the event follows the start.
constexpr DurationNs StartedSlack = NsPerSecond;
/// A container gets this long to end by itself where nothing else was asked for.
constexpr DurationNs GracePeriod = 30 * NsPerSecond;
constexpr DurationNs FirstEventDelay = NsPerMinute;
constexpr DurationNs MostCaptureDelay = 12 * NsPerHour;

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool hasWord(const QByteArray &text, const QByteArray &word)
{
    for (qsizetype at = text.indexOf(word); at >= 0 && !word.isEmpty(); at = text.indexOf(word, at + 1)) {
        const qsizetype end = at + word.size();
        if ((at == 0 || !isWordByte(text[at - 1])) && (end == text.size() || !isWordByte(text[end])))
            return true;
    }
    return false;
}

/// Absolute starts of a container, the latest first.
std::vector<SourceTime> startsOf(const DescribedContainer &container)
{
    std::vector<SourceTime> starts;
    for (const DescribedState *state : {&container.state, &container.lastState})
        if (state->started)
            starts.push_back(*state->started);
    std::ranges::sort(starts, std::greater());
    return starts;
}

void pairStarts(const DescribedObject &object, int index, std::vector<AgePair> &pairs)
{
    const DescribedContainer &container = object.containers[static_cast<size_t>(index)];
    const std::vector<SourceTime> starts = startsOf(container);
    if (starts.empty())
        return;
    std::vector<const DescribedEvent *> events;
    for (const DescribedEvent &event : object.events)
        if (event.reason == "Started" && event.age && containerOfEvent(object, event) == index)
            events.push_back(&event);
    std::ranges::sort(events, {}, [](const DescribedEvent *event) { return event->age->last.ns; });
    const auto add = [&](SourceTime start, const KubeAge &age) { pairs.push_back({start, start + StartedSlack, age}); };
    if (events.empty())
        return;
    add(starts[0], events[0]->age->last);
    // Two starts in all: the first is the one before the last.
    if (container.restartCount == 1 && starts.size() == 2) {
        if (events[0]->age->count == 2 && events[0]->age->first)
            add(starts[1], *events[0]->age->first);
        else if (events.size() == 2 && events[0]->age->count == 1 && events[1]->age->count == 1)
            add(starts[1], events[1]->age->last);
    }
}

void pairKillings(const DescribedObject &object, std::vector<AgePair> &pairs)
{
    for (const DescribedEvent &event : object.events) {
        const int index = event.reason == "Killing" && event.age ? containerOfEvent(object, event) : -1;
        if (index < 0 || event.age->count != 1)
            continue;
        const DescribedContainer &container = object.containers[static_cast<size_t>(index)];
        const auto finished = container.state.finished ? container.state.finished : container.lastState.finished;
        if (finished && container.restartCount <= 1)
            pairs.push_back({*finished - GracePeriod - StartedSlack, *finished + StartedSlack, event.age->last});
    }
}

/// The earliest moment at which the ages fit the pods' starts: nothing was told of a pod before it had started.
std::optional<SourceTime> earliestCapture(const Description &description)
{
    std::optional<SourceTime> earliest;
    for (const DescribedObject &object : description.objects) {
        const auto started = object.kind == "pod" ? object.startTime() : std::nullopt;
        if (!started)
            continue;
        for (const DescribedEvent &event : object.events) {
            if (!event.age)
                continue;
            const KubeAge &oldest = event.age->first ? *event.age->first : event.age->last;
            const SourceTime at = *started - ScheduledSlack + oldest.ns;
            if (!earliest || *earliest < at)
                earliest = at;
        }
    }
    return earliest;
}

} // namespace

int containerOfEvent(const DescribedObject &object, const DescribedEvent &event)
{
    int found = -1;
    for (size_t i = 0; i < object.containers.size(); ++i) {
        const QByteArray &name = object.containers[i].name;
        if (event.object.contains(QByteArray('{' + name + '}')))
            return static_cast<int>(i);
        if (hasWord(event.message, name)
            && (found < 0 || name.size() > object.containers[static_cast<size_t>(found)].name.size()))
            found = static_cast<int>(i);
    }
    if (found < 0 && object.containers.size() == 1)
        return 0;
    return found;
}

DescribedCapture findCapture(const Description &description, std::optional<TimeNs> modified)
{
    DescribedCapture capture;
    std::vector<AgePair> pairs;
    bool anyAge = false;
    for (const DescribedObject &object : description.objects) {
        for (const DescribedEvent &event : object.events) {
            if (!event.age)
                continue;
            anyAge = true;
            capture.precise =
                capture.precise || event.age->last.isPrecise() || (event.age->first && event.age->first->isPrecise());
        }
        const auto started = object.kind == "pod" ? object.startTime() : std::nullopt;
        for (const DescribedEvent &event : object.events)
            if (started && event.reason == "Scheduled" && event.age && event.age->count == 1)
                pairs.push_back({*started - ScheduledSlack, *started + ScheduledSlack, event.age->last});
        for (size_t i = 0; i < object.containers.size(); ++i)
            pairStarts(object, static_cast<int>(i), pairs);
        pairKillings(object, pairs);
    }
    if (!description.latest) {
        capture.agesOnly = true;
        if (anyAge)
            capture.time = CaptureTime{{0}, {0}};
        return capture;
    }
    capture.time = captureFromPairs(pairs, capture.precise, description.latest);
    if (capture.time) {
        capture.how = CoverageHow::Derived;
        return capture;
    }
    // A file that is much younger than what it tells of is a copy. A pod's first event follows its start soon.
    const std::optional<SourceTime> earliest = earliestCapture(description);
    if (earliest && (!modified || modified->ns - earliest->ns > MostCaptureDelay)) {
        capture.time = CaptureTime{*earliest, *earliest + FirstEventDelay};
        capture.how = CoverageHow::Assumed;
    } else if (modified && modified->ns >= description.latest->ns) {
        capture.time = CaptureTime{{modified->ns}, {modified->ns}};
    }
    return capture;
}

} // namespace faultline
