// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/analyze.h"
#include "app/analysis/redactedcase.h"
#include "app/analysis/savedcase.h"
#include "app/cli/commands.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

void put(const QString &path, const QByteArray &bytes)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

/// The sample's analysis as if it had been read from these files.
Analysis readFrom(const QStringList &paths)
{
    Analysis analysis = test::sampleAnalysis();
    auto evidence = std::make_shared<Evidence>(*analysis.evidence);
    for (qsizetype i = 0; i < paths.size(); ++i) {
        auto source = std::make_shared<SourceEvidence>(*evidence->sources[static_cast<size_t>(i)]);
        source->path = paths[i];
        evidence->sources[static_cast<size_t>(i)] = source;
    }
    analysis.evidence = evidence;
    return analysis;
}

} // namespace

class SavedCaseTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_run = m_folder->filePath(u"run"_s);
        m_file = m_run + u"/case.faultline"_s;
        m_paths = {m_run + u"/ci.log"_s, m_run + u"/logs.zip/kernel/dmesg.txt"_s,
                   m_folder->filePath(u"far/memory.json"_s)};
        put(m_run + u"/ci.log"_s, "one\n");
        put(m_run + u"/logs.zip"_s, "two\n");
        put(m_paths[2], "three\n");
        m_snapshot = {};
        m_snapshot.analysis = readFrom(m_paths);
        m_snapshot.edits.overrides[m_paths[1]] = {"dmesg", {47 * NsPerSecond, {}}};
        m_snapshot.edits.answers[{0, u"killed"_s, u"kernel"_s}] = u"yes"_s;
        Annotation note;
        note.id = 1;
        note.target = AnnotationTarget::Line;
        note.source = m_paths[1];
        note.line = note.lastLine = 40;
        note.text = u"it died here"_s;
        m_snapshot.edits.annotations = {note};
        m_snapshot.edits.overrides[m_paths[0]] = {{}, {{}, {}, u"Europe/Berlin"_s}};
        m_snapshot.edits.postmortem = u"# It was the memory"_s;
        m_snapshot.view.bookmarks = {{m_paths[1], {3, 40}}, {u"/elsewhere.log"_s, {1}}};
        m_snapshot.view.view.pins = {u"memory"_s};
        m_snapshot.view.source = m_paths[1];
        m_snapshot.view.view.line = 40;
    }

    void opensWhereItWas()
    {
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        const auto opened = openCase(m_file, {m_folder->filePath(u"far"_s)});
        QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().toString()));
        QVERIFY(opened->missing().isEmpty() && opened->changed().isEmpty());
        QCOMPARE(opened->paths(), (QStringList{m_paths[0], m_run + u"/logs.zip"_s, m_paths[2]}));
        const CaseEdits edits = opened->edits();
        QCOMPARE(edits.annotations, m_snapshot.edits.annotations);
        QCOMPARE(edits.answers, m_snapshot.edits.answers);
        QCOMPARE(edits.overrides.size(), 2);
        QCOMPARE(edits.overrides.at(m_paths[1]).clock.offsetNs, 47 * NsPerSecond);
        QCOMPARE(edits.overrides.at(m_paths[0]).clock.zone, u"Europe/Berlin"_s);
        QCOMPARE(edits.options().clocks.size(), 2);
        QCOMPARE(edits.postmortem, m_snapshot.edits.postmortem);
        QCOMPARE(opened->view().bookmarks, (std::map<QString, std::vector<qint64>>{{m_paths[1], {3, 40}}}));
        QCOMPARE(opened->view().view.pins, QStringList{u"memory"_s});
        QCOMPARE(opened->view().source, m_paths[1]);
        QCOMPARE(opened->content.pathOf(opened->content.view.place), m_paths[1]);
        QVERIFY(renumbered(edits, opened->failuresAsSaved(), m_snapshot.analysis).answers == edits.answers);
    }

    void theRunThatPassedIsKeptApart()
    {
        const QString passed = m_folder->filePath(u"passed/ci.log"_s);
        put(passed, "fine\n");
        m_snapshot.edits.baseline = {m_folder->filePath(u"passed"_s)};
        auto comparison = std::make_shared<RunComparison>();
        comparison->baselinePaths = {passed};
        m_snapshot.analysis.comparison = comparison;
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        const QString far = m_folder->filePath(u"far"_s);
        const auto opened = openCase(m_file, {far, m_folder->filePath(u"passed"_s)});
        QVERIFY(opened.has_value());
        QCOMPARE(opened->edits().baseline, QStringList{passed});
        QVERIFY(!opened->paths().contains(passed) && opened->paths().size() == 3);
        // Not where nobody said that it may be read.
        const auto untrusted = openCase(m_file, {far});
        QVERIFY(untrusted.has_value() && untrusted->edits().baseline.isEmpty());
        QCOMPARE(untrusted->missing().size(), 1);
    }

    void filesElsewhereAreOnlyReadWhereTheUserSaysSo()
    {
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        const auto opened = openCase(m_file, {});
        QVERIFY(opened.has_value());
        QCOMPARE(opened->missing(), QStringList{u"memory.json"_s});
        QVERIFY(sourcesText(*opened).contains(u"memory.json"));
        QCOMPARE(opened->paths().size(), 2);
    }

    void aCopiedFolderOpens()
    {
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        const QString moved = m_folder->filePath(u"elsewhere"_s);
        QVERIFY(QDir().rename(m_run, moved));
        QVERIFY(QDir().rename(m_folder->filePath(u"far"_s), m_folder->filePath(u"near"_s)));
        const auto opened = openCase(moved + u"/case.faultline"_s, {m_folder->filePath(u"near"_s)});
        QVERIFY(opened.has_value());
        QVERIFY(opened->missing().isEmpty() && opened->changed().isEmpty());
        QCOMPARE(opened->edits().annotations[0].source, moved + u"/logs.zip/kernel/dmesg.txt"_s);
    }

    void changesAreTold()
    {
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        put(m_paths[0], "ONE\n"); // as long as before
        QFile touched(m_paths[0]);
        QVERIFY(touched.open(QIODevice::ReadWrite)
                && touched.setFileTime(QDateTime::fromSecsSinceEpoch(1), QFileDevice::FileModificationTime));
        put(m_run + u"/logs.zip"_s, "longer than it was\n");
        const auto opened = openCase(m_file, {m_folder->filePath(u"far"_s)});
        QVERIFY(opened.has_value());
        QCOMPARE(opened->changed(), (QStringList{u"ci.log"_s, u"logs.zip"_s}));
    }

    void linksDoNotLeadOut()
    {
        put(m_folder->filePath(u"secret"_s), "one\n");
        QVERIFY(QFile::remove(m_paths[0]));
        QVERIFY(QFile::link(m_folder->filePath(u"secret"_s), m_paths[0]));
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        const auto opened = openCase(m_file, {m_folder->filePath(u"far"_s)});
        QVERIFY(opened.has_value());
        QCOMPARE(opened->missing(), QStringList{u"ci.log"_s});
    }

    void embeddedFilesComeAlong()
    {
        m_snapshot.embed = true;
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        const QString alone = m_folder->filePath(u"alone.faultline"_s);
        QVERIFY(QFile::rename(m_file, alone));
        QVERIFY(QDir(m_run).removeRecursively());
        const auto opened = openCase(alone, {});
        QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().toString()));
        QVERIFY(opened->missing().isEmpty());
        QFile log(opened->paths().first());
        QVERIFY(log.open(QIODevice::ReadOnly));
        QCOMPARE(log.readAll(), "one\n");
        // Saved again from what was unpacked.
        CaseSnapshot again;
        again.analysis = readFrom({opened->paths()[0], opened->edits().annotations[0].source, opened->paths()[2]});
        again.edits = opened->edits();
        again.known = opened->content.sources;
        const QString copy = m_folder->filePath(u"copy.faultline"_s);
        QVERIFY(saveCase(copy, again, false).has_value());
        const auto copied = openCase(copy, {});
        QVERIFY(copied.has_value() && copied->missing().isEmpty());
        QCOMPARE(copied->content.sources[1].path, u"logs.zip"_s);
        QCOMPARE(copied->edits().annotations[0].text, u"it died here"_s);
    }

    void filesOfStepsComeAlong_data()
    {
        QTest::addColumn<bool>("redacted");
        QTest::newRow("as they are") << false;
        QTest::newRow("gone over") << true;
    }
    void filesOfStepsComeAlong()
    {
        QFETCH(bool, redacted);
        // The unpacked zip of a GitHub Actions run.
        const QString run = m_folder->filePath(u"unpacked"_s);
        const QByteArray setUp = "2026-03-03T10:00:00.1000000Z Current runner version: '2.323.0'\n";
        const QByteArray make = "2026-03-03T10:00:01.1000000Z make with token=hunter2-4711\n"
                                "2026-03-03T10:00:02.1000000Z ##[error]Process completed with exit code 2.\n";
        put(run + u"/0_build.txt"_s, setUp + make);
        put(run + u"/build/1_Set up job.txt"_s, setUp);
        put(run + u"/build/2_Make it.txt"_s, make);
        // As PowerShell redirects it.
        const QString wide = u"2026-03-03T10:00:01Z token=hunter2-4711\r\n2026-03-03T10:00:02Z done\r\n"_s;
        put(run + u"/wide.log"_s,
            QByteArray("\xff\xfe") + QByteArray(reinterpret_cast<const char *>(wide.utf16()), 2 * wide.size()));
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge.has_value());
        const QString passed = m_folder->filePath(u"passed"_s);
        put(passed + u"/0_build.txt"_s, setUp);
        put(passed + u"/build/1_Set up job.txt"_s, setUp);
        const auto baseline = loadBaseline({passed}, **knowledge, {});
        QVERIFY(baseline.has_value());
        AnalyzeOptions options;
        options.baseline = *baseline;
        const auto analysis = analyze({run}, **knowledge, options);
        QVERIFY(analysis.has_value());
        const auto stepsOf = [](const Evidence &evidence) {
            QList<QByteArray> names;
            for (const auto &source : evidence.sources)
                for (const Span &span : source->spans)
                    if (span.kind == SpanKind::Step)
                        names.append(span.name);
            return names;
        };
        QCOMPARE(stepsOf(*analysis->evidence), (QList<QByteArray>{"Set up job", "Make it"}));
        const QString file = m_folder->filePath(u"alone/case.faultline"_s);
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        if (redacted) {
            const auto leftOut = saveRedactedCase(file, {*analysis, {}, {}, Redactor::shippedRules(), {}});
            QVERIFY(leftOut.has_value());
            QCOMPARE(*leftOut, QStringList());
        } else {
            CaseSnapshot snapshot;
            snapshot.analysis = *analysis;
            snapshot.edits.baseline = {passed};
            snapshot.embed = true;
            QVERIFY(saveCase(file, snapshot, false).has_value());
        }
        QVERIFY(QDir(run).removeRecursively());
        const auto opened = openCase(file, {});
        QVERIFY(opened.has_value());
        QCOMPARE(opened->paths().size(), 4);
        QCOMPARE(opened->edits().baseline.size(), redacted ? 0 : 2); // which stays out of what is handed on
        const auto again = analyze(opened->paths(), **knowledge, {});
        QVERIFY(again.has_value());
        QCOMPARE(stepsOf(*again->evidence), (QList<QByteArray>{"Set up job", "Make it"}));
        QCOMPARE(again->evidence->sources.size(), 2u);
        for (const QString &path : opened->paths()) {
            QFile copy(path);
            QVERIFY(copy.open(QIODevice::ReadOnly));
            const QByteArray bytes = copy.readAll().replace('\0', QByteArray());
            QVERIFY2(!redacted || !bytes.contains("hunter2"), qPrintable(path));
        }
    }

    void missingFilesStayInTheCase()
    {
        QVERIFY(saveCase(m_file, m_snapshot, false).has_value());
        const auto opened = openCase(m_file, {});
        CaseSnapshot again;
        again.analysis = readFrom({m_paths[0], m_paths[1]});
        auto fewer = std::make_shared<Evidence>(*again.analysis.evidence);
        fewer->sources.pop_back();
        again.analysis.evidence = fewer;
        again.edits = opened->edits();
        again.missing = {opened->content.sources[2]};
        QVERIFY(saveCase(m_file, again, true).has_value());
        const auto whole = openCase(m_file, {m_folder->filePath(u"far"_s)});
        QVERIFY(whole.has_value() && whole->missing().isEmpty());
        QCOMPARE(whole->paths().size(), 3);
    }

    void theCommandLineTakesClocksAndAnswers()
    {
        // A log two minutes late beside one that is right.
        put(m_run + u"/ci.log"_s,
            "2026-05-04T10:00:00Z start\n2026-05-04T10:00:05Z ##[error]Process completed with exit "
            "code 137.\n");
        Arguments arguments;
        arguments.paths = {m_run + u"/ci.log"_s};
        const auto plain = analyzeArguments(arguments);
        QVERIFY2(plain.has_value(), plain ? "" : qPrintable(plain.error().toString()));
        CaseSnapshot snapshot;
        snapshot.analysis = *plain;
        snapshot.edits.overrides[arguments.paths[0]] = {{}, {120 * NsPerSecond, {}}};
        Annotation note;
        note.id = 5;
        note.target = AnnotationTarget::Line;
        note.source = arguments.paths[0];
        note.line = note.lastLine = 2;
        note.text = u"seen"_s;
        snapshot.edits.annotations = {note};
        QVERIFY(saveCase(m_file, snapshot, false).has_value());
        arguments.paths = {m_file};
        const auto saved = analyzeArguments(arguments);
        QVERIFY2(saved.has_value(), saved ? "" : qPrintable(saved.error().toString()));
        QCOMPARE(saved->evidence->sources.size(), 1);
        QCOMPARE(saved->placement->sources[0].offsetAt(TimeNs{0}), 120 * NsPerSecond);
        const auto placed = placedAnnotations(*saved->annotations, *saved->evidence, *saved->placement, nullptr);
        QCOMPARE(placed[0].time->time - *fromRfc3339("2026-05-04T10:00:05Z"), 120 * NsPerSecond);
        // A case in the folder is no evidence of the run.
        arguments.paths = {m_run};
        const auto folder = analyzeArguments(arguments);
        QVERIFY(folder.has_value());
        for (const auto &source : folder->evidence->sources)
            QVERIFY(!source->path.endsWith(u".faultline"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_run;
    QString m_file;
    QStringList m_paths;
    CaseSnapshot m_snapshot;
};

FAULTLINE_TEST(SavedCaseTest)
#include "tst_savedcase.moc"
