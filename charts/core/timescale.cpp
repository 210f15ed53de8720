// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/timescale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace faultline {

namespace {

__extension__ typedef __int128 Wide; // differences of two int64 fit

qint64 saturated(Wide value)
{
    constexpr Wide Least = std::numeric_limits<qint64>::min();
    constexpr Wide Most = std::numeric_limits<qint64>::max();
    return static_cast<qint64>(std::clamp(value, Least, Most));
}

/// A double as nanoseconds, far beyond int64 if need be; NaN is 0.
Wide rounded(double value)
{
    constexpr double Limit = 1e30;
    if (std::isnan(value))
        return 0;
    return static_cast<Wide>(std::round(std::clamp(value, -Limit, Limit)));
}

} // namespace

DurationNs TimeRange::length() const
{
    return saturated(Wide{hi.ns} - Wide{lo.ns});
}

TimeNs TimeRange::middle() const
{
    return {static_cast<qint64>((Wide{lo.ns} + Wide{hi.ns}) / 2)};
}

TimeRange TimeRange::united(TimeRange other) const
{
    return {std::min(lo, other.lo), std::max(hi, other.hi)};
}

double TimeScale::x(TimeNs time) const
{
    constexpr double Far = 1e6;
    qint64 near = 0; // what fits is counted without the wide type, which takes several times as long
    const double fromLo = __builtin_sub_overflow(time.ns, range.lo.ns, &near)
                              ? static_cast<double>(Wide{time.ns} - Wide{range.lo.ns})
                              : static_cast<double>(near);
    const double length = static_cast<double>(std::max<DurationNs>(range.length(), 1));
    return std::clamp(left + fromLo * width / length, left - Far, left + width + Far);
}

TimeNs TimeScale::time(double x) const
{
    const double length = static_cast<double>(std::max<DurationNs>(range.length(), 1));
    return {saturated(Wide{range.lo.ns} + rounded((x - left) * length / std::max(width, 1e-9)))};
}

double TimeScale::nsPerPixel() const
{
    return static_cast<double>(std::max<DurationNs>(range.length(), 1)) / std::max(width, 1e-9);
}

TimeRange TimeScale::zoomed(TimeRange range, TimeNs around, double factor, TimeRange full)
{
    const double length = static_cast<double>(range.length());
    const double most = static_cast<double>(std::min(MostLength, std::max(full.length(), LeastLength)));
    const double newLength = std::clamp(length * factor, static_cast<double>(LeastLength), most);
    const double share = length > 0 ? static_cast<double>(Wide{around.ns} - Wide{range.lo.ns}) / length : 0.5;
    const Wide lo = Wide{around.ns} - rounded(share * newLength);
    return kept({{saturated(lo)}, {saturated(lo + rounded(newLength))}}, full);
}

TimeRange TimeScale::panned(TimeRange range, DurationNs by, TimeRange full)
{
    return kept({{saturated(Wide{range.lo.ns} + by)}, {saturated(Wide{range.hi.ns} + by)}}, full);
}

TimeRange TimeScale::kept(TimeRange range, TimeRange full)
{
    if (range.hi < range.lo)
        std::swap(range.lo, range.hi);
    const DurationNs most = std::min(MostLength, std::max(full.length(), LeastLength));
    const DurationNs length = std::clamp(range.length(), LeastLength, most);
    Wide lo = range.length() == length ? Wide{range.lo.ns} : Wide{range.middle().ns} - length / 2;
    lo = std::clamp(lo, Wide{full.lo.ns}, std::max(Wide{full.lo.ns}, Wide{full.hi.ns} - length));
    return {{saturated(lo)}, {saturated(lo + length)}};
}

} // namespace faultline
