// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/correlationpanel.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QAbstractItemModelTester>
#include <QTableView>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// The sample with one spike of its metric, `sinceFailure` from the first failure, which has no time unless `isTimed`.
Analysis withSpike(DurationNs sinceFailure, bool isTimed = true)
{
    Analysis analysis = test::sampleAnalysis();
    auto findings = std::make_shared<Findings>(*analysis.findings);
    Failure &failure = findings->failures.front();
    Spike spike;
    spike.series = 0;
    spike.failure = 0;
    spike.start = spike.peak = spike.end = failure.time->time + sinceFailure;
    spike.value = 40;
    spike.baseline = 10;
    spike.score = 6;
    findings->spikes = {spike};
    findings->limitSeries.clear();
    findings->limitValues.clear();
    if (!isTimed)
        failure.time.reset();
    analysis.findings = findings;
    return analysis;
}

/// The same with samples so far apart.
Analysis withStep(Analysis analysis, DurationNs step)
{
    auto evidence = std::make_shared<Evidence>(*analysis.evidence);
    const SeriesRef first = evidence->allSeries().front();
    auto source = std::make_shared<SourceEvidence>(*evidence->sources[static_cast<size_t>(first.source)]);
    source->series.front().stepNs = step;
    evidence->sources[static_cast<size_t>(first.source)] = source;
    analysis.evidence = evidence;
    return analysis;
}

QString cell(const CorrelationModel &model, int column)
{
    return model.index(0, column).data(Qt::DisplayRole).toString();
}

} // namespace

class TestCorrelationModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhetherItRoseBeforeOrAfter()
    {
        CorrelationModel model;
        const QAbstractItemModelTester tester(&model);
        model.setAnalysis(withSpike(-10 * NsPerSecond));
        QCOMPARE(model.rowCount(), 0); // no failure is chosen
        model.setFailure(0);
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(cell(model, CorrelationModel::MeaningColumn).startsWith(u"Rose before"_s));
        QVERIFY(cell(model, CorrelationModel::LagColumn).contains(u"10"_s));
        // What a sample shows may have happened at any time since the one before it.
        constexpr DurationNs Step = 10 * NsPerSecond;
        model.setAnalysis(withStep(withSpike(Step / 2), Step));
        model.setFailure(0);
        QVERIFY(cell(model, CorrelationModel::MeaningColumn).startsWith(u"Rose between"_s));
        model.setAnalysis(withStep(withSpike(2 * Step), Step));
        model.setFailure(0);
        QVERIFY(cell(model, CorrelationModel::MeaningColumn).startsWith(u"Rose after"_s));
    }

    void theRankingOfAllSeriesFollowsTheSpikes()
    {
        Analysis analysis = withSpike(-10 * NsPerSecond);
        auto findings = std::make_shared<Findings>(*analysis.findings);
        const TimeNs failed = findings->failures.front().time->time;
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        auto placement = std::make_shared<Placement>(*analysis.placement);
        auto source = std::make_shared<SourceEvidence>();
        source->path = u"more.json"_s;
        for (const char *name : {"queue_length", "calm"}) {
            Series series;
            series.name = name;
            for (int i = -300; i < 30; ++i) {
                series.times.push_back({failed.ns + i * NsPerSecond});
                series.values.push_back(10 + i % 3 + (i > -8 && name[0] == 'q' ? 500 : 0));
            }
            source->series.push_back(std::move(series));
        }
        evidence->sources.push_back(source);
        SourcePlacement own;
        own.segments.push_back({});
        placement->sources.push_back(own);
        const int queue = static_cast<int>(evidence->allSeries().size()) - 2;
        findings->changes = {{0, 1, 0, 6}, {0, 2, queue, 90}};
        analysis.evidence = evidence;
        analysis.placement = placement;
        analysis.findings = findings;
        CorrelationModel model;
        const QAbstractItemModelTester tester(&model);
        model.setAnalysis(analysis);
        model.setFailure(0);
        QCOMPARE(model.rowCount(), 1); // at once what is known; the spike's own series is not ranked twice
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, CorrelationModel::SeriesColumn).data().toString(), u"queue_length"_s);
        QCOMPARE(model.index(1, 0).data(CorrelationModel::SeriesRole).toInt(), queue);
        QVERIFY(
            model.index(1, CorrelationModel::MeaningColumn).data().toString().startsWith(u"Began to rise before"_s));
    }

    void namesWhatTellsSeriesOfOneNameApart()
    {
        Analysis analysis = withSpike(-10 * NsPerSecond);
        auto findings = std::make_shared<Findings>(*analysis.findings);
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        auto placement = std::make_shared<Placement>(*analysis.placement);
        auto source = std::make_shared<SourceEvidence>();
        source->path = u"more.json"_s;
        int index = static_cast<int>(evidence->allSeries().size());
        for (const char *pod : {"worker-7d9f8-one", "worker-7d9f8-two"}) {
            Series series;
            series.name = "process_open_fds";
            series.labels = {{"instance", "scheduler-test-8fc51:9304"}, {"pod", pod}};
            source->series.push_back(series);
            Spike spike = findings->spikes.front();
            spike.series = index++;
            findings->spikes.push_back(spike);
        }
        evidence->sources.push_back(source);
        SourcePlacement own;
        own.segments.push_back({});
        placement->sources.push_back(own);
        analysis.evidence = evidence;
        analysis.placement = placement;
        analysis.findings = findings;
        CorrelationPanel panel;
        panel.setAnalysis(analysis);
        panel.setFailure(0);
        const auto *model = panel.view()->model();
        QCOMPARE(model->rowCount(), 3);
        QCOMPARE(model->index(1, CorrelationModel::SeriesColumn).data().toString(),
                 u"process_open_fds {pod=worker-7d9f8-one}"_s);
        QCOMPARE(model->index(2, CorrelationModel::SeriesColumn).data().toString(),
                 u"process_open_fds {pod=worker-7d9f8-two}"_s);
        QVERIFY(model->index(1, 0).data(Qt::ToolTipRole).toString().contains(u"instance=scheduler-test"_s));
        QVERIFY(!model->index(0, 0).data().toString().contains(u'{')); // the only one of its name

        // What it may mean is in sight, whole, in a narrow panel.
        panel.resize(430, 300);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        const QTableView *view = panel.view();
        QVERIFY(view->columnViewportPosition(CorrelationModel::MeaningColumn)
                    + view->columnWidth(CorrelationModel::MeaningColumn)
                <= view->viewport()->width());
        QVERIFY(view->rowHeight(1) > view->fontMetrics().height() * 2);
        QCOMPARE(view->textElideMode(), Qt::ElideRight);
    }

    void claimsNoLagWithoutATime()
    {
        CorrelationModel model;
        model.setAnalysis(withSpike(0, false));
        model.setFailure(0);
        QCOMPARE(cell(model, CorrelationModel::LagColumn), u"–"_s);
        QVERIFY(cell(model, CorrelationModel::MeaningColumn).contains(u"not known"_s));
        QVERIFY(model.toCsv({0}).contains(u",,"_s));
    }

    void writesTables()
    {
        CorrelationModel model;
        model.setAnalysis(withSpike(-10 * NsPerSecond));
        model.setFailure(0);
        const QStringList csv = model.toCsv({0}).split(u"\r\n"_s);
        QCOMPARE(csv.size(), 3);
        QCOMPARE(csv[0], u"series,peak,normal,score,time,lag_seconds,meaning"_s);
        QVERIFY(csv[1].contains(u",40,10,6,"_s) && csv[1].contains(u",-10,"_s));
        const QStringList markdown = model.toMarkdown({0}).split(u'\n');
        QCOMPARE(markdown.size(), 4);
        QCOMPARE(markdown[0].count(u'|'), int(CorrelationModel::ColumnCount) + 1);
    }
};

FAULTLINE_TEST(TestCorrelationModel)
#include "tst_correlationmodel.moc"
