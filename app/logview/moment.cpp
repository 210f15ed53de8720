// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/moment.h"

#include "models/core/saturate.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

#include <array>
#include <cstdlib>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double MostSeconds = 1e9; ///< Some thirty years: nobody means more.

/// Digits after the point as nanoseconds: "7" is 700 ms.
qint64 fraction(const QString &digits)
{
    return digits.leftJustified(9, u'0', true).toLongLong();
}

/// "38", "38s", "1m30s", "1h 2m", "500ms", "1:02:03.5".
std::optional<DurationNs> lengthOf(const QString &text)
{
    static const QRegularExpression colons(u"^(?:(\\d{1,6}):)?(\\d{1,6}):(\\d{1,2}(?:[.,]\\d{1,9})?)$"_s);
    if (const auto match = colons.match(text); match.hasMatch()) {
        const double seconds = match.captured(3).replace(u',', u'.').toDouble();
        return fromSeconds(match.captured(1).toDouble() * 3600 + match.captured(2).toDouble() * 60 + seconds);
    }
    static const QRegularExpression part(u"(\\d{1,12}(?:[.,]\\d{1,9})?)\\s*(d|h|min|ms|us|\u00b5s|ns|m|s)?\\s*"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    double seconds = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        const auto match =
            part.match(text, at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch())
            return std::nullopt;
        const QString unit = match.captured(2).toLower();
        const double each = unit == u"d"                          ? 86'400
                            : unit == u"h"                        ? 3'600
                            : unit == u"m" || unit == u"min"      ? 60
                            : unit == u"ms"                       ? 1e-3
                            : unit == u"us" || unit == u"\u00b5s" ? 1e-6
                            : unit == u"ns"                       ? 1e-9
                                                                  : 1;
        if (unit.isEmpty() && (at > 0 || match.capturedEnd() < text.size()))
            return std::nullopt; // "1m30" could mean anything
        seconds += match.captured(1).replace(u',', u'.').toDouble() * each;
        at = match.capturedEnd();
    }
    return at > 0 && seconds < MostSeconds ? std::optional(fromSeconds(seconds)) : std::nullopt;
}

std::optional<TimeNs> momentAt(QDate date, const QString &hours, const QString &minutes, const QString &seconds,
                               const QString &decimals, const QTimeZone &zone)
{
    const QTime time(hours.toInt(), minutes.toInt(), seconds.toInt());
    if (!date.isValid() || !time.isValid())
        return std::nullopt;
    const QDateTime at(date, time, zone);
    return at.isValid() ? std::optional(TimeNs{at.toSecsSinceEpoch() * NsPerSecond + fraction(decimals)})
                        : std::nullopt;
}

std::optional<TimeNs> sinceEpoch(const QString &text)
{
    static const QRegularExpression number(u"^(\\d{9,19})(?:[.,](\\d{1,9}))?$"_s);
    const auto match = number.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString digits = match.captured(1);
    const qint64 value = digits.toLongLong();
    if (!match.captured(2).isEmpty() && digits.size() > 11)
        return std::nullopt;
    if (digits.size() <= 11)
        return TimeNs{value * NsPerSecond + fraction(match.captured(2))};
    return TimeNs{value * (digits.size() <= 14 ? NsPerMillisecond : digits.size() <= 17 ? NsPerMicrosecond : 1)};
}

} // namespace

std::optional<TimeNs> momentOf(const QString &typed, const MomentContext &context)
{
    QString text = typed.simplified();
    text.replace(QChar(0x2212), u'-').replace(QChar(0x2013), u'-');
    static const QRegularExpression relative(u"^[tT]?\\s*([+-])\\s*(.+)$"_s);
    if (const auto match = relative.match(text); match.hasMatch() || text.compare(u"t"_s, Qt::CaseInsensitive) == 0) {
        const auto length = match.hasMatch() ? lengthOf(match.captured(2)) : std::optional<DurationNs>(0);
        if (!length || !context.failure)
            return std::nullopt;
        return TimeNs{saturatedAdd(context.failure->ns, match.captured(1) == u"-" ? -*length : *length)};
    }
    if (const auto stated = fromRfc3339(QString(text).replace(u" UTC"_s, u"Z"_s, Qt::CaseInsensitive).toUtf8()))
        return stated;
    const QTimeZone zone = context.zone == ZoneShown::Utc ? QTimeZone(QTimeZone::UTC) : QTimeZone::systemTimeZone();
    static const QRegularExpression clock(
        u"^(?:(\\d{4})-(\\d{2})-(\\d{2})(?:[T ]|$))?(?:(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)?$"_s);
    const auto match = clock.match(text);
    if (!match.hasMatch() || text.isEmpty())
        return sinceEpoch(text);
    const auto at = [&](QDate date) {
        return momentAt(date, match.captured(4), match.captured(5), match.captured(6), match.captured(7), zone);
    };
    if (match.hasCaptured(1))
        return at(QDate(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt()));
    if (!context.near)
        return std::nullopt;
    // Around midnight the nearest may be of the day before or after.
    const QDate day = QDateTime::fromMSecsSinceEpoch(context.near->ns / NsPerMillisecond, zone).date();
    std::optional<TimeNs> nearest;
    for (const int offset : std::array{0, -1, 1}) {
        const auto candidate = at(day.addDays(offset));
        const auto distance = [&](TimeNs time) { return std::abs(time.ns - context.near->ns); };
        if (candidate && (!nearest || distance(*candidate) < distance(*nearest)))
            nearest = candidate;
    }
    return nearest;
}

} // namespace faultline
