// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;

namespace faultline {

class LogFilters;

/// The filters in force, each with a cross to drop it, and how many lines they leave. Hidden where there is none.
class FilterBar final : public QWidget
{
    Q_OBJECT

public:
    explicit FilterBar(LogFilters *filters, QWidget *parent = nullptr);

private:
    void refresh();

    LogFilters *m_filters;
    QWidget *m_chips;
    QLabel *m_status;
    QComboBox *m_context;
};

} // namespace faultline
