// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

namespace faultline {

/// The dashed ground that says: here. Drops are taken by the window, this one only shows it.
class DropZone final : public QFrame
{
    Q_OBJECT

public:
    explicit DropZone(QWidget *parent = nullptr);
    void setWanted(bool wanted);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_isWanted = false;
};

} // namespace faultline
