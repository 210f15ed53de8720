// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/differences.h"

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr double TellingPart = 0.02; ///< Of all that the heavier profile weighs.

struct PlacedProfile {
    const Profile *profile = nullptr;
    int source = -1;
    int index = -1;
};

using ProfileKey = std::pair<QByteArray, QByteArray>; ///< Type, unit.

/// Of several of a type the last: what had piled up by then.
std::map<ProfileKey, PlacedProfile> profilesOf(const Evidence &evidence)
{
    std::map<ProfileKey, PlacedProfile> result;
    for (size_t s = 0; s < evidence.sources.size(); ++s) {
        const auto &profiles = evidence.sources[s]->profiles;
        for (size_t i = 0; i < profiles.size(); ++i) {
            PlacedProfile &kept = result[{profiles[i].type, profiles[i].unit}];
            if (!kept.profile || !kept.profile->time || !profiles[i].time || *kept.profile->time <= *profiles[i].time)
                kept = {&profiles[i], static_cast<int>(s), static_cast<int>(i)};
        }
    }
    return result;
}

std::map<QByteArray, double> weightsOf(const Profile &profile)
{
    std::map<QByteArray, double> result;
    for (const ProfileFrame &frame : profile.frames)
        result[frame.function] += frame.flat;
    return result;
}

double sumOf(const std::map<QByteArray, double> &weights)
{
    double sum = 0;
    for (const auto &[function, weight] : weights)
        sum += weight;
    return sum;
}

} // namespace

void addProfileDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed)
{
    const auto before = profilesOf(passed.evidence);
    for (const auto &[key, here] : profilesOf(failed.evidence)) {
        const auto other = before.find(key);
        if (other == before.end())
            continue;
        const auto now = weightsOf(*here.profile);
        const auto then = weightsOf(*other->second.profile);
        std::map<QByteArray, std::pair<double, double>> both;
        for (const auto &[function, weight] : then)
            both[function].first = weight;
        for (const auto &[function, weight] : now)
            both[function].second = weight;
        const double telling = TellingPart * std::max(sumOf(now), sumOf(then));
        std::vector<ProfileDifference> found;
        for (const auto &[function, weights] : both)
            if (const double change = std::abs(weights.second - weights.first); change > 0 && change >= telling)
                found.push_back(
                    {key.first, key.second, function, weights.first, weights.second, here.source, here.index});
        std::ranges::stable_sort(found, std::ranges::greater(),
                                 [](const ProfileDifference &d) { return std::abs(d.after - d.before); });
        if (found.size() > RunComparison::MostFunctions)
            found.resize(RunComparison::MostFunctions);
        comparison.profiles.insert(comparison.profiles.end(), found.begin(), found.end());
    }
}

void addCacheDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed)
{
    std::map<QByteArray, CacheDifference> both;
    for (const auto &[cache, use] : passed.lines.caches())
        both[cache].before = use;
    for (const auto &[cache, use] : failed.lines.caches())
        both[cache].after = use;
    for (auto &[cache, difference] : both) {
        difference.cache = cache;
        comparison.caches.push_back(difference);
    }
}

} // namespace faultline
