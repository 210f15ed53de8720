// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;
class QPushButton;
class QToolButton;

namespace faultline {

/// What stands above the names of the tracks: their filter, the choice of series, and what the axis tells.
class TimelineCorner final : public QWidget
{
    Q_OBJECT

public:
    enum class Times { Utc, Local, SinceFailure };

    explicit TimelineCorner(QWidget *parent);

    QLineEdit *filter() const { return m_filter; }
    /// `text` says what the axis leaves out; `canTellSince` whether there is a failure to count from.
    void setAxis(const QString &text, Times shown, bool canTellSince);

Q_SIGNALS:
    void filterChanged(const QString &text);
    void timesWanted(faultline::TimelineCorner::Times times);
    void seriesWanted();

private:
    QLineEdit *m_filter;
    QToolButton *m_series;
    QPushButton *m_axis;
    QList<QAction *> m_times; ///< As Times.
};

} // namespace faultline
