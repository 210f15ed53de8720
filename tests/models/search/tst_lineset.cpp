// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/lineset.h"
#include "tests/support/test.h"

#include <QRandomGenerator>

#include <set>

using namespace faultline;

class TestLineSet : public QObject
{
    Q_OBJECT

private:
    static std::vector<qint64> all(const LineSet &set) { return set.lines(0, set.size()); }
    static std::vector<qint64> all(const std::set<qint64> &set) { return {set.begin(), set.end()}; }
    static LineSet made(const std::set<qint64> &lines)
    {
        LineSet set;
        set.addSorted(all(lines));
        return set;
    }
    static std::set<qint64> random(quint32 seed, int count, qint64 most)
    {
        QRandomGenerator generator(seed);
        std::set<qint64> lines;
        for (int i = 0; i < count; ++i)
            lines.insert(1 + static_cast<qint64>(generator.bounded(static_cast<quint64>(most))));
        return lines;
    }

private Q_SLOTS:
    void isASet_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<qint64>("most");
        QTest::newRow("few") << 20 << qint64(1'000'000);
        QTest::newRow("dense") << 60'000 << qint64(140'000);
        QTest::newRow("beyond 32 bits") << 500 << (qint64(1) << 40);
    }
    void isASet()
    {
        QFETCH(const int, count);
        QFETCH(const qint64, most);
        const auto a = random(1, count, most);
        const auto b = random(2, count / 2, most);
        const LineSet one = made(a);
        const LineSet two = made(b);
        QCOMPARE(one.size(), qint64(a.size()));
        QCOMPARE(all(one), all(a));
        std::set<qint64> both;
        std::set<qint64> either = a;
        either.insert(b.begin(), b.end());
        std::set<qint64> rest;
        for (const qint64 line : a)
            (b.contains(line) ? both : rest).insert(line);
        QCOMPARE(all(one & two), all(both));
        QCOMPARE(all(one | two), all(either));
        QCOMPARE(all(one - two), all(rest));
        QVERIFY(((one & two) | (one - two)) == one);
        qint64 index = 0;
        for (const qint64 line : a) {
            QCOMPARE(one.at(index), line);
            QCOMPARE(one.countBefore(line), index);
            QVERIFY(one.contains(line));
            QCOMPARE(one.next(line), line);
            QCOMPARE(one.previous(line), line);
            const auto after = a.upper_bound(line);
            QCOMPARE(one.next(line + 1), after == a.end() ? 0 : *after);
            ++index;
            if (index > 2000)
                break;
        }
        QCOMPARE(one.at(-1), 0);
        QCOMPARE(one.at(one.size()), 0);
        QCOMPARE(one.previous(*a.begin() - 1), 0);
        QVERIFY(!two.contains(0));
    }

    void takesLinesThatComeBeforeOthers()
    {
        const auto a = random(3, 20'000, 100'000);
        const auto b = random(4, 20'000, 100'000);
        LineSet set = made(a);
        set.addSorted(all(b));
        QVERIFY(set == (made(a) | made(b)));
        set.add(1'000'000);
        set.add(1'000'000);
        QCOMPARE(set.at(set.size() - 1), 1'000'000);
        QCOMPARE(set.countBefore(1'000'001), set.size());
    }

    void rangesAreShort()
    {
        const LineSet set = LineSet::range(3, 10'000'000);
        QCOMPARE(set.size(), 9'999'998);
        QCOMPARE(set.at(0), 3);
        QCOMPARE(set.at(65'535), 65'538);
        QCOMPARE(set.previous(20'000'000), 10'000'000);
        QVERIFY(set.byteCount() < 2'000'000);
        QVERIFY(LineSet::range(5, 4).isEmpty());
        QCOMPARE(LineSet::range(65'535, 65'536).size(), 2);
        QCOMPARE(all(LineSet::range(7, 7)), std::vector<qint64>{7});
    }

    void widens()
    {
        LineSet set;
        set.addSorted(std::vector<qint64>{1, 4, 100});
        QCOMPARE(all(set.widened(2, 101)), (std::vector<qint64>{1, 2, 3, 4, 5, 6, 98, 99, 100, 101}));
        QVERIFY(set.widened(0, 101) == set);
        QVERIFY(LineSet::range(50, 150'000).widened(3, 1'000'000) == LineSet::range(47, 150'003));
    }

    void givesPartsOfItself()
    {
        const LineSet set = LineSet::range(1, 200'000) - LineSet::range(10, 100'000);
        QCOMPARE(set.lines(7, 4), (std::vector<qint64>{8, 9, 100'001, 100'002}));
        QCOMPARE(set.lines(set.size() - 1, 10), std::vector<qint64>{200'000});
        QVERIFY(set.lines(set.size(), 10).empty());
    }
};

FAULTLINE_TEST(TestLineSet)
#include "tst_lineset.moc"
