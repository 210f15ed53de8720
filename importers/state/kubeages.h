// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/types.h"

#include <optional>
#include <string_view>
#include <vector>

namespace faultline {

/// An age as kubectl prints it: the true one lies in [ns, ns + resolution).
/// k8s.io/apimachinery/pkg/util/duration: HumanDuration, ShortHumanDuration.
struct KubeAge {
    DurationNs ns = 0;
    bool years = false;
    bool days = false;
    bool hours = false;
    bool minutes = false;
    bool seconds = false;

    /// Old kubectl (before 1.13) prints one unit alone; `precise` says that the text was printed by a newer one.
    DurationNs resolutionNs(bool precise) const;
    /// Whether only a newer kubectl prints it so: two units, or 60 to 119 seconds.
    bool isPrecise() const;
};
std::optional<KubeAge> parseKubeAge(std::string_view text);

/// The Age column: "3m (x5 over 10m)".
struct KubeEventAge {
    KubeAge last;
    std::optional<KubeAge> first;
    qint64 count = 1;
};
std::optional<KubeEventAge> parseKubeEventAge(std::string_view text);

/// The moment of a capture, known to lie between two.
struct CaptureTime {
    SourceTime lo;
    SourceTime hi;
};

/// One thing seen twice: at an absolute time (between `lo` and `hi`) and as an age.
struct AgePair {
    SourceTime lo;
    SourceTime hi;
    KubeAge age;
};

/// Where most of the pairs agree, and never before `notBefore`; nullopt without pairs.
std::optional<CaptureTime> captureFromPairs(const std::vector<AgePair> &pairs, bool precise,
                                            std::optional<SourceTime> notBefore);

/// When something of that age happened.
SourceInterval timeOfAge(const CaptureTime &capture, const KubeAge &age, bool precise);

} // namespace faultline
