// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/types.h"

#include <array>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Names in the order of the enumerators.
constexpr std::array SourceKindNames{"ci-log"_L1,   "test-output"_L1,   "log"_L1,         "kernel-log"_L1,
                                     "journal"_L1,  "kube-describe"_L1, "kube-object"_L1, "metrics"_L1,
                                     "profile"_L1,  "thread-dump"_L1,   "host-state"_L1,  "trace"_L1,
                                     "coverage"_L1, "other"_L1};
constexpr std::array TimeBasisNames{"utc"_L1, "zoned"_L1, "local"_L1, "boot"_L1, "ages"_L1, "durations"_L1, "none"_L1};
constexpr std::array DateBasisNames{"stated"_L1, "year assumed"_L1, "day assumed"_L1};
constexpr std::array SeverityNames{"debug"_L1, "info"_L1, "warning"_L1, "error"_L1, "fatal"_L1};
constexpr std::array RoleNames{"symptom"_L1, "cause"_L1, "context"_L1, "end"_L1};
constexpr std::array SpanKindNames{"job"_L1, "step"_L1, "section"_L1, "test"_L1, "state"_L1};
constexpr std::array OutcomeNames{"unknown"_L1, "passed"_L1, "failed"_L1, "skipped"_L1, "cancelled"_L1};
constexpr std::array SeriesKindNames{"unknown"_L1, "gauge"_L1, "counter"_L1, "histogram"_L1, "summary"_L1};

template<typename Enum, size_t N>
QLatin1StringView nameOf(const std::array<QLatin1StringView, N> &names, Enum value)
{
    return names[static_cast<size_t>(value)];
}

template<typename Enum, size_t N>
std::optional<Enum> fromName(const std::array<QLatin1StringView, N> &names, QByteArrayView name)
{
    for (size_t i = 0; i < N; ++i)
        if (names[i] == QLatin1StringView(name))
            return static_cast<Enum>(i);
    return std::nullopt;
}

} // namespace

QLatin1StringView sourceKindName(SourceKind kind)
{
    return nameOf(SourceKindNames, kind);
}
std::optional<SourceKind> sourceKindFromName(QByteArrayView name)
{
    return fromName<SourceKind>(SourceKindNames, name);
}
QLatin1StringView timeBasisName(TimeBasis basis)
{
    return nameOf(TimeBasisNames, basis);
}
QLatin1StringView dateBasisName(DateBasis date)
{
    return DateBasisNames[static_cast<size_t>(date)];
}

QLatin1StringView severityName(Severity severity)
{
    return nameOf(SeverityNames, severity);
}
std::optional<Severity> severityFromName(QByteArrayView name)
{
    return fromName<Severity>(SeverityNames, name);
}
QLatin1StringView roleName(Role role)
{
    return nameOf(RoleNames, role);
}
std::optional<Role> roleFromName(QByteArrayView name)
{
    return fromName<Role>(RoleNames, name);
}
QLatin1StringView spanKindName(SpanKind kind)
{
    return nameOf(SpanKindNames, kind);
}
QLatin1StringView outcomeName(Outcome outcome)
{
    return nameOf(OutcomeNames, outcome);
}
QLatin1StringView seriesKindName(SeriesKind kind)
{
    return nameOf(SeriesKindNames, kind);
}

Identity Identity::ofHost(QByteArray host)
{
    Identity identity;
    identity.host = std::move(host);
    return identity;
}

const Identity &SharedIdentity::operator*() const
{
    static const Identity Nothing;
    return m_identity ? *m_identity : Nothing;
}

QByteArray fieldValue(const Fields &fields, QByteArrayView name)
{
    for (const auto &[key, value] : fields)
        if (key == name)
            return value;
    return {};
}

} // namespace faultline
