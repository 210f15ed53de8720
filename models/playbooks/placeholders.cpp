// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/placeholders.h"

#include "models/core/time.h"
#include "models/core/translate.h"
#include "models/playbooks/markdown.h"

#include <QLocale>
#include <QRegularExpression>

#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostValueCharacters = 200;

const QRegularExpression &form()
{
    static const QRegularExpression re(u"\\{([a-z_][a-z0-9_]*)(?::([a-z]+))?(?:\\|([^{}]*))?\\}"_s);
    return re;
}

bool isFormat(const QString &name)
{
    return QStringList{u"bytes"_s, u"kb"_s, u"duration"_s, u"seconds"_s, u"percent"_s, u"count"_s}.contains(name);
}

QString bytesText(double bytes)
{
    static const QStringList units{u"B"_s, u"KiB"_s, u"MiB"_s, u"GiB"_s, u"TiB"_s};
    qsizetype unit = 0;
    while (std::abs(bytes) >= 1024 && unit + 1 < units.size()) {
        bytes /= 1024;
        ++unit;
    }
    return QLocale::c().toString(bytes, 'f', unit == 0 || bytes >= 100 ? 0 : 1) % u' ' % units[unit];
}

QString secondsText(double seconds)
{
    if (seconds < 1)
        return QLocale::c().toString(seconds * 1000, 'f', 0) % u" ms"_s;
    if (seconds < 120)
        return QLocale::c().toString(seconds, 'f', 1) % u" s"_s;
    return QLocale::c().toString(seconds / 60, 'f', 1) % u" min"_s;
}

/// Whole numbers whole, others to three digits.
QString plainText(double number)
{
    constexpr double MostWhole = 1e15;
    const bool isWhole = std::abs(number) < MostWhole && std::floor(number) == number;
    return isWhole ? QLocale::c().toString(number, 'f', 0) : QLocale::c().toString(number, 'g', 3);
}

std::optional<QString> formatted(const QVariant &value, const QString &format)
{
    if (!value.isValid() || value.isNull() || value.toString().isEmpty())
        return {};
    if (format.isEmpty())
        return value.typeId() == QMetaType::Double ? plainText(value.toDouble()) : value.toString();
    bool isNumber = false;
    const double number = value.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(number))
        return value.toString();
    if (format == u"bytes")
        return bytesText(number);
    if (format == u"kb")
        return bytesText(number * 1024);
    if (format == u"duration")
        return secondsText(number / static_cast<double>(NsPerSecond));
    if (format == u"seconds")
        return secondsText(number);
    if (format == u"percent")
        return QLocale::c().toString(number * 100, 'f', 0) % u" %"_s;
    return QLocale::c().toString(number, 'f', 0);
}

} // namespace

QString fillPlaceholders(const QString &markdown, const PlaceholderValues &values)
{
    QString filled;
    qsizetype from = 0;
    for (auto matches = form().globalMatch(markdown); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        filled += QStringView(markdown).sliced(from, match.capturedStart() - from);
        from = match.capturedEnd();
        const auto value = values.find(match.captured(1));
        const auto text = value == values.end() ? std::nullopt : formatted(value->second, match.captured(2));
        if (text)
            filled +=
                escapeMarkdown(text->size() > MostValueCharacters ? text->first(MostValueCharacters) + u"…" : *text);
        else
            filled += match.hasCaptured(3) ? match.captured(3) : tr("unknown");
    }
    filled += QStringView(markdown).sliced(from);
    return filled;
}

QStringList placeholderProblems(const QString &line)
{
    QStringList problems;
    QString rest = line;
    for (auto matches = form().globalMatch(line); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        if (match.hasCaptured(2) && !match.captured(2).isEmpty() && !isFormat(match.captured(2)))
            problems += tr("Unknown format '%1'").arg(match.captured(2));
    }
    rest.remove(form());
    static const QRegularExpression code(u"`[^`]*`"_s);
    rest.remove(code);
    if (rest.contains(u'{') || rest.contains(u'}'))
        problems += tr("A brace that belongs to no placeholder");
    return problems;
}

} // namespace faultline
