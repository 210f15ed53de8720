// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/format.h"

#include "models/core/translate.h"

#include <QDateTime>
#include <QLocale>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Three significant digits, no zeros behind.
QString number(double value)
{
    const QLocale locale;
    const double size = std::abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e7))
        return locale.toString(value, 'g', 3);
    const int decimals = size >= 100 || size == std::floor(size) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4;
    QString text = locale.toString(value, 'f', decimals);
    const QString point = locale.decimalPoint();
    if (text.contains(point)) {
        while (text.endsWith(locale.zeroDigit()))
            text.chop(1);
        if (text.endsWith(point))
            text.chop(point.size());
    }
    return text;
}

QString scaled(double value, double base, const QStringList &units)
{
    double shown = value;
    qsizetype at = 0;
    while (std::abs(shown) >= base && at + 1 < units.size()) {
        shown /= base;
        ++at;
    }
    return units.at(at).isEmpty() ? number(shown) : number(shown) % QChar(0x00a0) % units.at(at);
}

bool isBytes(const QByteArray &unit)
{
    return unit.startsWith("byte") || unit == "B";
}

/// A 1-2-5 step (or a power of two) of at least `least`.
double niceStep(double least, bool binary)
{
    if (binary)
        return std::exp2(std::ceil(std::log2(least)));
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least * (1 - 1e-9))
            return factor * power;
    return 10 * power;
}

QDateTime dateTime(TimeNs time, const QTimeZone &zone)
{
    const qint64 ms = time.ns >= 0 ? time.ns / NsPerMillisecond : -((-(time.ns + 1)) / NsPerMillisecond) - 1;
    return QDateTime::fromMSecsSinceEpoch(ms, zone);
}

} // namespace

QString formatValue(double value, const QByteArray &unit)
{
    if (!std::isfinite(value))
        return u"–"_s;
    const bool rate = unit.endsWith("/s");
    const QByteArray base = rate ? unit.chopped(2) : unit;
    const QString perSecond = rate ? tr("/s", "per second") : QString();
    if (isBytes(base))
        return scaled(value, 1024, {u"B"_s, u"KiB"_s, u"MiB"_s, u"GiB"_s, u"TiB"_s, u"PiB"_s}) % perSecond;
    if (base == "seconds" && rate)
        return number(value) % QChar(0x00a0) % u"s/s"_s;
    if (base == "seconds" || base == "s")
        return std::abs(value) < 9e9 ? formatDuration(fromSeconds(value)) : number(value) % u" s"_s;
    if (base == "ratio")
        return number(value * 100) % QChar(0x00a0) % u"%"_s;
    if (base == "percent" || base == "%")
        return number(value) % QChar(0x00a0) % u"%"_s;
    const QString plain =
        std::abs(value) >= 100'000 ? scaled(value, 1000, {QString(), u"k"_s, u"M"_s, u"G"_s, u"T"_s}) : number(value);
    const QString shownUnit = shownText(base, 16);
    const QString space = shownUnit.isEmpty() ? QString() : QString(QChar(0x00a0));
    return plain % space % shownUnit % perSecond;
}

std::vector<double> valueTicks(double lo, double hi, int most, const QByteArray &unit)
{
    std::vector<double> ticks;
    if (!(hi > lo) || !std::isfinite(lo) || !std::isfinite(hi) || !std::isfinite(hi - lo) || most < 1)
        return ticks;
    double step = niceStep((hi - lo) / most, isBytes(unit) && hi - lo >= 8);
    if (!(step > 0))
        return ticks;
    const double first = std::ceil(lo / step - 1e-9);
    for (int i = 0; i <= most + 1; ++i) {
        const double value = (first + i) * step;
        if (value > hi + step * 1e-9)
            break;
        ticks.push_back(value == 0 ? 0 : value);
    }
    return ticks;
}

QString formatDuration(DurationNs duration, bool withSign)
{
    const bool negative = duration < 0;
    const double seconds = std::abs(static_cast<double>(duration)) / static_cast<double>(NsPerSecond);
    const QString sign = negative ? QString(QChar(0x2212)) : withSign && duration > 0 ? u"+"_s : QString();
    const QChar space(0x00a0);
    if (seconds == 0)
        return tr("0 s");
    if (seconds < 1e-6)
        return sign % number(seconds * 1e9) % space % tr("ns");
    if (seconds < 1e-3)
        return sign % number(seconds * 1e6) % space % tr("µs");
    if (seconds < 1)
        return sign % number(seconds * 1e3) % space % tr("ms");
    if (seconds < 120)
        return sign % number(seconds) % space % tr("s");
    const auto whole = static_cast<qint64>(std::llround(seconds));
    const auto pair = [&](qint64 big, const QString &bigUnit, qint64 small, const QString &smallUnit) {
        QString text = sign % QString::number(big) % space % bigUnit;
        if (small > 0)
            text += space % QString::number(small) % space % smallUnit;
        return text;
    };
    if (whole < 7'200)
        return pair(whole / 60, tr("min"), whole % 60, tr("s"));
    if (whole < 172'800)
        return pair(whole / 3'600, tr("h"), whole % 3'600 / 60, tr("min"));
    return pair(whole / 86'400, tr("d"), whole % 86'400 / 3'600, tr("h"));
}

QString formatTime(TimeNs time, const QTimeZone &zone, DurationNs resolutionNs)
{
    if (resolutionNs >= NsPerSecond)
        return dateTime(time, zone).toString(resolutionNs >= NsPerMinute ? u"HH:mm"_s : u"HH:mm:ss"_s);
    int digits = 1;
    DurationNs unit = NsPerSecond / 10;
    for (; unit > resolutionNs && digits < 9; unit /= 10)
        ++digits;
    time.ns += unit / 2; // rounded, as everywhere else
    const QString text = dateTime(time, zone).toString(u"HH:mm:ss"_s);
    const qint64 nanos = ((time.ns % NsPerSecond) + NsPerSecond) % NsPerSecond;
    return text % u'.' % QString::number(nanos).rightJustified(9, u'0').first(digits);
}

QString formatDate(TimeNs time, const QTimeZone &zone)
{
    return QLocale().toString(dateTime(time, zone).date(), u"d MMM yyyy"_s);
}

QString zoneName(TimeNs time, const QTimeZone &zone)
{
    const QDateTime local = dateTime(time, zone);
    const int offset = local.offsetFromUtc();
    if (offset == 0 && (zone.timeSpec() == Qt::UTC || zone.id() == "UTC" || zone == QTimeZone::utc()))
        return u"UTC"_s;
    const int minutes = std::abs(offset) / 60;
    return u"UTC"_s % (offset < 0 ? QChar(0x2212) : QChar(u'+')) % QString::number(minutes / 60).rightJustified(2, u'0')
           % u':' % QString::number(minutes % 60).rightJustified(2, u'0');
}

QString shownText(const QByteArray &bytes, qsizetype most)
{
    QString text = QString::fromUtf8(QByteArrayView(bytes).first(std::min(bytes.size(), most * 4)));
    for (QChar &c : text)
        if (c.category() == QChar::Other_Control || c == QChar(0x2028) || c == QChar(0x2029)
            || (c.unicode() >= 0x202a && c.unicode() <= 0x202e) || (c.unicode() >= 0x2066 && c.unicode() <= 0x2069))
            c = u' ';
    text = text.simplified();
    if (text.size() > most)
        text = text.first(most - 1) % QChar(0x2026);
    return text;
}

} // namespace faultline
