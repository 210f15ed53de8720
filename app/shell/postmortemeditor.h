// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/postmortem.h"
#include "app/pages/usertemplate.h"

#include <QFutureWatcher>
#include <QTimer>
#include <QWidget>

class QCompleter;
class QLabel;
class QListWidget;
class QMenu;
class QPlainTextEdit;
class QStandardItemModel;
class QTextBrowser;

namespace faultline {

class MarkdownEdit;

/// A window in which the postmortem of the open case is written: Markdown with placeholders, problems at their line, how it will look beside.
/// The text belongs to the case, which keeps it.
class PostmortemEditor final : public QWidget
{
    Q_OBJECT

public:
    /// `userFolder` is where a person's own templates lie, in `templates/`.
    explicit PostmortemEditor(const QString &userFolder, QWidget *parent = nullptr);
    ~PostmortemEditor() override;

    /// The case, with its text: another one replaces what stands here.
    void setCase(const Analysis &analysis);
    void setDark(bool dark);

    QPlainTextEdit *text() const;
    QListWidget *problems() const;
    QTextBrowser *preview() const { return m_preview; }
    QMenu *insertMenu() const { return m_insert; }
    QString status() const;
    /// Begins the text anew from a template; what it has wrong is told as the editor's problems, and nothing is changed.
    void begin(const TemplateFile &file);

Q_SIGNALS:
    /// A person wrote something.
    void edited(const QString &text);
    void exportWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *buildHead();
    void fillTemplates(QMenu *menu);
    void fillInsert();
    void insert(const QString &placeholder);
    void complete();
    void changed();
    void fill();
    void showPage(const PostmortemPage &page);
    void drawPictures();

    QString m_userFolder;
    Analysis m_analysis;
    ReportPictures m_pictures; ///< Of the analysis, once the text names one.
    bool m_isDrawn = false;
    bool m_isDark = false;
    MarkdownEdit *m_edit = nullptr;
    QTextBrowser *m_preview = nullptr;
    QMenu *m_insert = nullptr;
    QLabel *m_status = nullptr;
    QCompleter *m_completer = nullptr;
    QStandardItemModel *m_choices = nullptr;
    QTimer m_later;
    QFutureWatcher<PostmortemPage> m_watcher;
};

} // namespace faultline
