// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/loghighlighter.h"
#include "app/logview/logpane.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QScrollBar>

using namespace faultline;
using namespace Qt::StringLiterals;

class LogLooksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesThatStayOnTheScreenFollowWhatChanges()
    {
        LogPane pane;
        pane.resize(900, 500);
        pane.setAnalysis(test::sampleAnalysis());
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        LogView *view = pane.view();
        // They stay laid out while the view scrolls. What is seen may not differ from lines that come in anew.
        QScrollBar *bar = view->verticalScrollBar();
        view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
        bar->setValue(100);
        QImage before = view->viewport()->grab().toImage();
        const auto looksAnew = [&] {
            const int place = bar->value();
            const QImage kept = view->viewport()->grab().toImage();
            if (kept == before)
                return false; // the change is to be seen
            before = kept;
            bar->setValue(bar->maximum());
            view->viewport()->grab();
            bar->setValue(place);
            return view->viewport()->grab().toImage() == kept;
        };
        bar->setValue(103);
        QVERIFY(looksAnew());
        view->setFound({QRegularExpression(u"[aeiou]"_s)}, {});
        QVERIFY(looksAnew());
        view->setWrapped(true);
        pane.resize(400, 500);
        bar->setValue(103);
        QVERIFY(looksAnew());
        view->setWrapped(false);
        QVERIFY(looksAnew());
        QFont font = view->font();
        font.setPointSizeF(font.pointSizeF() + 3);
        view->setFont(font);
        QVERIFY(looksAnew());
        QPalette palette = view->palette();
        palette.setColor(QPalette::Base, Qt::black);
        palette.setColor(QPalette::Window, Qt::black);
        palette.setColor(QPalette::Text, Qt::white);
        palette.setColor(QPalette::WindowText, Qt::white);
        view->setPalette(palette);
        QVERIFY(looksAnew());
    }

    void highlightsByKind_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("line");
        QTest::newRow("ci") << static_cast<int>(SourceKind::CiLog) << u"Faultline CI Log"_s
                            << u"##[error]Process completed with exit code 137."_s;
        QTest::newRow("kernel") << static_cast<int>(SourceKind::KernelLog) << u"Faultline Kernel Log"_s
                                << u"[ 12.5] Memory cgroup out of memory: Killed process 42 (api)"_s;
        QTest::newRow("describe") << static_cast<int>(SourceKind::KubeDescribe) << u"Faultline kubectl describe"_s
                                  << u"      Reason:       OOMKilled"_s;
        QTest::newRow("go test") << static_cast<int>(SourceKind::TestOutput) << u"Faultline go test"_s
                                 << u"--- FAIL: TestPay (0.01s)"_s;
    }
    void highlightsByKind()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, line);
        LogHighlighter highlighter;
        highlighter.setKind(static_cast<SourceKind>(kind));
        QTEST(highlighter.definitionName(), "name");
        for (const bool dark : {false, true}) {
            highlighter.setDark(dark);
            QVERIFY(!highlighter.formats(line).isEmpty());
        }
        QVERIFY(highlighter.formats(QString()).isEmpty());
    }

    void commandsDoNotLookLikeErrors()
    {
        LogHighlighter highlighter;
        highlighter.setKind(SourceKind::CiLog);
        for (const bool dark : {false, true}) {
            highlighter.setDark(dark);
            const auto formats = highlighter.formats(u"+ ssh -p 2231 vm true"_s);
            QVERIFY(!formats.isEmpty());
            const QColor ink = formats.first().format.foreground().color();
            QVERIFY2(ink.blue() > ink.red(), qPrintable(ink.name()));
        }
    }
};

FAULTLINE_TEST(LogLooksTest)
#include "tst_loglooks.moc"
