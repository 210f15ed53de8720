// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/texts.h"

#include "models/core/translate.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

qint64 floorDiv(qint64 value, qint64 by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

QDateTime dateTime(TimeNs time, ZoneShown zone)
{
    const qint64 ms = floorDiv(time.ns, NsPerMillisecond);
    return zone == ZoneShown::Utc ? QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::UTC)
                                  : QDateTime::fromMSecsSinceEpoch(ms);
}

QString decimalsText(TimeNs time, int decimals)
{
    if (decimals <= 0)
        return {};
    const qint64 nanos = (time.ns % NsPerSecond + NsPerSecond) % NsPerSecond;
    return u'.' + QString::number(nanos).rightJustified(9, u'0').left(qMin(decimals, 9));
}

/// Absolute value without the overflow of the smallest number.
quint64 magnitude(qint64 value)
{
    return value < 0 ? 0 - static_cast<quint64>(value) : static_cast<quint64>(value);
}

QString decimal(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

QString commonFolder(const Evidence &evidence)
{
    QString common;
    bool first = true;
    for (const auto &source : evidence.sources) {
        const QString folder = source->path.left(source->path.lastIndexOf(u'/') + 1);
        if (first) {
            common = folder;
            first = false;
        }
        while (!folder.startsWith(common))
            common = common.left(common.lastIndexOf(u'/', -2) + 1);
    }
    return common;
}

} // namespace

QString timeOfDayText(TimeNs time, ZoneShown zone, int decimals)
{
    return dateTime(time, zone).toString(u"HH:mm:ss"_s) + decimalsText(time, decimals);
}

QString dateTimeText(TimeNs time, ZoneShown zone, int decimals)
{
    const QDateTime at = dateTime(time, zone);
    const QString name = zone == ZoneShown::Utc ? u"UTC"_s : at.timeZoneAbbreviation();
    return at.toString(u"yyyy-MM-dd HH:mm:ss"_s) + decimalsText(time, decimals) + u' ' + name;
}

QString durationText(DurationNs duration)
{
    const auto ns = static_cast<double>(magnitude(duration));
    const double seconds = ns / 1e9;
    if (ns == 0)
        return tr("0 s");
    if (seconds < 1e-3)
        return tr("%1 µs").arg(decimal(ns / 1e3, 0));
    if (seconds < 1)
        return tr("%1 ms").arg(decimal(ns / 1e6, 0));
    if (seconds < 120)
        return tr("%1 s").arg(decimal(seconds, seconds < 100 && magnitude(duration) % NsPerSecond != 0 ? 1 : 0));
    // What is nothing is not said.
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 7200)
        return whole % 60 == 0 ? tr("%1 min").arg(whole / 60) : tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    const qint64 minutes = whole / 60;
    if (whole < 172800)
        return minutes % 60 == 0 ? tr("%1 h").arg(minutes / 60) : tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
    const qint64 hours = whole / 3600;
    return hours % 24 == 0 ? tr("%1 d").arg(hours / 24) : tr("%1 d %2 h").arg(hours / 24).arg(hours % 24);
}

