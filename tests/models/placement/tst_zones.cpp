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

    void takesTheOffsetOfTheDay()
    {
        constexpr TimeNs January{1'704'067'200 * NsPerSecond};
        constexpr TimeNs July{1'720'000'000 * NsPerSecond};
        QCOMPARE(namedZoneEast(u"Europe/Berlin"_s, January), NsPerHour);
        QCOMPARE(namedZoneEast(u"Europe/Berlin"_s, July), 2 * NsPerHour);
        QCOMPARE(namedZoneEast(u"America/New_York"_s, January), -5 * NsPerHour);
    }

    void cutsAZoneWhereItChanges()
    {
        // 2024-03-31, Berlin: 02:00 to 03:00 does not come.
        constexpr qint64 Midnight = 1'711'843'200 * NsPerSecond;
        const auto hour = [](int hours) { return SourceTime{Midnight + hours * NsPerHour}; };
        const auto stretches = zoneStretches(u"Europe/Berlin"_s, hour(0), hour(6));
        QCOMPARE(stretches.size(), size_t(3));
        QCOMPARE(stretches[0].eastNs, NsPerHour);
        QCOMPARE(stretches[1].from, hour(2));
        QCOMPARE(stretches[1].errorNs, NsPerHour / 2);
        QCOMPARE(stretches[2].from, hour(3));
        QCOMPARE(stretches[2].eastNs, 2 * NsPerHour);
        QCOMPARE(zoneStretches(u"Europe/Berlin"_s, hour(10), hour(16)).size(), size_t(1));
        QCOMPARE(zoneStretches(u"Europe/Berlin"_s, hour(10), hour(16)).front().eastNs, 2 * NsPerHour);
        QVERIFY(zoneStretches(u"Nowhere/Land"_s, hour(0), hour(1)).empty());
    }

    void keepsAZoneThatChangesByName()
    {
        QCOMPARE(zoneOverride(u"Europe/Berlin"_s).zone, u"Europe/Berlin"_s);
        QVERIFY(!zoneOverride(u"Europe/Berlin"_s).zoneOffsetNs);
        QCOMPARE(zoneOverride(u"+08:00"_s).zoneOffsetNs, 8 * NsPerHour);
    }
};

FAULTLINE_TEST(TestZones)
#include "tst_zones.moc"
