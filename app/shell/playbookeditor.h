// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/checktext.h"

#include <QFutureWatcher>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QListWidget;
class QPlainTextEdit;

namespace faultline {

class FlowView;
class MarkdownEdit;

/// A window in which playbooks and causes are written: problems at their line, the flowchart walked on the open case beside.
/// Saves to a person's own folder; a shipped page is never changed, its copy there replaces it.
class PlaybookEditor final : public QWidget
{
    Q_OBJECT

public:
    explicit PlaybookEditor(const QString &folder, QWidget *parent = nullptr);
    ~PlaybookEditor() override;

    /// The case that the preview walks.
    void setCase(const Analysis &analysis, int failure, const HandAnswers &answers);
    /// Opens a page by its name, "killed.md": a person's own where there is one, else the shipped.
    void openPage(const QString &name);
    void setDark(bool dark);
    /// Reads the list of pages anew.
    void refreshPages();

    QPlainTextEdit *text() const;
    QListWidget *problems() const;
    FlowView *preview() const { return m_preview; }
    QString status() const;
    /// Writes to the folder; fails with the reason in the status.
    bool save();
    bool isModified() const;

Q_SIGNALS:
    void saved(const QString &file);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *buildHead();
    void openFile(const QString &path);
    void newPage();
    bool mayDiscard();
    void check();
    void showPreview(const PlaybookPreview &preview);
    QString path() const;

    QString m_folder;
    QString m_name; ///< "killed.md"
    Analysis m_analysis;
    int m_failure = -1;
    HandAnswers m_answers;
    QComboBox *m_pages = nullptr;
    MarkdownEdit *m_edit = nullptr;
    FlowView *m_preview = nullptr;
    QLabel *m_status = nullptr;
    QTimer m_later;
    CancelToken m_cancel;
    QFutureWatcher<PlaybookPreview> m_watcher;
};

} // namespace faultline
