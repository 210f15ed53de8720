// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/evidencemodel.h"
#include "models/views/failuresmodel.h"
#include "models/views/notesmodel.h"
#include "models/views/sourcesmodel.h"
#include "models/views/verdictsmodel.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QAbstractItemModelTester>

using namespace faultline;
using namespace Qt::StringLiterals;

class ViewModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_analysis = test::sampleAnalysis(); }

    void sourcesHoldTheirSeriesAndNotes()
    {
        SourcesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAnalysis(m_analysis);
        QCOMPARE(model.rowCount(), 3);
        const QModelIndex ci = model.index(0, 0);
        QCOMPARE(ci.data().toString(), u"ci.log"_s);
        QCOMPARE(ci.data(SourcesModel::LinesRole).toLongLong(), 2000);
        QCOMPARE(ci.data(SourcesModel::ClockReasonRole).toString(), u"times are UTC"_s);
        QCOMPARE(model.rowCount(ci), 0);
        const QModelIndex metrics = model.index(2, 0);
        QCOMPARE(metrics.data().toString(), u"metrics/memory.json"_s);
        QCOMPARE(metrics.data(SourcesModel::NotesRole).toInt(), 3);
        QCOMPARE(model.rowCount(metrics), 2);
        const QModelIndex series = model.index(0, 0, metrics);
        QCOMPARE(series.data().toString(), u"container_memory_working_set_bytes{pod=\"api\"}"_s);
        QCOMPARE(series.data(SourcesModel::SeriesRole).toInt(), 0);
        const QModelIndex note = model.index(1, 0, metrics);
        QCOMPARE(note.data(SourcesModel::LineRole).toLongLong(), 7);
        QCOMPARE(note.data(SourcesModel::SourceRole).toInt(), 2);
        QCOMPARE(note.parent(), metrics);
    }

    void sourcesNameTheFormatByItsTitle()
    {
        SourcesModel model;
        model.setAnalysis(m_analysis);
        QVERIFY(model.index(0, 0).data(SourcesModel::DetailRole).toString().startsWith(u"test-format"));
        model.setFormatTitles({{"test-format", u"A title"_s}});
        QVERIFY(model.index(0, 0).data(SourcesModel::DetailRole).toString().startsWith(u"A title"));
    }

    void failuresTellWhatWhenAndWhere()
    {
        FailuresModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAnalysis(m_analysis);
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex first = model.index(0);
        QCOMPARE(first.data().toString(), u"step 'Run tests' was killed"_s);
        QCOMPARE(first.data(FailuresModel::PlaceRole).toString(), u"ci.log:1500"_s);
        QCOMPARE(first.data(FailuresModel::ExitCodeRole).toLongLong(), 137);
        QVERIFY(first.data(FailuresModel::TimeTextRole).toString().startsWith(u"00:25:00.000 ±"));
        QCOMPARE(first.data(FailuresModel::FollowsRole).toInt(), -1);
        const QModelIndex second = model.index(1);
        QCOMPARE(second.data(FailuresModel::FollowsRole).toInt(), 0);
        QVERIFY(!second.data(FailuresModel::ExitCodeRole).isValid());
    }

    void verdictsAreThoseOfTheFailure()
    {
        VerdictsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAnalysis(m_analysis, 0);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0).data(VerdictsModel::CauseRole).toString(), u"mem.oom.cgroup"_s);
        QCOMPARE(model.index(0).data(VerdictsModel::StatusRole).toInt(), static_cast<int>(VerdictStatus::Confirmed));
        QCOMPARE(model.rowOf(u"mem.leak"_s), 1);
        QCOMPARE(model.rowOf(u"no.such"_s), -1);
        model.setAnalysis(m_analysis, 1);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.verdict(0));
    }

    void evidenceNamesLinesSamplesAndCoveredSpans()
    {
        EvidenceModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(m_analysis, m_analysis.diagnosis->verdicts[0].evidence,
                      m_analysis.diagnosis->ruledOut[0].because);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0).data(EvidenceModel::PlaceRole).toString(), u"dmesg.txt:40"_s);
        QCOMPARE(model.index(0).data(EvidenceModel::AgainstRole).toBool(), false);
        QCOMPARE(model.index(1).data(EvidenceModel::ItemRole).toInt(), static_cast<int>(EvidenceModel::Item::Sample));
        QCOMPARE(model.index(1).data(EvidenceModel::PlaceRole).toString(), u"container_memory_working_set_bytes"_s);
        QCOMPARE(model.index(2).data(EvidenceModel::ItemRole).toInt(), static_cast<int>(EvidenceModel::Item::Covered));
        QCOMPARE(model.index(2).data(EvidenceModel::AgainstRole).toBool(), true);
        QVERIFY(model.index(2).data(EvidenceModel::TextRole).toString().contains(u"a shutdown of the runner"));
        QCOMPARE(model.rowOf(1, 40), 0);
        QCOMPARE(model.rowOf(1, 41), -1);
    }

    void evidenceOutOfTheCaseIsHarmless()
    {
        EvidenceRef ref;
        ref.source = 99;
        ref.line = 5;
        EvidenceRef series;
        series.series = 99;
        EvidenceModel model;
        model.setRows(m_analysis, {ref, series});
        QCOMPARE(model.index(0).data(EvidenceModel::PlaceRole).toString(), u":5"_s);
        QCOMPARE(model.index(1).data(EvidenceModel::PlaceRole).toString(), QString());
    }

    void notesAreThoseOfAllSourcesAndPlaybooks()
    {
        auto diagnosis = std::make_shared<Diagnosis>(*m_analysis.diagnosis);
        diagnosis->errors.push_back(
            {Code::Sql, u"no such table"_s, u"See the list of tables."_s, u"killed.md"_s, {12, 1, -1}});
        m_analysis.diagnosis = diagnosis;
        NotesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAnalysis(m_analysis);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, NotesModel::PlaceColumn).data().toString(), u"metrics/memory.json:7"_s);
        QCOMPARE(model.index(0, 0).data(NotesModel::CountRole).toInt(), 3);
        QCOMPARE(model.index(1, NotesModel::PlaceColumn).data().toString(), u"killed.md:12"_s);
        QCOMPARE(model.index(1, 0).data(NotesModel::SourceRole).toInt(), -1);
    }

    void modelsAreEmptyWithoutACase()
    {
        SourcesModel sources;
        sources.setAnalysis({});
        QCOMPARE(sources.rowCount(), 0);
        FailuresModel failures;
        failures.setAnalysis({});
        QCOMPARE(failures.rowCount(), 0);
        NotesModel notes;
        notes.setAnalysis({});
        QCOMPARE(notes.rowCount(), 0);
    }

private:
    Analysis m_analysis;
};

FAULTLINE_TEST(ViewModelsTest)
#include "tst_viewmodels.moc"
