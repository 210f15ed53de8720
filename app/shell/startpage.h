// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QVBoxLayout;

namespace faultline {

/// What the window shows while no case is open: what Faultline is, where to drop a folder, the sample, recent cases.
class StartPage final : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget *parent = nullptr);

    void setRecentCases(const QList<QStringList> &cases);
    void setHasSample(bool has);
    /// While something is dragged over the window.
    void setDropWanted(bool wanted);

Q_SIGNALS:
    void openFolderWanted();
    void openFilesWanted();
    void openSampleWanted();
    void openWanted(const QStringList &paths);

private:
    QWidget *m_drop;
    QWidget *m_sample;
    QWidget *m_recent;
    QVBoxLayout *m_recentLayout;
};

} // namespace faultline
