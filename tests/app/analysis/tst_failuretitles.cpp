// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/analyze.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

/// What a failure is called where its line says more or less.
class TestFailureTitles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leaveOutWhatIsNotTold_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("title");
        QTest::newRow("bare") << QByteArray("Killed") << u"the process was killed by SIGKILL"_s;
        QTest::newRow("with its command") << QByteArray("bash: line 3:  4021 Killed                  ./unit.test -v")
                                          << u"the process was killed by SIGKILL: ./unit.test -v"_s;
        QTest::newRow("of a shell without it")
            << QByteArray("./run.sh: line 3:  4021 Killed") << u"the process was killed by SIGKILL"_s;
    }
    void leaveOutWhatIsNotTold()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, title);
        static const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"ci.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("running\n" + line + '\n');
        file.close();
        const auto analysis = analyze({file.fileName()}, **knowledge, {});
        QVERIFY(analysis);
        QVERIFY(!analysis->findings->failures.empty());
        QCOMPARE(analysis->findings->failures.front().what, title);
    }
};

FAULTLINE_TEST(TestFailureTitles)
#include "tst_failuretitles.moc"
