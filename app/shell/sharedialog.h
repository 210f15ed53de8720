// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/redactedcase.h"
#include "app/pages/share.h"
#include "app/pages/usertemplate.h"
#include "models/core/task.h"
#include "models/redaction/redactor.h"

#include <QDialog>
#include <QFutureWatcher>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTreeView;

namespace faultline {

class RedactionModel;

/// What is handed on of a case: first everything that redaction finds, to be looked at and switched, then the file with exactly that.
/// Looking and writing run in workers; pictures alone are drawn in the window's thread.
class ShareDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `edits` and `view` are what a case file holds beside; `templates` are HTML templates for reports; `patterns` a person's own regular
    /// expressions.
    ShareDialog(const Analysis &analysis, const CaseEdits &edits, const SavedView &view,
                std::vector<TemplateFile> templates, const QStringList &patterns, QWidget *parent = nullptr);
    ~ShareDialog() override;

    RedactionModel *model() const { return m_model; }
    /// Chooses the postmortem rather than the report, where there is one.
    void setPostmortem();
    /// What is found is known for the choices as they are.
    bool isReady() const { return m_isCurrent; }
    QStringList patterns() const { return m_patterns; }
    /// Writes to the file as the boxes say; shared() or failed() follows.
    void exportTo(const QString &file);

Q_SIGNALS:
    /// The preview is that of the choices.
    void ready();
    /// The files written; of a case also the names of what could not be gone over and stayed out.
    void shared(const QStringList &files, const QStringList &leftOut);
    void failed(const faultline::Error &error);
    /// A person's own patterns are others.
    void patternsChanged(const QStringList &patterns);

private:
    struct Found {
        Analysis redacted;
        std::vector<std::vector<RedactionHit>> hits;
    };
    QWidget *buildWhat(std::vector<TemplateFile> templates);
    QWidget *buildGroups();
    QWidget *buildPattern();
    void addPattern();
    std::vector<RedactionRule> rulesNow() const;
    void look();
    void lookLater();
    void showFound();
    void fillFormats();
    void updateButtons();
    void chooseFile();
    bool isPostmortem() const;
    bool isCase() const;
    QString suffix() const;

    Analysis m_analysis;
    CaseEdits m_edits;
    SavedView m_view;
    Analysis m_redacted;
    QStringList m_patterns;
    RedactionModel *m_model;
    QComboBox *m_what = nullptr;
    QComboBox *m_format = nullptr;
    QComboBox *m_template = nullptr;
    QCheckBox *m_secrets = nullptr;
    QCheckBox *m_names = nullptr;
    QLineEdit *m_pattern = nullptr;
    QLabel *m_problem = nullptr;
    QLabel *m_summary = nullptr;
    QProgressBar *m_progress = nullptr;
    QTreeView *m_found = nullptr;
    QPushButton *m_export = nullptr;
    QTimer m_later;
    CancelToken m_cancel;
    QFutureWatcher<Found> m_looking;
    struct Written {
        QStringList files;
        QStringList leftOut;
    };
    CancelToken m_writeCancel;
    QFutureWatcher<Result<Written>> m_writing;
    bool m_isCurrent = false;
};

} // namespace faultline
