// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/settings.h"

#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

Settings::Settings(const QString &file)
    : m_settings(file.isEmpty() ? std::make_unique<QSettings>(u"faultline"_s, u"faultline"_s)
                                : std::make_unique<QSettings>(file, QSettings::IniFormat))
{
}

ThemeMode Settings::theme() const
{
    const QString name = m_settings->value(u"theme"_s).toString();
    return name == u"light" ? ThemeMode::Light : name == u"dark" ? ThemeMode::Dark : ThemeMode::System;
}

void Settings::setTheme(ThemeMode mode)
{
    m_settings->setValue(u"theme"_s, mode == ThemeMode::Light  ? u"light"_s
                                     : mode == ThemeMode::Dark ? u"dark"_s
                                                               : u"system"_s);
}

ZoneShown Settings::zone() const
{
    return m_settings->value(u"zone"_s).toString() == u"local" ? ZoneShown::Local : ZoneShown::Utc;
}

void Settings::setZone(ZoneShown zone)
{
    m_settings->setValue(u"zone"_s, zone == ZoneShown::Local ? u"local"_s : u"utc"_s);
}

QList<QStringList> Settings::recentCases() const
{
    QList<QStringList> cases;
    const QVariantList stored = m_settings->value(u"recent"_s).toList();
    for (const QVariant &item : stored) {
        const QStringList paths = item.toStringList();
        if (!paths.isEmpty() && std::ranges::all_of(paths, [](const QString &path) { return QFileInfo::exists(path); }))
            cases.append(paths);
    }
    return cases;
}

void Settings::addRecentCase(const QStringList &paths)
{
    QList<QStringList> cases = recentCases();
    cases.removeAll(paths);
    cases.prepend(paths);
    QVariantList stored;
    for (const QStringList &item : cases.first(qMin<qsizetype>(cases.size(), MostRecent)))
        stored.append(QVariant(item));
    m_settings->setValue(u"recent"_s, stored);
}

void Settings::clearRecentCases()
{
    m_settings->remove(u"recent"_s);
}

QByteArray Settings::bytes(const QString &key) const
{
    return m_settings->value(key).toByteArray();
}

void Settings::setBytes(const QString &key, const QByteArray &value)
{
    m_settings->setValue(key, value);
}

void Settings::remove(const QString &key)
{
    m_settings->remove(key);
}

} // namespace faultline
