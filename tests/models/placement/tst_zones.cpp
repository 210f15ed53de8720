// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/zones.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestZones : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatAPersonWrites_data()
    {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<int>("minutes"); // east; -1: no zone
        QTest::newRow("offset") << u"+08:00"_s << 480;
        QTest::newRow("west") << u"-03:30"_s << -210;
        QTest::newRow("UTC") << u"UTC"_s << 0;
        QTest::newRow("a name") << u"Asia/Kolkata"_s << 330;
        QTest::newRow("none is not the system's own") << QString() << -1;
        QTest::newRow("no zone") << u"Nowhere/Land"_s << -1;
        QTest::newRow("a number") << u"+99:99"_s << -1;
    }
    void readsWhatAPersonWrites()
    {
        QFETCH(QString, zone);
        QFETCH(int, minutes);
        const auto east = namedZoneEast(zone);
        QCOMPARE(east.has_value(), minutes != -1);
        if (east)
            QCOMPARE(*east, minutes * 60 * NsPerSecond);
    }
};

FAULTLINE_TEST(TestZones)
#include "tst_zones.moc"
