// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/linecolumns.h"
#include "tests/support/test.h"

#include <cmath>

using namespace faultline;

namespace {

const QRectF Room(100, 50, 40, 30);

/// The rows of a column that are painted in the line's colour, in part or whole: the first and the last; -1 where there are none.
std::pair<int, int> painted(const QImage &image, int column, int leastAlpha = 1)
{
    std::pair found(-1, -1);
    for (int y = 0; y < image.height(); ++y)
        if (qAlpha(image.pixel(column, y)) >= leastAlpha) {
            if (found.first < 0)
                found.first = y;
            found.second = y;
        }
    return found;
}

QImage imageOf(const QPolygonF &line, double ratio = 1, const QColor &below = {})
{
    LineColumns columns(Room, ratio, 1);
    columns.add(line);
    return columns.image(Qt::red, below, Room.bottom());
}

} // namespace

class TestLineColumns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onePointAmongManyIsSeen_data()
    {
        QTest::addColumn<int>("at");
        for (const int at : {0, 1, 199, 200, 398, 399})
            QTest::addRow("%d", at) << at;
    }
    void onePointAmongManyIsSeen()
    {
        QFETCH(int, at);
        QPolygonF line; // ten points a pixel
        for (int i = 0; i < 400; ++i)
            line.append({100 + i / 10.0, i == at ? 55.0 : 70.0});
        const QImage image = imageOf(line);
        QCOMPARE(image.size(), QSize(40, 30));
        for (int column = 0; column < 40; ++column) {
            const auto [first, last] = painted(image, column);
            if (column == at / 10)
                QVERIFY2(first <= 5, qPrintable(QString::number(first)));
            QVERIFY(last >= 19 && last <= 20);
        }
    }
    void farPointsAreJoined()
    {
        const QImage image = imageOf({{90, 55}, {150, 75}}); // comes from the left, goes to the right
        int before = painted(image, 0).first;
        for (int column = 0; column < 40; ++column) {
            const auto [first, last] = painted(image, column);
            const double y = 5 + (column + 10.5) * 20 / 60;
            QVERIFY2(first <= y && y <= last + 1,
                     qPrintable(QStringLiteral("%1: %2 to %3").arg(y).arg(first).arg(last)));
            QVERIFY(last - first <= 2 && first >= before);
            before = first;
        }
    }
    void nothingIsPaintedBeyondTheLine()
    {
        const QImage image = imageOf({{110, 60}, {120, 60}});
        QCOMPARE(painted(image, 9).first, -1);
        QCOMPARE(painted(image, 10), std::pair(9, 10));
        QCOMPARE(painted(image, 20), std::pair(9, 10));
        QCOMPARE(painted(image, 21).first, -1);
        // It covers half of each of its two rows.
        QVERIFY(std::abs(qAlpha(image.pixel(15, 9)) - 128) <= 1);
        QCOMPARE(painted(imageOf({{110, 60.5}, {120, 60.5}}), 15, 255), std::pair(10, 10));
        QCOMPARE(painted(imageOf({{500, 60}, {600, 60}}), 39).first, -1);
        QCOMPARE(painted(imageOf({{115, 60}}), 15), std::pair(9, 10)); // a point alone
    }
    void theAreaBelowReachesTheFloor()
    {
        QColor below(Qt::blue);
        below.setAlpha(40);
        const QImage image = imageOf({{100, 60}, {139.5, 60}}, 1, below);
        QCOMPARE(painted(image, 20), std::pair(9, 29));
        QCOMPARE(qAlpha(image.pixel(20, 25)), 40);
    }
    void finePixelsAreUsed()
    {
        const QImage image = imageOf({{110, 60}, {110.5, 60}}, 2);
        QCOMPARE(image.size(), QSize(80, 60));
        QCOMPARE(image.devicePixelRatio(), 2.0);
        QCOMPARE(painted(image, 20), std::pair(19, 20));
        QCOMPARE(painted(image, 23).first, -1);
    }
};

FAULTLINE_TEST(TestLineColumns)
#include "tst_linecolumns.moc"
