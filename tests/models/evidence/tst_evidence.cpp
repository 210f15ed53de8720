// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/evidence.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// "7 text": seconds, then text.
class SecondsDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64) const override
    {
        DecodedLine decoded;
        decoded.payload = line;
        if (!line.empty() && line[0] >= '0' && line[0] <= '9')
            decoded.time = SourceTime{(line[0] - '0') * NsPerSecond};
        return decoded;
    }
};

} // namespace

class TestEvidence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesSeriesAsTheJsonDoes()
    {
        Series series;
        series.name = "up";
        QCOMPARE(series.id(), "up");
        series.labels = {{"pod", "a\"b"}, {"job", "x\\y"}};
        QCOMPARE(series.id(), "up{pod=\"a\\\"b\",job=\"x\\\\y\"}");
        QCOMPARE(series.label("job"), "x\\y");
        QVERIFY(series.label("none").isEmpty());
    }

    void countsIdenticalNotes()
    {
        std::vector<Note> notes;
        for (int i = 0; i < 250; ++i)
            addNote(notes, {Severity::Warning, Code::BadNumber, {i + 1, 0, -1}, u"same"_s, 1});
        QCOMPARE(notes.size(), size_t(100));
        QCOMPARE(notes.back().count, 151);
    }

    void capsNotes()
    {
        std::vector<Note> notes;
        for (int i = 0; i < 5000; ++i)
            addNote(notes, {Severity::Warning, Code::BadNumber, {i + 1, 0, -1}, QString::number(i), 1});
        QCOMPARE(notes.size(), MostNotes + 1);
        QCOMPARE(notes.back().code, Code::LimitReached);
        QCOMPARE(notes.back().count, 3000);
    }

    void unstampedLinesInheritTheTime()
    {
        SourceEvidence source;
        const QByteArray bytes = "1 a\n  b\n3 c\n  \x1b[1md\x1b[0m\n";
        source.text = std::make_shared<TextStore>(memorySource(u"x"_s, bytes), std::vector<TextBlock>{{0, 1}}, 4);
        source.decoder = std::make_shared<SecondsDecoder>();
        const auto all = decodeLines(source, 1, 10);
        QCOMPARE(all.size(), size_t(4));
        QCOMPARE(all[1].time->ns, NsPerSecond);
        QVERIFY(all[1].carried && !all[0].carried);
        QCOMPARE(all[3].text, "  d");
        // From the middle the time is looked for in the lines before.
        const auto last = decodeLines(source, 4, 1);
        QCOMPARE(last.size(), size_t(1));
        QCOMPARE(last[0].time->ns, 3 * NsPerSecond);
        QVERIFY(last[0].carried);
    }

    void numbersSeriesOfAllSources()
    {
        Evidence evidence;
        auto one = std::make_shared<SourceEvidence>();
        one->series.resize(2);
        auto two = std::make_shared<SourceEvidence>();
        two->series.resize(1);
        evidence.sources = {one, two};
        const auto all = evidence.allSeries();
        QCOMPARE(all.size(), size_t(3));
        QCOMPARE(all[2].source, 1);
        QCOMPARE(all[2].index, 0);
    }
};

FAULTLINE_TEST(TestEvidence)
#include "tst_evidence.moc"
