// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"
#include "tests/support/test.h"

#include <QPalette>

using namespace faultline;

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsContrast_data()
    {
        QTest::addColumn<QColor>("base");
        QTest::addColumn<QColor>("text");
        QTest::addColumn<QColor>("highlight");
        QTest::newRow("light") << QColor(Qt::white) << QColor(0x1b, 0x1f, 0x24) << QColor(0x0b, 0x62, 0xc4);
        QTest::newRow("dark") << QColor(0x15, 0x18, 0x1c) << QColor(0xe8, 0xeb, 0xef) << QColor(0x4c, 0x9a, 0xff);
        QTest::newRow("sepia") << QColor(0xfd, 0xf6, 0xe3) << QColor(0x65, 0x7b, 0x83) << QColor(0xee, 0xe8, 0xd5);
        QTest::newRow("middle grey") << QColor(0x50, 0x50, 0x50) << QColor(0x90, 0x90, 0x90)
                                     << QColor(0x55, 0x55, 0x60);
        QTest::newRow("black") << QColor(Qt::black) << QColor(Qt::white) << QColor(0x30, 0x30, 0x30);
    }
    void keepsContrast()
    {
        QFETCH(QColor, base);
        QFETCH(QColor, text);
        QFETCH(QColor, highlight);
        QPalette palette;
        palette.setColor(QPalette::Base, base);
        palette.setColor(QPalette::Text, text);
        palette.setColor(QPalette::Highlight, highlight);
        const Theme theme = Theme::of(palette, {});
        for (const QColor &written : {theme.text, theme.mutedText, theme.failure, theme.limit}) {
            QVERIFY(contrastRatio(written, theme.panel) >= 4.5);
            QVERIFY(contrastRatio(written, theme.ground) >= 4.5);
        }
        QVERIFY(contrastRatio(theme.tooltipText, theme.tooltipGround) >= 4.5);
        for (int i = 0; i < 8; ++i)
            QVERIFY(contrastRatio(theme.series(i), theme.ground) >= 3);
        for (const Severity severity :
             {Severity::Debug, Severity::Info, Severity::Warning, Severity::Error, Severity::Fatal})
            QVERIFY(contrastRatio(theme.severity(severity), theme.ground) >= 3);
        for (const Outcome outcome :
             {Outcome::Unknown, Outcome::Passed, Outcome::Failed, Outcome::Skipped, Outcome::Cancelled}) {
            QVERIFY(contrastRatio(theme.outcome(outcome), theme.ground) >= 3);
            QVERIFY(contrastRatio(Theme::textOn(theme.outcome(outcome)), theme.outcome(outcome)) >= 4.5);
        }
    }
    void knowsRatios()
    {
        QVERIFY(qAbs(contrastRatio(Qt::black, Qt::white) - 21) < 0.01);
        QCOMPARE(contrastRatio(Qt::red, Qt::red), 1.0);
        QVERIFY(
            contrastRatio(readable(QColor(0x80, 0x80, 0x80), QColor(0x7f, 0x7f, 0x7f), 4.5), QColor(0x7f, 0x7f, 0x7f))
            >= 4.5);
    }
    void tellsDarkFromLight()
    {
        QVERIFY(Theme::plain(true).dark);
        QVERIFY(!Theme::plain(false).dark);
    }
};

FAULTLINE_TEST(TestTheme)
#include "tst_theme.moc"
