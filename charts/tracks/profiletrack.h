// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/tracks/bartrack.h"

namespace faultline {

/// The profiles of all sources that have a place: what ran for a while as bars, what was taken in a moment as marks, each with what it counted.
class ProfileTrack : public BarTrack
{
    Q_DECLARE_TR_FUNCTIONS(faultline::ProfileTrack)

public:
    ProfileTrack(const Evidence &evidence, const Placement &placement);
};

/// What all paths of a profile weigh together, in its unit.
double profileTotal(const Profile &profile);

/// What a profile says of something that series measure too: how many goroutines there were, how large the heap was.
struct ProfilePoint {
    TrackItem item;
    TimeNs time;
    double value = 0;
    QByteArray resource; ///< As in resources/metrics.yaml: "goroutines" or "heap".
    Identity identity;
};
/// Of all placed profiles, in order of time.
std::vector<ProfilePoint> profilePoints(const Evidence &evidence, const Placement &placement);

} // namespace faultline
