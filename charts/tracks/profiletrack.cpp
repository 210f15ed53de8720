// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tracks/profiletrack.h"

#include "charts/core/format.h"
#include "charts/flame/flameview.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostProfileLanes = 4;

/// Calls `use` with the source, its index, the profile, its index and its place.
template<typename Use>
void forEachPlaced(const Evidence &evidence, const Placement &placement, const Use &use)
{
    for (size_t s = 0; s < evidence.sources.size() && s < placement.sources.size(); ++s) {
        const SourceEvidence &source = *evidence.sources[s];
        for (size_t p = 0; p < source.profiles.size(); ++p)
            if (source.profiles[p].time)
                if (const auto placed = placement.sources[s].place(*source.profiles[p].time))
                    use(source, static_cast<int>(s), source.profiles[p], static_cast<int>(p), *placed);
    }
}

TrackItem itemOf(int source, int profile, TimeNs time)
{
    TrackItem item;
    item.kind = TrackItem::Kind::Profile;
    item.source = source;
    item.profile = profile;
    item.time = time;
    return item;
}

QByteArray resourceOf(const Profile &profile)
{
    if (profile.type == "goroutine" || profile.type == "goroutines")
        return "goroutines";
    return profile.type == "inuse_space" ? QByteArray("heap") : QByteArray();
}

/// One bar a source and moment: its last profile is what pprof shows unasked.
std::vector<Bar> barsOf(const Evidence &evidence, const Placement &placement)
{
    std::vector<Bar> bars;
    forEachPlaced(evidence, placement,
                  [&](const SourceEvidence &source, int s, const Profile &profile, int p, const PlacedTime &placed) {
                      Bar bar;
                      bar.range = {placed.time, placed.time + std::max<DurationNs>(profile.durationNs, 0)};
                      bar.isInstant = profile.durationNs <= 0;
                      bar.label = shownText(profile.type, 60) % u": "_s
                                  % profileValueText(profileTotal(profile), profile.unit) % u" · "_s
                                  % sourceTitle(source);
                      bar.uncertaintyNs = placed.uncertaintyNs();
                      bar.item = itemOf(s, p, placed.time);
                      const bool isSame =
                          !bars.empty() && bars.back().item.source == s && bars.back().range == bar.range;
                      if (isSame)
                          bars.back() = std::move(bar);
                      else
                          bars.push_back(std::move(bar));
                  });
    return bars;
}

} // namespace

double profileTotal(const Profile &profile)
{
    double total = 0;
    for (const CallNode &call : profile.calls)
        total += call.self;
    if (profile.calls.empty())
        for (const ProfileFrame &frame : profile.frames)
            total += frame.flat;
    return total;
}

std::vector<ProfilePoint> profilePoints(const Evidence &evidence, const Placement &placement)
{
    std::vector<ProfilePoint> points;
    forEachPlaced(evidence, placement,
                  [&](const SourceEvidence &source, int s, const Profile &profile, int p, const PlacedTime &placed) {
                      if (const QByteArray resource = resourceOf(profile); !resource.isEmpty())
                          points.push_back({itemOf(s, p, placed.time), placed.time, profileTotal(profile), resource,
                                            source.identity});
                  });
    std::ranges::stable_sort(points, {}, &ProfilePoint::time);
    return points;
}

ProfileTrack::ProfileTrack(const Evidence &evidence, const Placement &placement)
    : BarTrack(ProfileTrack::tr("Profiles"), ProfileTrack::tr("click to open"), barsOf(evidence, placement),
               MostProfileLanes)
{
}

} // namespace faultline
