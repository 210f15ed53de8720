// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// Whether sums and differences of such times stay in range: up to the year 2116. What is beyond is no clock's time.
constexpr bool isReckonable(SourceTime time)
{
    constexpr qint64 Most = qint64{1} << 62;
    return time.ns > -Most / 2 && time.ns < Most;
}

/// What happened at a moment that several sources may tell of, each by its own clock.
enum class LandmarkKind {
    Kill,   ///< A process got SIGKILL.
    Crash,  ///< A process got SIGSEGV, SIGBUS …
    NoFork, ///< A process could not be made: limit of processes.
};

/// Such a moment as one source tells it, with all that may tell it apart from others of its kind.
struct Landmark {
    int source = -1;
    LandmarkKind kind = LandmarkKind::Kill;
    qint64 line = 0;
    SourceTime time;
    DurationNs errorNs = 0; ///< The moment lies within time ± errorNs.
    qint64 pid = -1;
    QByteArray comm;   ///< The process's name as the kernel has it: at most 15 bytes.
    QByteArray cgroup; ///< Path.
    QByteArray pod;
    QByteArray context;                   ///< CI logs: text around it, where the process's name may stand.
    std::vector<QByteArray> containerIds; ///< Of the container runtime, hexadecimal.
    bool isSample = false;                ///< Read off a series: a fall or a plateau, not told in words.
};

/// All landmarks of a source, in order; at most MostLandmarks of a kind, the last ones.
std::vector<Landmark> landmarksOf(const Evidence &evidence, int source);
inline constexpr size_t MostLandmarks = 300;

/// How well two landmarks of different sources are the same moment.
enum class Kinship {
    Strangers, ///< They contradict each other.
    Alike,     ///< The same kind, and nothing else is known.
    Named,     ///< The process's name fits.
    Related,   ///< Same cgroup, pod or container.
    Same,      ///< Same process id.
};
Kinship kinship(const Landmark &a, const Landmark &b);

/// "pid 9355 killed", for people.
QString describeLandmark(const Landmark &landmark, const Landmark &other);

} // namespace faultline
