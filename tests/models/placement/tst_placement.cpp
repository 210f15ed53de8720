// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/placement.h"

#include "models/placement/zones.h"
#include "tests/support/test.h"

using namespace faultline;

class TestPlacement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void placesThroughSegmentsAndBack()
    {
        SourcePlacement placement;
        placement.segments = {{SourceTime{std::numeric_limits<qint64>::min()}, 100, 0, 5},
                              {SourceTime{1000}, 5000, 0.5, 7}};
        QCOMPARE(placement.place(SourceTime{10})->time.ns, 110);
        QCOMPARE(placement.place(SourceTime{10})->lo.ns, 105);
        QCOMPARE(placement.place(SourceTime{10})->hi.ns, 115);
        QCOMPARE(placement.place(SourceTime{1100})->time.ns, 6150);
        QCOMPARE(placement.sourceTime(TimeNs{110}), SourceTime{10});
        QCOMPARE(placement.sourceTime(TimeNs{6150}), SourceTime{1100});
        QCOMPARE(placement.offsetAt(TimeNs{50}), 100);
        QCOMPARE(placement.offsetAt(TimeNs{7000}), 5000);
    }

    void keepsIntervalsInOrder()
    {
        SourcePlacement placement;
        placement.segments = {{SourceTime{0}, 10, 0, 1}};
        const std::optional<PlacedTime> placed = placement.place(SourceInterval{{100}, {200}});
        QCOMPARE(*placed, (PlacedTime{{160}, {109}, {211}}));
        QCOMPARE(placed->uncertaintyNs(), 51);
    }

    void leavesUnplacedWhatIsUnplaced()
    {
        SourcePlacement placement;
        QVERIFY(!placement.isPlaced());
        QVERIFY(!placement.place(SourceTime{1}));
        QVERIFY(!placement.sourceTime(TimeNs{1}));
        QVERIFY(!placement.offsetAt(TimeNs{1}));
        placement.segments = {{SourceTime{0}, 0, 0, 0, false}, {SourceTime{100}, 7, 0, 0, true}};
        QVERIFY(placement.isPlaced());
        QVERIFY(!placement.place(SourceTime{50}));
        QCOMPARE(placement.place(SourceTime{150})->time.ns, 157);
        QCOMPARE(placement.offsetAt(TimeNs{0}), 7);
    }

    void doesNotOverflow()
    {
        SourcePlacement placement;
        const qint64 most = std::numeric_limits<qint64>::max();
        const qint64 least = std::numeric_limits<qint64>::min();
        placement.segments = {{SourceTime{least}, most, 2.0, most}};
        QCOMPARE(placement.place(SourceInterval{{least}, {most}})->hi.ns, most);
        QVERIFY(placement.sourceTime(TimeNs{least}));
        placement.segments = {{SourceTime{least}, least, 0, most}};
        QCOMPARE(placement.place(SourceTime{least})->lo.ns, least);
        QVERIFY(placement.sourceTime(TimeNs{most}));
    }

    void guessesZones_data()
    {
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("last");
        QTest::addColumn<std::vector<DurationNs>>("stated");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<bool>("assumed");
        const qint64 hour = 3600;
        QTest::newRow("inside in UTC") << qint64(10) << qint64(30) << std::vector<DurationNs>{} << qint64(0) << false;
        QTest::newRow("+08:00") << 8 * hour + 10 << 8 * hour + 30 << std::vector<DurationNs>{} << -8 * hour << false;
        QTest::newRow("-05:30") << -5 * hour - 1800 + 10 << -5 * hour - 1800 + 30 << std::vector<DurationNs>{}
                                << 5 * hour + 1800 << false;
        QTest::newRow("+05:45") << 5 * hour + 2700 + 10 << 5 * hour + 2700 + 30 << std::vector<DurationNs>{}
                                << -5 * hour - 2700 << false;
        QTest::newRow("nowhere") << 20 * hour << 20 * hour + 60 << std::vector<DurationNs>{} << qint64(0) << true;
        QTest::newRow("one moment") << 3 * hour + 10 << 3 * hour + 10 << std::vector<DurationNs>{} << -3 * hour
                                    << false;
    }
    void guessesZones()
    {
        QFETCH(qint64, first);
        QFETCH(qint64, last);
        QFETCH(qint64, offset);
        QFETCH(bool, assumed);
        QFETCH(std::vector<DurationNs>, stated);
        const std::vector<Stretch> others{{TimeNs{0}, TimeNs{40 * NsPerSecond}}};
        const ZoneGuess guess = guessZone({{first * NsPerSecond}, {last * NsPerSecond}}, others, stated);
        QCOMPARE(guess.offsetNs, offset * NsPerSecond);
        QCOMPARE(guess.isAssumed, assumed);
        QVERIFY(!guess.reason.isEmpty());
    }

    void saysWhenSeveralZonesFit()
    {
        const std::vector<Stretch> longRecord{{TimeNs{0}, TimeNs{6 * NsPerHour}}};
        const SourceTime first{9 * NsPerHour + NsPerMinute};
        const SourceTime last{9 * NsPerHour + 2 * NsPerMinute};
        const ZoneGuess guess = guessZone({first, last}, longRecord, {});
        QVERIFY(guess.isAssumed);
        QCOMPARE(guess.offsetNs % NsPerHour, 0);
        const ZoneGuess hinted = guessZone({first, last}, longRecord, {8 * NsPerHour});
        QCOMPARE(hinted.offsetNs, -8 * NsPerHour);
        QVERIFY(hinted.isAssumed);
        QCOMPARE(guessZone({{NsPerHour}, {NsPerHour + 1}}, longRecord, {}).offsetNs, 0);
    }

    void readsZones()
    {
        QCOMPARE(zoneEast("+08:00"), 8 * NsPerHour);
        QCOMPARE(zoneEast("-05:30"), -(5 * NsPerHour + 30 * NsPerMinute));
        QCOMPARE(zoneEast("UTC"), 0);
        QVERIFY(!zoneEast("CET"));
        QCOMPARE(zoneText(-(5 * NsPerHour + 30 * NsPerMinute)), QStringLiteral("-05:30"));
        QCOMPARE(zoneText(0), QStringLiteral("UTC"));
    }
};

FAULTLINE_TEST(TestPlacement)
#include "tst_placement.moc"
