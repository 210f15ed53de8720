// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestStrace : public QObject
{
    Q_OBJECT

    static std::vector<const Event *> events(const SourceEvidence &evidence, QByteArrayView signature)
    {
        std::vector<const Event *> found;
        for (const Event &event : evidence.events)
            if (event.signature == signature)
                found.push_back(&event);
        return found;
    }

private Q_SLOTS:
    void tellsWhatACallLacked()
    {
        const QByteArray bytes = test::fileBytes(test::dataPath(u"strace/disk-full.txt"_s));
        QCOMPARE(test::sniffed(bytes), "strace");
        const auto read =
            test::readSource("strace", bytes, u"trace.txt"_s, TimeNs{fromRfc3339("2026-11-23T19:00:00Z")->ns});
        const auto errors = events(read->evidence, "trace.error");
        QCOMPARE(errors.size(), 1U);
        QCOMPARE(fieldValue(errors[0]->fields, "error"), "ENOSPC");
        QCOMPARE(fieldValue(errors[0]->fields, "call"), "write");
        QCOMPARE(errors[0]->identity.pid, 4322);
        QCOMPARE(errors[0]->time->lo.ns, fromRfc3339("2026-11-23T18:55:18.1031Z")->ns);
        const auto exits = events(read->evidence, "trace.exited");
        QCOMPARE(exits.size(), 2U);
        QCOMPARE(fieldValue(exits[1]->fields, "code"), "2");
        QVERIFY(events(read->evidence, "trace.signal").empty());
        QVERIFY(!events(read->evidence, "disk.full").empty());
    }

    void tellsSignals()
    {
        const auto read = test::readSource("strace", test::fileBytes(test::dataPath(u"strace/killed.txt"_s)));
        const auto signal = events(read->evidence, "trace.signal");
        QCOMPARE(signal.size(), 1U);
        QCOMPARE(fieldValue(signal[0]->fields, "sender"), "976");
        QCOMPARE(signal[0]->identity.pid, 977);
        QCOMPARE(fieldValue(events(read->evidence, "trace.killed")[1]->fields, "signal"), "SIGSEGV");
        QCOMPARE(read->evidence.basis, TimeBasis::Utc);
        QCOMPARE(read->evidence.first->ns, 1'795'546'518'123'456'000);
    }
};

FAULTLINE_TEST(TestStrace)
#include "tst_strace.moc"
