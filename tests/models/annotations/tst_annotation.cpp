// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/annotations/annotation.h"
#include "models/store/casedatabase.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

Annotation lineNote(qint64 id, qint64 line, qint64 lastLine)
{
    Annotation note;
    note.id = id;
    note.target = AnnotationTarget::Line;
    note.source = u"/runs/17/ci.log"_s;
    note.line = line;
    note.lastLine = lastLine;
    note.text = u"it broke here"_s;
    note.tags = {u"memory"_s};
    return note;
}

Annotation spikeNote(qint64 id)
{
    Annotation note;
    note.id = id;
    note.target = AnnotationTarget::Spike;
    note.source = u"/runs/17/metrics/memory.json"_s;
    note.series = u"container_memory_working_set_bytes{pod=\"api\"}"_s;
    note.sourceTime = SourceTime{1490 * NsPerSecond};
    return note;
}

} // namespace

class AnnotationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesGoThereAndBack()
    {
        for (int i = 0; i < AnnotationColourCount; ++i) {
            const auto colour = static_cast<AnnotationColour>(i);
            QCOMPARE(annotationColourFromName(QString(annotationColourName(colour))), colour);
        }
        for (const auto target : {AnnotationTarget::Moment, AnnotationTarget::Range, AnnotationTarget::Line,
                                  AnnotationTarget::Spike, AnnotationTarget::Node})
            QCOMPARE(annotationTargetFromName(QString(annotationTargetName(target))), target);
        QVERIFY(!annotationTargetFromName(u"script"));
    }

    void standInOrderOfTime()
    {
        Annotation moment;
        moment.id = 3;
        moment.from = TimeNs{1495 * NsPerSecond};
        Annotation node;
        node.id = 4;
        node.target = AnnotationTarget::Node;
        node.failure = 1;
        Annotation lost = lineNote(5, 1, 1);
        lost.source = u"/elsewhere.log"_s;
        const Analysis analysis = test::sampleAnalysis();
        const auto placed = placedAnnotations({lost, node, lineNote(1, 1500, 1502), moment, spikeNote(2)},
                                              *analysis.evidence, *analysis.placement, analysis.findings.get());
        QList<qint64> ids;
        for (const PlacedAnnotation &note : placed)
            ids.append(note.annotation.id);
        QCOMPARE(ids, (QList<qint64>{2, 3, 1, 4, 5}));
        QCOMPARE(placed[0].series, 0);
        QCOMPARE(placed[2].time->time, TimeNs{1500 * NsPerSecond});
        QCOMPARE(placed[2].end, TimeNs{1502 * NsPerSecond});
        QCOMPARE(placed[3].time->time, TimeNs{1800 * NsPerSecond});
        QVERIFY(!placed[4].time);
        QCOMPARE(placed[4].source, -1);
    }

    void followTheirClock()
    {
        Analysis analysis = test::sampleAnalysis();
        const Annotations notes{lineNote(1, 1500, 1500), spikeNote(2)};
        Placement later = *analysis.placement;
        later.sources[0] = test::placedBy(47 * NsPerSecond, PlacementHow::User, {});
        later.sources[2] = test::placedBy(-5 * NsPerSecond, PlacementHow::User, {});
        const auto placed = placedAnnotations(notes, *analysis.evidence, later, nullptr);
        QCOMPARE(placed[0].annotation.id, 2);
        QCOMPARE(placed[0].time->time, TimeNs{1485 * NsPerSecond});
        QCOMPARE(placed[1].time->time, TimeNs{1547 * NsPerSecond});
    }

    void areATable()
    {
        Analysis analysis = test::sampleAnalysis();
        analysis.annotations = std::make_shared<const Annotations>(Annotations{lineNote(1, 1500, 1501)});
        const auto database = CaseDatabase::open(analysis);
        QVERIFY(database.has_value());
        const auto rows = (*database)->query(u"SELECT a.text, a.tags, a.time, a.source, a.colour, l.text AS line "
                                             "FROM annotations a JOIN lines l USING (source, line)"_s);
        QVERIFY2(rows.has_value(), rows ? "" : qPrintable(rows.error().toString()));
        QCOMPARE(rows->rows.size(), 1);
        QCOMPARE(rows->value(0, u"text").toString(), u"it broke here"_s);
        QCOMPARE(rows->value(0, u"tags").toString(), u"[\"memory\"]"_s);
        QCOMPARE(rows->value(0, u"time").toLongLong(), 1500 * NsPerSecond);
        QCOMPARE(rows->value(0, u"colour").toString(), u"blue"_s);
        QVERIFY(rows->value(0, u"line").toString().contains(u"exit code 137"));
    }

    void hostilePlacesDoNoHarm()
    {
        const Analysis analysis = test::sampleAnalysis();
        Annotation beyond = lineNote(1, std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::max());
        Annotation node;
        node.target = AnnotationTarget::Node;
        node.failure = 1'000'000;
        const auto placed = placedAnnotations({beyond, node, lineNote(2, 0, 0), lineNote(3, 1999, 1'000'000'000)},
                                              *analysis.evidence, *analysis.placement, analysis.findings.get());
        QCOMPARE(placed.size(), 4);
        QCOMPARE(placed[0].annotation.id, 3);
        QCOMPARE(placed[0].end, TimeNs{2000 * NsPerSecond});
    }
};

FAULTLINE_TEST(AnnotationTest)
#include "tst_annotation.moc"
