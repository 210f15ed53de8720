// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings/theme.h"
#include "models/views/texts.h"

#include <QSettings>
#include <QStringList>

namespace faultline {

/// What the window remembers between runs.
class Settings
{
public:
    static constexpr int MostRecent = 10;

    /// `file` is an INI file; empty: the user's own place.
    explicit Settings(const QString &file = {});

    ThemeMode theme() const;
    void setTheme(ThemeMode mode);
    ZoneShown zone() const;
    void setZone(ZoneShown zone);

    /// Cases opened before, newest first; a case is the paths it was opened with. Those that are gone are left out.
    QList<QStringList> recentCases() const;
    void addRecentCase(const QStringList &paths);
    void clearRecentCases();

    QByteArray bytes(const QString &key) const;
    void setBytes(const QString &key, const QByteArray &value);
    void remove(const QString &key);

private:
    std::unique_ptr<QSettings> m_settings;
};

} // namespace faultline
