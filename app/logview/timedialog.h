// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/moment.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace faultline {

/// Asks for a moment, and says while a person types what is understood.
class TimeDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit TimeDialog(const MomentContext &context, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(faultline::TimeNs time);

private:
    void understand();

    MomentContext m_context;
    std::optional<TimeNs> m_moment;
    QLineEdit *m_edit;
    QLabel *m_meaning;
    QPushButton *m_go;
};

} // namespace faultline
