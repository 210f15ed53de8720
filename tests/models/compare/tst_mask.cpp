// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/mask.h"
#include "tests/support/test.h"

using namespace faultline;

class TestMask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameButForWhatVaries_data()
    {
        QTest::addColumn<QByteArray>("one");
        QTest::addColumn<QByteArray>("other");
        const auto row = [](const char *name, const char *one, const char *other) {
            QTest::newRow(name) << QByteArray(one) << QByteArray(other);
        };
        row("durations", "--- PASS: TestPay (0.03s)", "--- PASS: TestPay (1.20s)");
        row("go durations", "ok  \tshop/pay\t1m3.214s", "ok  \tshop/pay\t58.1s");
        row("dates", "2026-01-02 10:00:00,123 connected", "2026-11-30 23:59:59,999 connected");
        row("iso", "at 2026-01-02T10:00:00.1Z", "at 2026-01-03T11:00:00.25Z");
        row("commit", "HEAD is now at 3f2a9b1c", "HEAD is now at deadbeef01");
        row("uuid", "request 6f1e2d3c-1b2a-4c5d-8e9f-001122334455 done",
            "request 11111111-2222-4333-8444-abcdefabcdef done");
        row("pointers", "goroutine at 0x7ffee3b2", "goroutine at 0xc000012345");
        row("address", "dial tcp 10.0.0.12:5432", "dial tcp 192.168.7.1:40022");
        row("temporary file", "wrote /tmp/tmpab12cd/out.txt", "wrote /tmp/tmpzz98qq/out.txt");
        row("build folder", "/tmp/go-build12345/b001/x", "/tmp/go-build77/b001/x");
        row("pod", "pod api-7d9f8b6c5-x2k4p ready", "pod api-5c6b7d8f9-q9z1w ready");
        row("blanks", "a   b ", "a b");
        row("pid", "process 4121 started", "process 77 started");
    }
    void sameButForWhatVaries()
    {
        QFETCH(QByteArray, one);
        QFETCH(QByteArray, other);
        QCOMPARE(maskedLine(one.toStdString()), maskedLine(other.toStdString()));
    }

    void tellsApart_data()
    {
        QTest::addColumn<QByteArray>("one");
        QTest::addColumn<QByteArray>("other");
        const auto row = [](const char *name, const char *one, const char *other) {
            QTest::newRow(name) << QByteArray(one) << QByteArray(other);
        };
        row("exit code", "Process completed with exit code 137.", "Process completed with exit code 1.");
        row("no and some", "Tests run: 4, Failures: 0", "Tests run: 4, Failures: 2");
        row("status", "exited with status 2", "exited with status 3");
        row("signal", "killed by signal 9", "killed by signal 15");
        row("version", "Installing libfoo 1.22.3", "Installing libfoo 1.23.0");
        row("words", "connection refused", "connection reset");
        row("short words", "cafe", "face");
    }
    void tellsApart()
    {
        QFETCH(QByteArray, one);
        QFETCH(QByteArray, other);
        QVERIFY(maskedLine(one.toStdString()) != maskedLine(other.toStdString()));
    }

    void emptyAndBlank()
    {
        QCOMPARE(maskedLine(""), QByteArray());
        QCOMPARE(maskedLine(" \t "), QByteArray());
    }
};

FAULTLINE_TEST(TestMask)
#include "tst_mask.moc"
