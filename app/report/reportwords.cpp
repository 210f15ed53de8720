// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportwords.h"

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostLineText = 240;

}

QString reportText(const QByteArray &bytes)
{
    QString text = QString::fromUtf8(
        withoutTerminalControl(std::string_view(bytes.constData(), static_cast<size_t>(bytes.size()))));
    text = text.section(u'\n', 0, 0).trimmed();
    std::ranges::replace_if(
        text, [](QChar c) { return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format; },
        QChar(u' '));
    if (text.size() > MostLineText)
        text = text.left(MostLineText) + u'…';
    return text;
}

QString reportTime(TimeNs time)
{
    QString text = QString::fromLatin1(toRfc3339(TimeNs{time.ns / NsPerMillisecond * NsPerMillisecond}));
    return text.replace(u'T', u' ').replace(u"Z"_s, u" UTC"_s);
}

QString reportSecond(const std::optional<TimeNs> &time)
{
    return time ? reportTime(TimeNs{time->ns / NsPerSecond * NsPerSecond}) : QString();
}

QString reportValue(double number, const Series &series)
{
    if (series.unit == "bytes" || series.name.endsWith("_bytes"))
        return QLocale::c().formattedDataSize(static_cast<qint64>(number), 1);
    return QLocale::c().toString(number, 'g', 4);
}

QString reportDuration(DurationNs duration)
{
    const double seconds = toSeconds(duration);
    if (std::abs(seconds) < 1)
        return QString::number(seconds * 1000, 'f', 0) + u" ms"_s;
    if (std::abs(seconds) < 60)
        return QString::number(seconds, 'f', 1) + u" s"_s;
    const auto whole = static_cast<qint64>(seconds + 0.5);
    if (whole < 3600)
        return u"%1 min %2 s"_s.arg(whole / 60).arg(whole % 60);
    return u"%1 h %2 min"_s.arg(whole / 3600).arg(whole % 3600 / 60);
}

} // namespace faultline
