// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <QDialog>

class QPlainTextEdit;
class QSpinBox;

namespace faultline {

/// One line in full, in parts where it is very long; JSON in it can be laid out. Reads only the part that is shown.
class LineWindow final : public QDialog
{
    Q_OBJECT

public:
    static constexpr qint64 PartBytes = 64 * 1024;
    /// Longer lines are not laid out as JSON.
    static constexpr qint64 MostJsonBytes = 4 * 1024 * 1024;

    LineWindow(std::shared_ptr<const SourceEvidence> source, qint64 line, const QString &name,
               QWidget *parent = nullptr);

    int partCount() const;
    void showPart(int part); ///< From 1.
    /// The first JSON object or array in the line, laid out; empty where there is none.
    QString prettyJson() const;
    QString shown() const;

private:
    void save();

    std::shared_ptr<const SourceEvidence> m_source;
    RawLine m_line;
    QPlainTextEdit *m_text;
    QSpinBox *m_part = nullptr;
};

} // namespace faultline
