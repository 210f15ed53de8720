// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/state/describeparser.h"

namespace faultline {

/// What is known of when a description was printed.
struct DescribedCapture {
    std::optional<CaptureTime> time;
    CoverageHow how = CoverageHow::Assumed;
    bool precise = false;  ///< Ages are a newer kubectl's.
    bool agesOnly = false; ///< No absolute time in the text: times count back from the capture, which is 0.
};

/// Pairs of events with the absolute times of the same thing; else the file's time, where it is not before what the text tells.
DescribedCapture findCapture(const Description &description, std::optional<TimeNs> modified);

/// The container that an event names: by its field path, its message, or as the only one. -1 where none.
int containerOfEvent(const DescribedObject &object, const DescribedEvent &event);

} // namespace faultline