QString sinceText(DurationNs since)
{
    const quint64 ms = (magnitude(since) + 500'000) / 1'000'000;
    const QString sign = since < 0 ? u"\u2212"_s : u"+"_s;
    const auto seconds = static_cast<qulonglong>(ms / 1000);
    const QString fraction = QLocale().decimalPoint() + QString::number(ms % 1000).rightJustified(3, u'0');
    if (seconds < 60)
        return tr("%1%2%3 s").arg(sign).arg(seconds).arg(fraction);
    const QString rest = QString::number(seconds % 60).rightJustified(2, u'0') + fraction;
    if (seconds < 3600)
        return sign % QString::number(seconds / 60) % u':' % rest;
    return sign % QString::number(seconds / 3600) % u':' % QString::number(seconds / 60 % 60).rightJustified(2, u'0')
           % u':' % rest;
}

QString valueText(double value, QByteArrayView unit)
{
    if (std::isnan(value))
        return tr("no value");
    if (unit == "bytes" && std::isfinite(value)) {
        static constexpr const char *Units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        size_t step = 0;
        while (std::abs(value) >= 1024 && step + 1 < std::size(Units)) {
            value /= 1024;
            ++step;
        }
        return decimal(value, step == 0 ? 0 : 1) + u' ' + QLatin1StringView(Units[step]);
    }
    if (unit == "ratio" && std::abs(value) <= 100)
        return tr("%1 %").arg(decimal(value * 100, 1));
    if (unit == "seconds" && std::abs(value) < 1e8)
        return (value < 0 ? u"\u2212"_s : QString()) + durationText(fromSeconds(value));
    const bool whole = value == std::floor(value) && std::abs(value) < 1e9;
    QString text = whole ? QLocale().toString(static_cast<qlonglong>(value)) : QLocale().toString(value, 'g', 6);
    return unit.isEmpty() ? text : text + u' ' + QString::fromUtf8(unit);
}

QString kindTitle(SourceKind kind)
{
    switch (kind) {
    case SourceKind::CiLog: return tr("CI log");
    case SourceKind::TestOutput: return tr("Test output");
    case SourceKind::Log: return tr("Log");
    case SourceKind::KernelLog: return tr("Kernel log");
    case SourceKind::Journal: return tr("Journal");
    case SourceKind::KubeDescribe: return tr("kubectl describe");
    case SourceKind::KubeObject: return tr("Kubernetes object");
    case SourceKind::Metrics: return tr("Metrics");
    case SourceKind::Profile: return tr("Profile");
    case SourceKind::ThreadDump: return tr("Thread dump");
    case SourceKind::HostState: return tr("Host state");
    case SourceKind::Trace: return tr("Trace");
    case SourceKind::Coverage: return tr("Coverage");
    case SourceKind::Other: break;
    }
    return tr("Other");
}

QString placementHowTitle(PlacementHow how)
{
    switch (how) {
    case PlacementHow::Stated: return tr("stated");
    case PlacementHow::Derived: return tr("derived");
    case PlacementHow::Assumed: return tr("assumed");
    case PlacementHow::User: return tr("set by you");
    }
    return {};
}

QString clockText(const SourceEvidence &source, const SourcePlacement &placement)
{
    if (!placement.isPlaced())
        return source.basis == TimeBasis::None ? tr("no times") : tr("not on the time axis");
    const DurationNs offset = placement.segments.front().offsetNs;
    const QString how = placementHowTitle(placement.how);
    switch (source.basis) {
    case TimeBasis::Boot: return tr("since boot, %1").arg(how);
    case TimeBasis::Ages: return tr("ages, %1").arg(how);
    case TimeBasis::Durations: return tr("durations, %1").arg(how);
    case TimeBasis::Utc:
    case TimeBasis::Zoned:
    case TimeBasis::Local:
    case TimeBasis::None: break;
    }
    if (offset == 0 && placement.how == PlacementHow::Stated)
        return source.zone.isEmpty() ? tr("UTC") : shownText(source.zone, 20);
    if (offset == 0)
        return tr("UTC, %1").arg(how);
    const QString sign = offset < 0 ? u"\u2212"_s : u"+"_s;
    return tr("shifted %1%2, %3").arg(sign, durationText(offset), how);
}

QString verdictStatusTitle(VerdictStatus status)
{
    switch (status) {
    case VerdictStatus::Confirmed: return tr("Confirmed");
    case VerdictStatus::Likely: return tr("Likely");
    case VerdictStatus::Possible: return tr("Possible");
    }
    return {};
}

QString severityTitle(Severity severity)
{
    switch (severity) {
    case Severity::Debug: return tr("Debug");
    case Severity::Info: return tr("Information");
    case Severity::Warning: return tr("Warning");
    case Severity::Error: return tr("Error");
    case Severity::Fatal: return tr("Fatal");
    }
    return {};
}

QString shownText(QByteArrayView bytes, qsizetype most)
{
    // Four bytes at most encode one character, so the cut never costs one that would be shown.
    const bool cutBytes = bytes.size() > most * 4;
    QString text = QString::fromUtf8(cutBytes ? bytes.first(most * 4) : bytes);
    const bool cut = cutBytes || text.size() > most;
    if (cut)
        text.truncate(most);
    for (QChar &c : text) {
        const char16_t u = c.unicode();
        if (u == u'\t')
            continue;
        if (u < 0x20)
            c = QChar(static_cast<char16_t>(0x2400 + u));
        else if (u == 0x7f)
            c = QChar(u'\u2421');
        else if ((u >= 0x80 && u < 0xa0) || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069) || u == 0x2028
                 || u == 0x2029 || u == 0xfeff)
            c = QChar::ReplacementCharacter;
    }
    if (cut)
        text += u'\u2026';
    return text;
}

QStringList sourceNames(const Evidence &evidence)
{
    const QString common = commonFolder(evidence);
    QStringList names;
    names.reserve(static_cast<qsizetype>(evidence.sources.size()));
    for (const auto &source : evidence.sources)
        names.append(source->path.mid(common.size()));
    return names;
}

} // namespace faultline
