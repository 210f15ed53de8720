// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/check.h"
#include "models/playbooks/walker.h"
#include "models/store/casedatabase.h"
#include "tests/models/store/handmadecase.h"
#include "tests/support/test.h"

#include <set>

using namespace faultline;
using namespace Qt::StringLiterals;

class TestShippedPlaybooks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areWithoutMistakes()
    {
        std::vector<Error> errors;
        const PlaybookSet set = loadPlaybooks({}, errors);
        QStringList told;
        for (const Error &error : errors)
            told += error.toString();
        QVERIFY2(errors.empty(), qPrintable(told.join(u'\n')));
        QVERIFY(set.playbooks.size() >= 6);
        QVERIFY(set.causes.size() >= 90);
        const auto database = CaseDatabase::open(test::handmadeCase());
        QVERIFY(database.has_value());
        for (const Playbook &playbook : set.playbooks) {
            QFile file(playbook.file);
            QVERIFY(file.open(QIODevice::ReadOnly));
            for (const Error &error : checkPlaybookFile(file.readAll(), playbook.file, set, database->get()))
                told += error.toString();
        }
        QVERIFY2(told.isEmpty(), qPrintable(told.join(u'\n')));
    }

    /// A hand-made run of every kind of question: none may fail at run time, whatever the columns hold.
    void canBeWalked()
    {
        std::vector<Error> errors;
        const PlaybookSet set = loadPlaybooks({}, errors);
        const Analysis analysis = test::handmadeCase();
        const auto database = CaseDatabase::open(analysis);
        QVERIFY(database.has_value());
        for (const Playbook &playbook : set.playbooks) {
            PlaybookSet always = set;
            for (Playbook &other : always.playbooks)
                other.startsWhen = other.id == playbook.id ? u"SELECT 1"_s : QString();
            const Diagnosis diagnosis = diagnose(analysis, **database, always, {}, {});
            QVERIFY2(diagnosis.errors.empty(),
                     diagnosis.errors.empty() ? "" : qPrintable(diagnosis.errors.front().toString()));
            QVERIFY(!diagnosis.flowcharts.empty());
            const auto chart = parseMermaid(diagnosis.flowcharts.front().mermaid, playbook.id, 1);
            QVERIFY2(chart.has_value(), chart ? "" : qPrintable(chart.error().toString()));
        }
    }

    void leadToKnownCausesOnly()
    {
        std::vector<Error> errors;
        const PlaybookSet set = loadPlaybooks({}, errors);
        std::set<QString> reached;
        for (const Playbook &playbook : set.playbooks) {
            for (const FlowNode &node : playbook.chart.nodes) {
                if (set.causes.contains(node.id))
                    reached.insert(node.id);
            }
        }
        QVERIFY(reached.size() >= 80);
        for (const QString &id : {u"mem.oom.cgroup"_s, u"ssh.disconnected"_s, u"cpu.throttled"_s, u"image.not_found"_s,
                                  u"test.assertion"_s})
            QVERIFY2(reached.contains(id), qPrintable(id));
    }
};

FAULTLINE_TEST(TestShippedPlaybooks)
#include "tst_shipped_playbooks.moc"
