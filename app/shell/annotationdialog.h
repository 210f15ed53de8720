// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/annotations/annotation.h"

#include <QDialog>

class QButtonGroup;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace faultline {

/// Something that a note can be put on.
struct AnnotationChoice {
    Annotation note; ///< With its place and quote, no text.
    QString label;   ///< "Line ci.log:59"
};

/// Writes or edits a note. Ctrl+Enter keeps it, Escape drops it.
class AnnotationDialog final : public QDialog
{
    Q_OBJECT

public:
    /// At least one choice; the first is taken unless another is chosen. An existing note is the only choice.
    AnnotationDialog(std::vector<AnnotationChoice> choices, const QString &author, QWidget *parent);

    /// The chosen place with what was written.
    Annotation note() const;

private:
    QWidget *colourRow();
    void showQuote();
    void check();

    std::vector<AnnotationChoice> m_choices;
    QComboBox *m_place;
    QLabel *m_quote;
    QPlainTextEdit *m_text;
    QLineEdit *m_tags;
    QLineEdit *m_author;
    QButtonGroup *m_colours;
    QDialogButtonBox *m_buttons;
};

} // namespace faultline
