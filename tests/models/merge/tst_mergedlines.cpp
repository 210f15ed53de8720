// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/merge/mergedlines.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QRandomGenerator>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// A line as a test writes it: its time in seconds, none for a line without a stamp.
using Stamp = std::optional<double>;

MergeInput inputOf(const std::vector<Stamp> &stamps, DurationNs offset = 0, const QByteArray &payload = "text",
                   const std::vector<SourceTime> &clockStarts = {})
{
    QByteArray bytes;
    for (const Stamp &stamp : stamps)
        bytes += (stamp ? QByteArray::number(*stamp, 'f', 3) + ' ' : QByteArray("  at ")) + payload + '\n';
    MergeInput input;
    const auto source = test::textSource(u"/x/a.log"_s, bytes);
    source->clockStarts = clockStarts;
    input.source = source;
    input.placement = test::placedBy(offset, PlacementHow::Stated, {});
    auto summary = std::make_shared<LineSummary>();
    summarizeLines(*input.source, *summary, 2, {});
    input.summary = summary;
    return input;
}

std::vector<LinePlace> all(const MergedLines &merged)
{
    return merged.places(0, merged.size());
}

} // namespace

class MergedLinesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sumsUpTimesAndLevels()
    {
        QByteArray bytes = "no time yet\n1 a\n2 W b\n   c\n3 E d\n";
        const auto source = test::textSource(u"/x/a.log"_s, bytes);
        LineSummary summary;
        const PassEnd end = summarizeLines(*source, summary, 1, {});
        QVERIFY(!end.error && !end.isCancelled);
        QCOMPARE(summary.lineCount, 5);
        QCOMPARE(summary.pieces.size(), size_t(1));
        QCOMPARE(summary.pieces[0].firstLine, 1); // the line before the first stamp goes with it
        QCOMPARE(summary.pieces[0].first.ns, NsPerSecond);
        QCOMPARE(summary.pieces[0].most.ns, 3 * NsPerSecond);
        QCOMPARE(summary.lastTime->ns, 3 * NsPerSecond);
        QCOMPARE(summary.warnings.lines(0, 9), std::vector<qint64>{3});
        QCOMPARE(summary.errors.lines(0, 9), std::vector<qint64>{5});
        summary.forgetFrom(5);
        QVERIFY(summary.errors.isEmpty());
        QCOMPARE(summary.lineCount, 4);
        summarizeLines(*source, summary, 1, {});
        QCOMPARE(summary.errors.lines(0, 9), std::vector<qint64>{5});
    }

    /// No line of a range of time lies outside the stretches that are looked at; of a log that ascends few others lie within.
    void tellsWhereARangeOfTimeMayBe_data()
    {
        QTest::addColumn<int>("back"); // at most so many seconds, now and then
        QTest::addColumn<bool>("isNarrow");
        QTest::newRow("ascending") << 0 << true;
        QTest::newRow("small disorder") << 1 << true;
        QTest::newRow("to and fro") << 5000 << false; // more often than pieces are made for
    }
    void tellsWhereARangeOfTimeMayBe()
    {
        QFETCH(int, back);
        QFETCH(bool, isNarrow);
        QRandomGenerator random(11);
        std::vector<Stamp> stamps;
        for (int i = 0; i < 60'000; ++i)
            stamps.push_back(random.bounded(9) == 0 ? Stamp() : Stamp(i / 5.0 + 10'000 - random.bounded(back + 1)));
        const MergeInput input = inputOf(stamps, 3 * NsPerSecond);
        const SourceEvidence &source = *input.source;
        const std::vector<TimedLine> lines = decodeLines(source, 1, source.lineCount());
        for (const double at : {9'000.0, 10'003.0, 15'000.5, 21'999.0, 30'000.0}) {
            const TimeNs from{static_cast<qint64>(at * 1e9)};
            const TimeNs to = from + 60 * NsPerSecond;
            const auto stretches = linesWithin(*input.summary, input.placement, from, to, {1, source.lineCount()});
            LineSet within;
            for (const LineRange &stretch : stretches)
                within.addRange(stretch.first, stretch.last);
            for (size_t i = 0; i < lines.size(); ++i) {
                const auto placed = lines[i].time ? input.placement.place(*lines[i].time) : std::nullopt;
                if (placed && placed->time >= from && placed->time <= to)
                    QVERIFY(within.contains(static_cast<qint64>(i) + 1));
            }
            if (isNarrow)
                QVERIFY(within.size() < 30'000);
        }
        LineSummary half = *input.summary;
        half.forgetFrom(30'000);
        const auto rest = linesWithin(half, input.placement, TimeNs{0}, TimeNs{1}, {1, source.lineCount()});
        QCOMPARE(rest.size(), size_t(1)); // what was not looked at may hold anything
        QCOMPARE(rest[0].last, source.lineCount());
        QVERIFY(rest[0].first <= 30'000);
        QVERIFY(linesWithin(*input.summary, input.placement, TimeNs{0}, TimeNs{1}, {1, source.lineCount()}).empty());
    }

    void theSameOnOneAndOnManyThreads()
    {
        std::vector<Stamp> stamps;
        for (int i = 0; i < 200'000; ++i)
            stamps.push_back(i % 7 == 3 ? Stamp() : Stamp(i / 10 + (i > 90'000 ? -5000 : 0)));
        const MergeInput input = inputOf(stamps);
        LineSummary one;
        summarizeLines(*input.source, one, 1, {});
        QVERIFY(one.pieces.size() > 10);
        QCOMPARE(input.summary->pieces.size(), one.pieces.size());
        for (size_t i = 0; i < one.pieces.size(); ++i) {
            QCOMPARE(input.summary->pieces[i].firstLine, one.pieces[i].firstLine);
            QCOMPARE(input.summary->pieces[i].first, one.pieces[i].first);
            QCOMPARE(input.summary->pieces[i].most, one.pieces[i].most);
        }
    }

    /// Against sorting all lines at once.
    void mergesAsSortingWould()
    {
        QRandomGenerator random(7);
        std::vector<MergeInput> inputs;
        std::vector<std::tuple<qint64, int, qint64>> expected;
        for (int source = 0; source < 4; ++source) {
            const int count = source == 3 ? 50 : 8000; // the last one speaks seldom
            std::vector<Stamp> stamps;
            double time = 100;
            double last = 0;
            for (int line = 1; line <= count; ++line) {
                time += random.bounded(source == 3 ? 200'000 : 1000) / 1000.0; // equal times too
                const bool isStamped = line == 1 || random.bounded(10) > 0;
                stamps.push_back(isStamped ? Stamp(time) : Stamp());
                last = isStamped ? time : last;
                expected.emplace_back(std::llround(last * 1000) + source * 1000, source, line);
            }
            inputs.push_back(inputOf(stamps, source * NsPerSecond, "some text to fill blocks with"));
        }
        std::ranges::sort(expected);
        const auto merged = mergeLines(inputs, {});
        QCOMPARE(merged->size(), static_cast<qint64>(expected.size()));
        const auto places = all(*merged);
        for (size_t i = 0; i < expected.size(); ++i) {
            QCOMPARE(places[i].source, std::get<1>(expected[i]));
            QCOMPARE(places[i].line, std::get<2>(expected[i]));
            QCOMPARE(merged->indexOf(places[i]), static_cast<qint64>(i));
        }
        QCOMPARE(merged->at(17), places[17]);
        QCOMPARE(merged->at(-1), LinePlace());
        QCOMPARE(merged->at(merged->size()), LinePlace());
        QCOMPARE(merged->indexOf({0, 8001}), -1);
        QCOMPARE(merged->indexOf({9, 1}), -1);
        QVERIFY2(merged->byteCount() < 3 * merged->size(), qPrintable(QString::number(merged->byteCount())));
    }

    void aLogOfSeveralJobsIsMergedWithItself()
    {
        // The second job began when the first one did: its lines stand behind in the file.
        const std::vector<MergeInput> inputs{inputOf({10, 20, 30, 11, 21, 31}), inputOf({15, 25})};
        const auto merged = mergeLines(inputs, {});
        const std::vector<LinePlace> expected{{0, 1}, {0, 4}, {1, 1}, {0, 2}, {0, 5}, {1, 2}, {0, 3}, {0, 6}};
        QCOMPARE(all(*merged), expected);
        for (size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(merged->indexOf(expected[i]), static_cast<qint64>(i));
    }

    void smallDisorderKeepsTheOrderOfTheFile()
    {
        const std::vector<MergeInput> inputs{inputOf({10, 10.5, 10.2, 11}), inputOf({10.3})};
        const std::vector<LinePlace> expected{{0, 1}, {1, 1}, {0, 2}, {0, 3}, {0, 4}};
        QCOMPARE(all(*mergeLines(inputs, {})), expected);
    }

    void whatHasNoClockIsLeftOut()
    {
        MergeInput unplaced = inputOf({1, 2});
        unplaced.placement = {};
        MergeInput twoBoots = inputOf({1, 2, 100, 101}, 0, "text", {SourceTime{0}, SourceTime{50 * NsPerSecond}});
        twoBoots.placement.segments = {{SourceTime{0}, 0, 0, 0, false}, {SourceTime{50 * NsPerSecond}, 0, 0, 0, true}};
        const std::vector<MergeInput> inputs{inputOf({5}), unplaced, {}, inputOf({Stamp(), Stamp()}), twoBoots};
        const auto merged = mergeLines(inputs, {});
        QCOMPARE(linesWithoutTime(inputs[0]), 0);
        QCOMPARE(linesWithoutTime(inputs[1]), 2);
        QCOMPARE(linesWithoutTime(inputs[2]), 0);
        QCOMPARE(linesWithoutTime(inputs[3]), 2);
        QCOMPARE(merged->indexOf({1, 1}), -1);
        QCOMPARE(merged->indexOf({3, 1}), -1);
        QCOMPARE(linesWithoutTime(inputs[4]), 2);
        QCOMPARE(merged->indexOf({4, 2}), -1);
        QCOMPARE(merged->indexOf({4, 3}), 1);
        QCOMPARE(merged->size(), 3);
    }

    void findsThePositionsOfLines()
    {
        std::vector<Stamp> dense;
        std::vector<Stamp> sparse;
        for (int i = 0; i < 20'000; ++i)
            dense.push_back(i);
        for (int i = 0; i < 20'000; i += 100)
            sparse.push_back(i + 0.5);
        const std::vector<MergeInput> inputs{inputOf(dense), inputOf(sparse)};
        const auto merged = mergeLines(inputs, {});
        std::vector<LineSet> wanted(2);
        for (qint64 line = 3; line <= 20'000; line += 7)
            wanted[0].add(line);
        wanted[1].addRange(10, 12);
        LineSet expected;
        const auto places = all(*merged);
        for (size_t i = 0; i < places.size(); ++i) {
            if (wanted[static_cast<size_t>(places[i].source)].contains(places[i].line))
                expected.add(static_cast<qint64>(i) + 1);
        }
        QCOMPARE(expected.size(), 2857 + 3);
        QVERIFY(merged->positionsOf(wanted, {}) == expected);
        QVERIFY(merged->positionsOf({}, {}).isEmpty());
    }

    void aCancelledMergeEnds()
    {
        const std::vector<MergeInput> inputs{inputOf({1, 2})};
        const CancelToken cancel;
        cancel.cancel();
        QCOMPARE(mergeLines(inputs, cancel)->size(), 0);
    }
};

FAULTLINE_TEST(MergedLinesTest)
#include "tst_mergedlines.moc"
