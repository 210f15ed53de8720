// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/threadgroups.h"
#include "tests/support/test.h"

using namespace faultline;

class TestThreadGroups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void groupsEqualStacksAndStates()
    {
        const std::vector<Thread> threads{
            {1, "chan receive", 9 * NsPerMinute, "main.wait\nmain.main", 10, 1},
            {2, "running", 0, "main.run", 20, 1},
            {3, "chan receive", 2 * NsPerMinute, "main.wait\nmain.main", 30, 4},
            {4, "select", 0, "main.wait\nmain.main", 40, 1},
        };
        const auto groups = groupThreads(threads);
        QCOMPARE(groups.size(), size_t(3));
        QCOMPARE(groups[0].count, 5);
        QCOMPARE(groups[0].state, QStringLiteral("chan receive"));
        QCOMPARE(groups[0].longestNs, 9 * NsPerMinute);
        QCOMPARE(groups[0].line, 10);
        QCOMPARE(groups[0].frames, (QStringList{QStringLiteral("main.wait"), QStringLiteral("main.main")}));
        QVERIFY(groupThreads({}).empty());
    }
};

FAULTLINE_TEST(TestThreadGroups)
#include "tst_threadgroups.moc"
