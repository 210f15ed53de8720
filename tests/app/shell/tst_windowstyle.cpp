// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/windowstyle.h"
#include "app/shell/annotationdelegate.h"
#include "app/shell/markdownedit.h"
#include "app/shell/section.h"
#include "app/shell/stylesheet.h"
#include "charts/core/theme.h"
#include "tests/support/test.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolButton>
#include <QVBoxLayout>

using namespace faultline;
using namespace Qt::StringLiterals;

class WindowStyleTest : public QObject
{
    Q_OBJECT

    WindowStyle m_style;

    /// The strongest contrast of a column of pixels with the window's ground.
    static double contrastAt(const QImage &image, int x, const QColor &ground)
    {
        double most = 1;
        for (int y = image.height() / 4; y < image.height() * 3 / 4; ++y)
            most = std::max(most, contrastRatio(image.pixelColor(x, y), ground));
        return most;
    }

private Q_SLOTS:
    void edgesAreSeenOnLightAndDark_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void edgesAreSeenOnLightAndDark()
    {
        QFETCH(const bool, dark);
        QPalette palette = Theme::palette(dark);
        palette.setColor(QPalette::Mid, dark ? QColor(0x45, 0x4c, 0x56) : QColor(0xc5, 0xcb, 0xd3));
        const QColor ground = palette.color(QPalette::Window);
        const auto grabbed = [&](QWidget &widget) {
            widget.setStyle(&m_style);
            widget.setPalette(palette);
            widget.resize(widget.sizeHint());
            return widget.grab().toImage();
        };
        QLineEdit edit;
        edit.setPalette(palette);
        QVERIFY(contrastAt(grabbed(edit), 0, ground) > 1.4);
        QMenu menu;
        menu.addAction(u"Copy"_s);
        QVERIFY(contrastAt(grabbed(menu), 0, ground) > 1.4);
        for (const bool isChecked : {false, true}) {
            QCheckBox box(u"All logs"_s);
            box.setChecked(isChecked);
            const QImage image = grabbed(box);
            QStyleOptionButton option;
            option.initFrom(&box);
            const QRect indicator = m_style.subElementRect(QStyle::SE_CheckBoxIndicator, &option, &box);
            QVERIFY(contrastAt(image.copy(indicator), 0, ground) > 3);
        }
    }

    void buttonsOfDialogsHaveNoStockIcons()
    {
        QDialogButtonBox box;
        box.setStyle(&m_style);
        box.setStandardButtons(QDialogButtonBox::Close | QDialogButtonBox::Save);
        QVERIFY(box.button(QDialogButtonBox::Close)->icon().isNull());
        QVERIFY(box.button(QDialogButtonBox::Save)->icon().isNull());
    }

    void theFocusIsSeen_data()
    {
        QTest::addColumn<QString>("place");
        QTest::newRow("head of a section") << u"sectionHead"_s;
        QTest::newRow("head of the log") << u"logHead"_s;
        QTest::newRow("filter") << u"filterChip"_s;
    }
    void theFocusIsSeen()
    {
        QFETCH(const QString, place);
        QWidget window;
        window.setStyleSheet(windowStyleSheet(window.palette()));
        auto *column = new QVBoxLayout(&window);
        auto *head = new QWidget(&window);
        auto *row = new QVBoxLayout(head);
        if (place == u"logHead")
            head->setObjectName(place);
        auto *button = new QToolButton(head);
        button->setText(u"Fold all"_s);
        if (place != u"logHead")
            button->setObjectName(place);
        row->addWidget(button);
        auto *other = new QLineEdit(&window);
        column->addWidget(head);
        column->addWidget(other);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        other->setFocus();
        const QSize size = button->size();
        const QImage without = button->grab().toImage();
        button->setFocus(Qt::TabFocusReason);
        QVERIFY(button->hasFocus());
        QVERIFY(button->grab().toImage() != without);
        QCOMPARE(button->size(), size); // nothing moves
    }

    void codeOfPlaybooksIsReadable_data() { edgesAreSeenOnLightAndDark_data(); }
    void codeOfPlaybooksIsReadable()
    {
        QFETCH(const bool, dark);
        MarkdownEdit edit;
        edit.setDark(dark);
        edit.text()->setPlainText(u"# Killed\n\n```mermaid\nflowchart TD\n    a([Killed]) --> b\n```\n> said\n"_s);
        const QColor ground = dark ? QColor(0x14, 0x16, 0x1a) : QColor(Qt::white);
        int formats = 0;
        for (QTextBlock block = edit.text()->document()->begin(); block.isValid(); block = block.next()) {
            const auto ranges = block.layout()->formats();
            for (const QTextLayout::FormatRange &range : ranges) {
                if (range.format.foreground().style() == Qt::NoBrush)
                    continue;
                ++formats;
                QVERIFY2(contrastRatio(range.format.foreground().color(), ground) >= 4.5,
                         qPrintable(block.text() + u' ' + range.format.foreground().color().name()));
            }
        }
        QVERIFY(formats > 0);
    }

    void timesAndPlaceholdersAreNotMistaken()
    {
        MarkdownEdit edit;
        QVERIFY(!edit.text()->document()->isModified() && !edit.text()->document()->isUndoAvailable());
        edit.text()->setPlainText(u"At 18:53:09 it failed: [[summary]] and :tada: too\n"_s);
        const QTextBlock block = edit.text()->document()->begin();
        const auto colorAt = [&block](const QString &of, qsizetype within) {
            const qsizetype at = block.text().indexOf(of) + within;
            const auto ranges = block.layout()->formats();
            for (const QTextLayout::FormatRange &range : ranges)
                if (at >= range.start && at < range.start + range.length
                    && range.format.foreground().style() != Qt::NoBrush)
                    return range.format.foreground().color();
            return QColor();
        };
        QCOMPARE(colorAt(u":53:"_s, 1), colorAt(u"At 18"_s, 0));
        for (qsizetype i = 1; i < 11; ++i)
            QCOMPARE(colorAt(u"[[summary]]"_s, i), colorAt(u"[[summary]]"_s, 0));
        QVERIFY(colorAt(u"[[summary]]"_s, 0).isValid());
        QVERIFY(edit.text()->document()->documentMargin() > 8);
    }

    void notesAreReadNotSpelled()
    {
        QCOMPARE(plainNote(u"Steady **growth**, see `heap`\nand [the issue](https://x.org)"_s),
                 u"Steady growth, see heap\nand the issue"_s);
        QCOMPARE(plainNote(u"a < b and 3 * 4 * 5"_s), u"a < b and 3 * 4 * 5"_s);
    }
};

FAULTLINE_TEST(WindowStyleTest)
#include "tst_windowstyle.moc"
