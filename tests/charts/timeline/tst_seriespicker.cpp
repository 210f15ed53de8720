// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"
#include "charts/timeline/seriespicker.h"
#include "tests/charts/support/screenshot.h"
#include "tests/support/test.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTreeView>

using namespace faultline;
using namespace Qt::StringLiterals;

class TestSeriesPicker : public QObject
{
    Q_OBJECT

    /// So many pods with four series each.
    static Analysis pods(int count)
    {
        auto source = std::make_shared<SourceEvidence>();
        source->path = u"metrics.json"_s;
        for (int pod = 0; pod < count; ++pod)
            for (const char *name : {"container_memory_working_set_bytes", "container_cpu_usage_seconds_total",
                                     "container_open_fds", "made_up_thing"})
                source->series.push_back({name,
                                          {{"pod", "api-" + QByteArray::number(pod)}},
                                          SeriesKind::Gauge,
                                          {},
                                          0,
                                          {SourceTime{0}},
                                          {1.0},
                                          0});
        auto evidence = std::make_shared<Evidence>();
        evidence->sources.push_back(std::move(source));
        Analysis analysis;
        analysis.evidence = std::move(evidence);
        return analysis;
    }

private Q_SLOTS:
    void seriesAreGroupedByPodAndResource()
    {
        const SeriesPicker picker(pods(2), {});
        const QAbstractItemModel *model = picker.tree()->model();
        QCOMPARE(model->rowCount(), 2);
        const QModelIndex pod = model->index(0, 0);
        QCOMPARE(pod.data().toString(), u"api-0"_s);
        QCOMPARE(model->rowCount(pod), 4);
        QVERIFY(
            model->index(0, 0, pod).data().toString().startsWith(u"memory"_s)); // first, as failures look at it first
        QVERIFY(model->index(3, 0, pod).data().toString().startsWith(u"other"_s));
    }
    void aSearchAmongThousandsIsQuick()
    {
        SeriesPicker picker(pods(2000), {});
        QCOMPARE(picker.matches(), 8000);
        QElapsedTimer timer;
        timer.start();
        picker.setSearch(u"memory api-1234"_s);
        QVERIFY(timer.elapsed() < 2000);
        QCOMPARE(picker.matches(), 1);
        picker.setSearch(u"no such thing"_s);
        QCOMPARE(picker.matches(), 0);
    }
    void tickingSaysWhichSeries()
    {
        SeriesPicker picker(pods(3), {2});
        picker.setSearch(u"open_fds api-0"_s);
        QAbstractItemModel *model = picker.tree()->model();
        const QModelIndex item = model->index(0, 0, model->index(0, 0, model->index(0, 0)));
        QCOMPARE(item.data(Qt::CheckStateRole).toInt(), int(Qt::Checked)); // it has a track already
        QSignalSpy changed(&picker, &SeriesPicker::shownChanged);
        QVERIFY(model->setData(item, Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.first().at(0).toInt(), 2);
        QCOMPARE(changed.first().at(1).toBool(), false);
    }
    void looks()
    {
        SeriesPicker picker(pods(30), {2, 5});
        picker.setPalette(Theme::palette(true));
        picker.setSearch(u"api-1"_s);
        QVERIFY(test::screenshot(picker, u"seriespicker"_s));
    }
};

FAULTLINE_TEST(TestSeriesPicker)
#include "tst_seriespicker.moc"
