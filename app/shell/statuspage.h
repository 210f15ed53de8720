// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/casecontroller.h"
#include "models/views/texts.h"

#include <QElapsedTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace faultline {

class FileProgressList;
class LogView;

/// What the window shows while a case is read: which, how far, and how to stop it.
class LoadingPage final : public QWidget
{
    Q_OBJECT

public:
    explicit LoadingPage(QWidget *parent = nullptr);
    void start(const QStringList &paths);
    void setProgress(qint64 done, qint64 total);
    void setFiles(const QList<faultline::FileProgress> &files);
    /// The beginning of a log, to be looked at meanwhile; nullopt: none.
    void setPreview(const std::optional<LogPart> &part, ZoneShown zone);

Q_SIGNALS:
    void cancelWanted();

private:
    QLabel *m_title;
    QLabel *m_paths;
    QProgressBar *m_bar;
    QLabel *m_detail;
    FileProgressList *m_files;
    QLabel *m_previewTitle;
    LogView *m_preview;
    QElapsedTimer m_since;
};

/// What the window shows when a case could not be read: why, and what to do.
class FailedPage final : public QWidget
{
    Q_OBJECT

public:
    explicit FailedPage(QWidget *parent = nullptr);
    void setError(const Error &error);

Q_SIGNALS:
    void retryWanted();
    void openFolderWanted();
    void backWanted();

private:
    QLabel *m_message;
    QLabel *m_hint;
    QPushButton *m_retry;
};

} // namespace faultline
