// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <QByteArray>
#include <QLatin1StringView>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace faultline {

/// What a source is, whatever its format. Names as in the JSON: sourceKindName().
enum class SourceKind {
    CiLog,
    TestOutput,
    Log,
    KernelLog,
    Journal,
    KubeDescribe,
    KubeObject,
    Metrics,
    Profile,
    ThreadDump,
    HostState,
    Trace,
    Coverage,
    Other
};

/// What the times in a source count from.
enum class TimeBasis {
    Utc,       ///< Stated as UTC or with a zone that is.
    Zoned,     ///< Stated with another zone; SourceTime has it applied already.
    Local,     ///< Wall clock without a zone; SourceTime reads it as if it were UTC.
    Boot,      ///< Since boot.
    Ages,      ///< "3m ago", counted back from an unstated capture time: SourceTime 0 is the capture.
    Durations, ///< Only lengths: SourceTime 0 is the source's start.
    None,
};

/// Where the date of the times comes from.
enum class DateBasis {
    Stated,
    YearAssumed, ///< Month and day are written; the year is the latest that the file's own time allows.
    DayAssumed,  ///< Only the time of day is written; the day is that of the file's own time.
};

enum class Severity { Debug, Info, Warning, Error, Fatal };
enum class Role {
    Symptom, ///< Says that something failed.
    Cause,   ///< May explain a failure.
    Context, ///< Neither, worth showing.
    End,     ///< Says how a step, job or run ended.
};
enum class SpanKind { Job, Step, Section, Test, State };
enum class Outcome { Unknown, Passed, Failed, Skipped, Cancelled };
enum class SeriesKind { Unknown, Gauge, Counter, Histogram, Summary };

QLatin1StringView sourceKindName(SourceKind kind);
std::optional<SourceKind> sourceKindFromName(QByteArrayView name);
QLatin1StringView timeBasisName(TimeBasis basis);
QLatin1StringView dateBasisName(DateBasis date);
QLatin1StringView severityName(Severity severity);
std::optional<Severity> severityFromName(QByteArrayView name);
QLatin1StringView roleName(Role role);
std::optional<Role> roleFromName(QByteArrayView name);
QLatin1StringView spanKindName(SpanKind kind);
QLatin1StringView outcomeName(Outcome outcome);
QLatin1StringView seriesKindName(SeriesKind kind);

/// What a row is about, as far as its source says; empty and -1 are unknown.
struct Identity {
    QByteArray host;
    QByteArray pod;
    QByteArray container;
    QByteArray cgroup;
    QByteArray job;
    qint64 pid = -1;

    static Identity ofHost(QByteArray host);
    bool operator==(const Identity &) const = default;
};

/// An identity that many rows have in common: held once, read as if each had its own. Half a million facts of a cluster would
/// otherwise hold half a million of them.
class SharedIdentity
{
public:
    SharedIdentity() = default; ///< Nothing is known.
    SharedIdentity(const Identity &identity)
    {
        if (identity != Identity())
            m_identity = std::make_shared<const Identity>(identity);
    }

    operator const Identity &() const { return **this; }
    const Identity &operator*() const;
    const Identity *operator->() const { return &**this; }
    bool isEmpty() const { return !m_identity; }

private:
    std::shared_ptr<const Identity> m_identity;
};

/// A moment known to lie between two (both inclusive). A precise stamp has lo == hi.
struct SourceInterval {
    SourceTime lo;
    SourceTime hi;

    bool operator==(const SourceInterval &) const = default;
};

/// Named values captured from a line, in the order of the pattern. Values are bytes as written.
using Fields = std::vector<std::pair<QByteArray, QByteArray>>;

/// The value of a field; empty where there is none.
QByteArray fieldValue(const Fields &fields, QByteArrayView name);

} // namespace faultline
