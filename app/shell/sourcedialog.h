// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/casecontroller.h"

#include <QDialog>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace faultline {

/// Asks what a source is to be read as, and how its clock is off: what the program guessed, overruled.
class SourceDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `source` is how the program has it now, `clock` how it is placed; `titles` are the importers' by id.
    SourceDialog(const SourceEvidence &source, const QString &clock, const std::map<QByteArray, QString> &titles,
                 const SourceOverride &said, QWidget *parent = nullptr);

    /// What the person says; meaningful where the dialog was accepted.
    SourceOverride said() const;

private:
    void check();

    QComboBox *m_format;
    QComboBox *m_zone;
    QLineEdit *m_offset;
    QLabel *m_problem;
    QDialogButtonBox *m_buttons;
};

} // namespace faultline
