// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/kubeages.h"

#include "importers/core/cursor.h"

#include <algorithm>

namespace faultline {

namespace {

constexpr DurationNs NsPerYear = 365 * NsPerDay;

} // namespace

bool KubeAge::isPrecise() const
{
    const int units = years + days + hours + minutes + seconds;
    return units > 1 || (units == 1 && seconds && ns >= NsPerMinute);
}

DurationNs KubeAge::resolutionNs(bool precise) const
{
    const bool exact = precise || isPrecise();
    if (seconds)
        return NsPerSecond;
    if (minutes)
        return exact && !hours && ns < 10 * NsPerMinute ? NsPerSecond : NsPerMinute;
    if (hours)
        return exact && !days && ns < 8 * NsPerHour ? NsPerMinute : NsPerHour;
    if (days)
        return exact && !years && ns < 8 * NsPerDay ? NsPerHour : NsPerDay;
    return exact && ns < 8 * NsPerYear ? NsPerDay : NsPerYear;
}

std::optional<KubeAge> parseKubeAge(std::string_view text)
{
    Cursor cursor(text);
    KubeAge age;
    if (cursor.atEnd())
        return std::nullopt;
    while (!cursor.atEnd()) {
        const auto number = cursor.number(6);
        if (!number)
            return std::nullopt;
        const char unit = cursor.peek();
        cursor.take(unit);
        bool *seen = nullptr;
        DurationNs length = 0;
        switch (unit) {
        case 'y':
            seen = &age.years;
            length = NsPerYear;
            break;
        case 'd':
            seen = &age.days;
            length = NsPerDay;
            break;
        case 'h':
            seen = &age.hours;
            length = NsPerHour;
            break;
        case 'm':
            seen = &age.minutes;
            length = NsPerMinute;
            break;
        case 's':
            seen = &age.seconds;
            length = NsPerSecond;
            break;
        default: return std::nullopt;
        }
        if (*seen || *number > 200 * NsPerYear / length)
            return std::nullopt;
        *seen = true;
        age.ns += *number * length;
    }
    return age;
}

std::optional<KubeEventAge> parseKubeEventAge(std::string_view text)
{
    while (text.ends_with(' '))
        text.remove_suffix(1);
    const size_t space = text.find(' ');
    const auto last = parseKubeAge(text.substr(0, space));
    if (!last)
        return std::nullopt;
    KubeEventAge age{*last, {}, 1};
    if (space == std::string_view::npos)
        return age;
    Cursor cursor(text.substr(space + 1));
    if (!cursor.take("(x"))
        return std::nullopt;
    const auto count = cursor.number(9);
    if (!count || !cursor.take(" over ") || !cursor.rest().ends_with(')'))
        return std::nullopt;
    age.count = *count;
    age.first = parseKubeAge(cursor.rest().substr(0, cursor.rest().size() - 1));
    return age;
}

std::optional<CaptureTime> captureFromPairs(const std::vector<AgePair> &pairs, bool precise,
                                            std::optional<SourceTime> notBefore)
{
    struct Edge {
        qint64 ns;
        int step;
    };
    std::vector<Edge> edges;
    for (const AgePair &pair : pairs) {
        edges.push_back({pair.lo.ns + pair.age.ns, 1});
        edges.push_back({pair.hi.ns + pair.age.ns + pair.age.resolutionNs(precise), -1});
    }
    // Where two only touch, they still agree: openings come first.
    std::ranges::sort(edges, [](const Edge &a, const Edge &b) { return a.ns != b.ns ? a.ns < b.ns : a.step > b.step; });
    std::optional<CaptureTime> best;
    int most = 0;
    int open = 0;
    for (size_t i = 0; i + 1 < edges.size(); ++i) {
        open += edges[i].step;
        if (open <= most || (notBefore && edges[i + 1].ns < notBefore->ns))
            continue;
        most = open;
        best = CaptureTime{{edges[i].ns}, {edges[i + 1].ns}};
    }
    if (best && notBefore)
        best->lo = std::max(best->lo, *notBefore);
    return best;
}

SourceInterval timeOfAge(const CaptureTime &capture, const KubeAge &age, bool precise)
{
    return {capture.lo - age.ns - age.resolutionNs(precise), capture.hi - age.ns};
}

} // namespace faultline
