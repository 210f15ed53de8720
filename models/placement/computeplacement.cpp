// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/placement.h"

#include <QCoreApplication>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::Placement", text);
}

} // namespace

Placement computePlacement(const Evidence &evidence, const std::map<int, ClockOverride> &overrides)
{
    Q_UNUSED(overrides)
    Placement placement;
    for (const auto &source : evidence.sources) {
        SourcePlacement &of = placement.sources.emplace_back();
        if (source->basis == TimeBasis::Utc || source->basis == TimeBasis::Zoned) {
            of.segments.push_back({SourceTime{std::numeric_limits<qint64>::min()}, 0, 0, source->resolutionNs});
            of.reason = tr("Its times state their zone.");
        }
    }
    return placement;
}

} // namespace faultline
