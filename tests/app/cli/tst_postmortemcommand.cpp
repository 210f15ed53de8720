// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "app/pages/pagecommand.h"
#include "tests/support/paths.h"
#include "tests/support/test.h"

#include <QFile>
#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

class TestPostmortemCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isBegunFromTheShippedTemplateWithPicturesBesideIt()
    {
        const QString file = m_folder.filePath(u"pm.md"_s);
        QCOMPARE(run({u"--postmortem"_s, u"--output"_s, file}), ExitDone);
        const QString text = textOf(file);
        QVERIFY(text.startsWith(u"# Postmortem: "_s));
        QVERIFY(!text.contains(u"[["_s)); // nothing is left to fill in
        QVERIFY(text.contains(u"(<pm-timeline.svg>)"_s));
        QVERIFY(textOf(m_folder.filePath(u"pm-timeline.svg"_s)).startsWith(u"<"_s));
    }

    void aTemplateOfOnesOwn()
    {
        const QString ours = m_folder.filePath(u"ours.md"_s);
        write(ours, "# Ours: {{ headline }}\n\n[[cause-name]] at [[when]]\n");
        const QString file = m_folder.filePath(u"ours-filled.html"_s);
        QCOMPARE(run({u"--template"_s, ours, u"--format"_s, u"html"_s, u"--output"_s, file}), ExitDone);
        QVERIFY(textOf(file).contains(u"Ours: "_s));
        QVERIFY(!textOf(file).contains(u"[["_s));

        const QString page = m_folder.filePath(u"page.html"_s);
        write(page, "<p>{{ headline }}</p>");
        QCOMPARE(run({u"--template"_s, page, u"--output"_s, file}), ExitDone);
        QVERIFY(textOf(file).startsWith(u"<p>"_s));
    }

    void aTemplateThatIsMissingOrWrongIsUsage()
    {
        const QString broken = m_folder.filePath(u"broken.md"_s);
        write(broken, "{% if failures %}no end");
        const QString file = m_folder.filePath(u"never.md"_s);
        QVERIFY(run({u"--template"_s, broken, u"--output"_s, file}) != ExitDone);
        QVERIFY(run({u"--template"_s, m_folder.filePath(u"nowhere.md"_s), u"--output"_s, file}) != ExitDone);
        QVERIFY(!QFile::exists(file));
    }

private:
    int run(const QStringList &options)
    {
        return runCommandLine(QStringList{u"analyze"_s, test::sourcePath(u"resources/samples/oom-in-ci"_s)} + options,
                              runPageCommand)
            .value_or(-1);
    }

    static QString textOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

    static void write(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QTemporaryDir m_folder;
};

FAULTLINE_TEST(TestPostmortemCommand)
#include "tst_postmortemcommand.moc"
