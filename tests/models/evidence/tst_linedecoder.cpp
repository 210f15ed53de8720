// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/controlbytes.h"
#include "models/evidence/statedlevel.h"
#include "tests/support/test.h"

#include <QRandomGenerator>

using namespace faultline;

class TestLineDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStatedLevels_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("level");
        QTest::newRow("upper") << QByteArray("[main] ERROR no") << int(Severity::Error);
        QTest::newRow("field") << QByteArray("level=warn msg=x") << int(Severity::Warning);
        QTest::newRow("JSON") << QByteArray("{\"level\":\"fatal\"}") << int(Severity::Fatal);
        QTest::newRow("leading") << QByteArray("error: no such file") << int(Severity::Error);
        QTest::newRow("in a sentence") << QByteArray("there was no error today") << int(Severity::Info);
        QTest::newRow("in a name") << QByteArray("ERRORS.md MyERROR_X") << int(Severity::Info);
    }
    void readsStatedLevels()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, level);
        QCOMPARE(int(statedLevel(std::string_view(text.constData(), static_cast<size_t>(text.size())))), level);
    }

    void saysTheLevelOfALine()
    {
        DecodedLine line;
        line.payload = "ERROR no";
        QCOMPARE(levelOf(line), Severity::Error);
        line.payload = "\x1b[31;1mERROR\x1b[0m no";
        QCOMPARE(levelOf(line), Severity::Error);
        line.level = Severity::Debug; // what the carrier says comes first
        QCOMPARE(levelOf(line), Severity::Debug);
    }

    void takesOutTerminalControl_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("scanned");
        const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &plain,
                            const QByteArray &scanned) { QTest::newRow(name) << bytes << plain << scanned; };
        row("plain text", "a\tb\n", "a\tb\n", "a\tb\n");
        row("colours", "\x1b[31;1mERROR\x1b[0m: no", "ERROR: no", "ERROR: no");
        row("colons in parameters", "\x1b[38:5:1mx\x1b[m", "x", "x");
        row("overwritten", "10%\r20%\rdone", "done", "10%\r20%\rdone");
        row("CR LF", "a\r\nb\r\n", "a\nb\n", "a\nb\n");
        row("CR CR LF", "a\r\r\n", "a\n", "a\n");
        row("section mark", "section_end:1:x\r\x1b[0Ksection_start:2:y\r\x1b[0KText\n", "Text\n",
            "section_end:1:x\rsection_start:2:y\rText\n");
        row("overwritten in its own line only", "one\ntwo\n10%\rdone\n\vend\n", "one\ntwo\ndone\nend\n",
            "one\ntwo\n10%\rdone\nend\n");
        row("erased", "gone\r\x1b[0K\n", "\n", "gone\n");
        row("erased whole line", "gone\x1b[2Kleft", "left", "goneleft");
        row("erases nothing behind the text", "kept\x1b[K", "kept", "kept");
        row("OSC with BEL", "\x1b]0;title\atext", "text", "text");
        row("OSC with ST", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link", "link");
        row("APC", "\x1b_bk;t=1783974785648\atext", "text", "text");
        row("open OSC ends with the line", "\x1b]0;title\ntext", "\ntext", "\ntext");
        row("broken CSI", "\x1b[12\ntext", "\ntext", "\ntext");
        row("ESC at the end", "text\x1b", "text", "text");
        row("charset", "\x1b(Btext", "text", "text");
        row("Jenkins note", "\x1b[8mha:////4HPR6yAvrg8Q=\x1b[0m[Pipeline] sh", "[Pipeline] sh", "[Pipeline] sh");
        row("hidden text that is no note", "\x1b[8mpassword\x1b[0m", "password", "password");
        row("backspace", "|\b/\b-\bok", "ok", "|/-ok");
        row("cursor forward", "step\x1b[10Cdone", "step done", "step done");
        row("cursor back", "10%\x1b[3D20%", "20%", "10%20%");
        row("cursor to the first column", "10%\x1b[1Gdone", "done", "10%\rdone");
        row("cursor to another line", "a\x1b[1Ab\x1b[5;1Hc\x1b[Kd", "a b cd", "a b cd");
        row("cursor at the start", "\x1b[2J\x1b[Htext", "text", "text");
        row("huge count", "ab\x1b[99999999999Dc", "c", "abc");
        row("NUL and BEL", QByteArray("a\0b\ac", 5), "abc", "abc");
        row("UTF-8", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f");
    }
    void takesOutTerminalControl()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, scanned);
        const std::string_view view(bytes.constData(), static_cast<size_t>(bytes.size()));
        QCOMPARE(withoutTerminalControl(view), plain);
        QByteArray into("left over");
        stripTerminalControl(view, true, into);
        QCOMPARE(into, scanned);
        QCOMPARE(into.count('\n'), bytes.count('\n'));
    }

    void surveysWhatATextHolds()
    {
        constexpr qsizetype Length = 680; // some times what is looked at at once, and a bit
        for (qsizetype at = 0; at < Length; ++at) {
            QByteArray text(Length, at % 2 == 0 ? '\t' : '\xe9');
            text[(at * 5) % Length] = '\n';
            text[(at * 3 + 1) % Length] = '\n';
            text[(at * 7) % Length] = '\r';
            text[at] = at % 3 == 0 ? '\0' : '\x1b';
            const std::string_view view(text.constData(), static_cast<size_t>(text.size()));
            ControlSurvey survey;
            survey.lookAt(view);
            QCOMPARE(survey.lineFeeds(), qint64(text.count('\n')));
            QCOMPARE(survey.hasNul(), text.contains('\0'));
            QCOMPARE(survey.isAscii(), at % 2 == 0);
            std::vector<size_t> places;
            for (size_t place = 0; (place = nextControlByteButLineFeed(view, place)) < view.size(); ++place)
                places.push_back(place);
            QCOMPARE(survey.controls(), places);
            QByteArray expected;
            QByteArray stripped;
            stripTerminalControl(view, true, expected);
            stripTerminalControl(view, true, stripped, &survey);
            QCOMPARE(stripped, expected);
        }
    }

    void tellsAsciiFromTheRest()
    {
        constexpr qsizetype Length = 300;
        for (qsizetype at = 0; at < Length; ++at) {
            QByteArray text(Length, '\x7f');
            text[at] = '\x80';
            ControlSurvey survey;
            survey.lookAt(std::string_view(text.constData(), size_t(Length)));
            QVERIFY(!survey.isAscii());
        }
    }

    void surveysTextWithoutAny_data()
    {
        QTest::addColumn<qsizetype>("length");
        for (const qsizetype length : {0, 1, 127, 128, 129, 4095, 4096, 4097, 40'000})
            QTest::addRow("%lld bytes", qlonglong(length)) << length;
    }
    void surveysTextWithoutAny()
    {
        QFETCH(qsizetype, length);
        const QByteArray text(length, '\n');
        ControlSurvey survey;
        survey.lookAt(std::string_view("\r\0", 2));
        QVERIFY(survey.hasNul());
        survey.lookAt(std::string_view(text.constData(), static_cast<size_t>(length)));
        QCOMPARE(survey.lineFeeds(), qint64(length));
        QVERIFY(survey.controls().empty());
        QVERIFY(!survey.hasNul());
        QVERIFY(survey.isAscii());
    }

    void countsLineFeeds()
    {
        QByteArray bytes(1000, 'x');
        for (const int at : {0, 63, 64, 127, 500, 999})
            bytes[at] = '\n';
        QCOMPARE(countLineFeeds({bytes.constData(), 1000}), 6);
        QCOMPARE(countLineFeeds({bytes.constData(), 64}), 2);
        QCOMPARE(countLineFeeds({}), 0);
    }

    void skipsLines_data()
    {
        QTest::addColumn<int>("longest");
        QTest::newRow("empty lines") << 1;
        QTest::newRow("short lines") << 40;
        QTest::newRow("long lines") << 700;
        QTest::newRow("lines longer than a group") << 3 * static_cast<int>(ControlSurvey::GroupBytes);
    }
    void skipsLines()
    {
        QFETCH(const int, longest);
        QRandomGenerator random(static_cast<quint32>(longest));
        QByteArray text;
        std::vector<size_t> starts{0};
        while (text.size() < 5 * qsizetype(ControlSurvey::GroupBytes) + 77) {
            text += QByteArray(random.bounded(longest), 'x') + '\n';
            starts.push_back(static_cast<size_t>(text.size()));
        }
        text += "the last, which no LF ends";
        const std::string_view view(text.constData(), static_cast<size_t>(text.size()));
        ControlSurvey survey;
        survey.lookAt(view);
        QCOMPARE(countLineFeeds(view), qint64(starts.size()) - 1);
        for (int i = 0; i < 2000; ++i) {
            const auto from = static_cast<size_t>(random.bounded(int(starts.size())));
            const auto to = static_cast<size_t>(random.bounded(int(from), int(starts.size())));
            const auto lines = static_cast<qint64>(to - from);
            QCOMPARE(survey.skipLines(view, starts[from], lines), starts[to]);
            QCOMPARE(countLineFeeds(view.substr(starts[from], starts[to] - starts[from])), lines);
        }
        QCOMPARE(survey.skipLines(view, 0, qint64(starts.size())), view.size());
        QCOMPARE(survey.skipLines(view, view.size(), 1000), view.size());
    }

    void findsControlBytesWhereverTheyStand()
    {
        constexpr qsizetype Length = 150;
        for (const char control : {'\x01', '\b', '\n', '\r', '\x1b', '\x1f', '\x7f'}) {
            for (qsizetype at = 0; at < Length; ++at) {
                QByteArray text(Length, at % 2 == 0 ? '\t' : '\xe9'); // a tab and bytes above are none
                text[at] = control;
                const std::string_view view(text.constData(), static_cast<size_t>(text.size()));
                const auto place = static_cast<size_t>(at);
                QCOMPARE(nextControlByte(view, 0), place);
                QCOMPARE(nextControlByte(view, place), place);
                QCOMPARE(nextControlByte(view, place + 1), view.size());
                QCOMPARE(nextControlByteButLineFeed(view, 0), control == '\n' ? view.size() : place);
            }
        }
        QCOMPARE(nextControlByte({}, 0), size_t(0));
    }
};

FAULTLINE_TEST(TestLineDecoder)
#include "tst_linedecoder.moc"
