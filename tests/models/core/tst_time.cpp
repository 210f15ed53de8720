// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/time.h"
#include "tests/support/test.h"

using namespace faultline;

class TestTime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAndReadsRfc3339_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("ns");
        QTest::newRow("whole") << QByteArray("2023-11-14T22:13:20Z") << qint64(1'700'000'000'000'000'000);
        QTest::newRow("tenth") << QByteArray("2023-11-14T22:13:20.1Z") << qint64(1'700'000'000'100'000'000);
        QTest::newRow("nano") << QByteArray("2023-11-14T22:13:20.000000001Z") << qint64(1'700'000'000'000'000'001);
        QTest::newRow("before 1970") << QByteArray("1969-12-31T23:59:59.5Z") << qint64(-500'000'000);
        QTest::newRow("leap day") << QByteArray("2024-02-29T00:00:00Z") << qint64(1'709'164'800'000'000'000);
    }
    void writesAndReadsRfc3339()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, ns);
        QCOMPARE(toRfc3339(TimeNs{ns}), text);
        QCOMPARE(fromRfc3339(text), TimeNs{ns});
    }

    void readsZones_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("colon") << QByteArray("2023-11-15T06:13:20+08:00");
        QTest::newRow("plain") << QByteArray("2023-11-15T06:13:20+0800");
        QTest::newRow("hours") << QByteArray("2023-11-15T06:13:20+08");
        QTest::newRow("space and comma") << QByteArray("2023-11-14 16:43:20,000 -05:30");
    }
    void readsZones()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(fromRfc3339(text), TimeNs{1'700'000'000'000'000'000});
    }

    void rejectsWhatIsNoTime_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no zone") << QByteArray("2023-11-14T22:13:20");
        QTest::newRow("month 13") << QByteArray("2023-13-14T22:13:20Z");
        QTest::newRow("29 February") << QByteArray("2023-02-30T22:13:20Z");
        QTest::newRow("rest") << QByteArray("2023-11-14T22:13:20Zx");
    }
    void rejectsWhatIsNoTime()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!fromRfc3339(text));
    }
};

FAULTLINE_TEST(TestTime)
#include "tst_time.moc"
