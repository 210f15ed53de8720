// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/annotationdialog.h"
#include "app/shell/annotationspanel.h"
#include "app/shell/casedocument.h"
#include "app/shell/mainwindow.h"
#include "app/shell/workspace.h"
#include "tests/app/shell/windowpictures.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace faultline::test {

inline void copyFolder(const QString &from, const QString &to, const QStringList &without = {})
{
    QVERIFY(QDir().mkpath(to));
    for (const QFileInfo &entry : QDir(from).entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot)) {
        if (without.contains(entry.fileName()))
            continue;
        if (entry.isDir())
            copyFolder(entry.filePath(), to + u'/' + entry.fileName());
        else
            QVERIFY(QFile::copy(entry.filePath(), to + u'/' + entry.fileName()));
    }
}

inline QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void writeFile(const QString &path, const QByteArray &bytes)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

/// The real window over a folder of its own, used as a person uses it.
class WindowDriver
{
public:
    QString inFolder(const QString &name) const { return m_folder.filePath(name); }
    MainWindow &window() { return *m_window; }
    CaseController &controller() { return *m_window->controller(); }
    Workspace &workspace() { return *m_window->workspace(); }
    Selection &selection() { return *m_window->workspace()->selection(); }
    QAction *action(const QString &name) const
    {
        return m_window->findChild<QAction *>(name, Qt::FindDirectChildrenOnly);
    }
    void closeWindow() { m_window.reset(); }
    std::unique_ptr<MainWindow> takeWindow() { return std::move(m_window); }

    void makeWindow()
    {
        m_window.reset();
        m_window =
            std::make_unique<MainWindow>(caseLoader({}, {}), inFolder(QStringLiteral("settings.ini")), QString());
        m_window->setKnowledgeFolder(inFolder(QStringLiteral("own")));
        m_window->resize(1600, 1000);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    /// In a window of its own, until it is shown.
    void openRun(const QString &run)
    {
        makeWindow();
        QSignalSpy shown(m_window->controller(), &CaseController::analysisChanged);
        m_window->open({run});
        QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty(), 60'000);
        QTRY_COMPARE(m_window->controller()->state(), CaseController::State::Ready);
    }
    void saveTo(const QString &file)
    {
        QSignalSpy saved(m_window->document(), &CaseDocument::saved);
        m_window->document()->save(file, false);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 20'000);
    }
    /// N, the words, Ctrl+Enter; `place` begins the name of what it is put on, else what is proposed.
    void write(const QString &text, const QString &tags, const QString &place = {})
    {
        const auto count = m_window->controller()->annotations().size();
        m_window->activateWindow();
        QTRY_VERIFY(m_window->isActiveWindow());
        QTest::keyClick(m_window->focusWidget() ? m_window->focusWidget() : m_window.get(), Qt::Key_N);
        QPointer dialog = m_window->findChild<AnnotationDialog *>();
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->isActiveWindow());
        if (!place.isEmpty()) {
            auto *places = dialog->findChild<QComboBox *>(QStringLiteral("notePlace"));
            places->setCurrentIndex(places->findText(place, Qt::MatchStartsWith));
            QVERIFY(places->currentIndex() >= 0);
        }
        dialog->findChild<QPlainTextEdit *>()->setPlainText(text);
        dialog->findChild<QLineEdit *>(QStringLiteral("noteTags"))->setText(tags);
        QTest::keyClick(dialog->findChild<QPlainTextEdit *>(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!dialog);
        QCOMPARE(m_window->controller()->annotations().size(), count + 1);
    }
    void picture(const QString &name, QWidget *widget = nullptr) { saveWindowPictures(*m_window, name, widget); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace faultline::test
