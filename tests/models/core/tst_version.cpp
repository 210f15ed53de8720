// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/core/version.h"
#include "tests/support/test.h"

#include <QVersionNumber>

class TestVersion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasThreeNumbers();
};

void TestVersion::hasThreeNumbers()
{
    const QVersionNumber number = QVersionNumber::fromString(faultline::version());
    QCOMPARE(number.segmentCount(), 3);
    QCOMPARE(number.toString(), faultline::version());
}

FAULTLINE_TEST(TestVersion)
#include "tst_version.moc"
