// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logfollower.h"

#include <QWidget>

class QLabel;

namespace faultline {

/// Says when a file of a log that is shown is no longer what was read: it has grown, shrunk, been written anew, or is gone. Hidden where
/// all is well.
class FileNotice final : public QWidget
{
    Q_OBJECT

public:
    using State = LogFollower::State;

    explicit FileNotice(const LogFollower *follower, QWidget *parent = nullptr);
    /// The worst of all files.
    State state() const;

Q_SIGNALS:
    void readAgainWanted();

private:
    void refresh();

    const LogFollower *m_follower;
    QLabel *m_sign;
    QLabel *m_text;
};

} // namespace faultline
