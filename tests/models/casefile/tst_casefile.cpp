// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/casefile/casefile.h"
#include "models/store/sqliteconnection.h"
#include "tests/support/test.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <chrono>
#include <csignal>
#include <thread>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

constexpr auto ChildFile = "FAULTLINE_TEST_SAVES_TO";

CaseSource sourceOf(const QString &folder, const QString &name, const QByteArray &bytes, bool embedded = false)
{
    const QString path = folder + u'/' + name;
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
    return {name, path, bytes.size(), TimeNs{5}, QCryptographicHash::hash(bytes, QCryptographicHash::Sha256), embedded};
}

Annotation noteOf(qint64 id, AnnotationTarget target, const QString &text)
{
    Annotation note;
    note.id = id;
    note.target = target;
    note.text = text;
    note.author = u"Ada"_s;
    note.tags = {u"memory"_s, u"ci, \"quoted\""_s};
    note.colour = AnnotationColour::Orange;
    note.written = TimeNs{77};
    return note;
}

CaseContent sample(const QString &folder)
{
    CaseContent content;
    content.id = "11112222";
    content.saved = TimeNs{1234567890123456789};
    content.program = u"1.0"_s;
    content.sources = {sourceOf(folder, u"ci.log"_s, "first\nsecond\n"),
                       sourceOf(folder, u"deep/run.zip"_s, QByteArray(300'000, 'x'), true)};
    content.clocks = {{{0, {}}, "github-actions", {47 * NsPerSecond, {}}},
                      {{1, u"1_build.txt"_s}, {}, {{}, -8 * NsPerHour}},
                      {{0, u"2_test.txt"_s}, {}, {{}, {}, u"Europe/Berlin"_s}}};
    content.sources.push_back(sourceOf(folder, u"passed/ci.log"_s, "passed\n"));
    content.sources.back().isBaseline = true;
    content.failures = {{{1, u"1_build.txt"_s}, 412, u"step was killed"_s, "job", "step", ""},
                        {{}, 0, u"?"_s, "", "", ""}};
    content.answers = {{{0, u"killed"_s, u"kernel"_s}, u"yes"_s}};
    Annotation line = noteOf(1, AnnotationTarget::Line, u"**why** <b>&amp; ' \" \u2028"_s);
    line.line = 3;
    line.lastLine = 5;
    line.quote = u"E it broke"_s;
    Annotation range = noteOf(2, AnnotationTarget::Range, u"busy"_s);
    range.from = TimeNs{10};
    range.to = TimeNs{20};
    Annotation spike = noteOf(7, AnnotationTarget::Spike, u"peak"_s);
    spike.series = u"mem{pod=\"a\"}"_s;
    spike.sourceTime = SourceTime{-5};
    Annotation node = noteOf(8, AnnotationTarget::Node, u"sure"_s);
    node.failure = 0;
    node.playbook = u"killed"_s;
    node.node = u"kernel"_s;
    content.annotations = {{{0, {}}, line}, {{}, range}, {{1, u"m.json"_s}, spike}, {{}, node}};
    content.verdicts = {{0, u"mem.oom.cgroup"_s, u"The limit"_s, u"confirmed"_s, 0.97}};
    content.view = {0, {0, {}}, 2, u"killed"_s, u"kernel"_s, TimeNs{1}, TimeNs{99}, {u"metric b"_s, u"metric a"_s}};
    content.bookmarks = {{{0, {}}, 4}, {{1, u"1_build.txt"_s}, 1'000'000'000'000}};
    content.postmortem = u"# Why\n\n[[timeline]] \u00e9 <b>\n"_s;
    return content;
}

/// All notes and the id carry the same number: a state that is half of one save and half of another shows.
CaseContent numbered(int number, const QString &folder)
{
    CaseContent content;
    content.id = QByteArray::number(number);
    constexpr int Notes = 400;
    for (int i = 1; i <= Notes; ++i)
        content.annotations.emplace_back(
            CasePlace(), noteOf(i, AnnotationTarget::Moment, QString(u"%1"_s.arg(number) % QString(200, u'.'))));
    const QByteArray bytes = QByteArray::number(number).repeated(20'000);
    content.sources = {sourceOf(folder, u"of-%1"_s.arg(number % 2), bytes, true)};
    return content;
}

/// The one number of a whole state; -1 where it is mixed or does not read.
int numberIn(const QString &file, const QString &folder)
{
    auto read = readCaseFile(file);
    if (!read) {
        qWarning("%s", qPrintable(read.error().toString()));
        return -1;
    }
    CaseContent &content = read->content;
    const int number = content.id.toInt();
    if (content.annotations.size() != 400 || content.sources.size() != 1)
        return -1;
    for (const auto &[place, note] : content.annotations)
        if (note.text.section(u'.', 0, 0).toInt() != number)
            return -1;
    QTemporaryDir unpacked(folder + u"/unpacked-XXXXXX"_s);
    return unpackCaseFile(file, content, unpacked.path()) ? number : -1;
}

void runSql(const QString &file, const QStringList &statements)
{
    SqliteConnection connection;
    QVERIFY(connection.open(file).has_value());
    QSqlQuery query(connection.database());
    for (const QString &statement : statements)
        QVERIFY2(query.exec(statement), qPrintable(statement));
}

} // namespace

class CaseFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath(u"a.faultline"_s);
    }

    void holdsWhatWasWritten()
    {
        const CaseContent written = sample(m_folder->path());
        QVERIFY(createCaseFile(m_file, written).has_value());
        QVERIFY(isCaseFile(m_file));
        const auto read = readCaseFile(m_file);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        const CaseContent &content = read->content;
        QVERIFY(!read->isNewer);
        QCOMPARE(content.id, written.id);
        QCOMPARE(content.saved, written.saved);
        QCOMPARE(content.sources.size(), 3);
        QCOMPARE(content.sources[2], written.sources[2]);
        QCOMPARE(content.sources[0], written.sources[0]);
        QVERIFY(content.sources[1].absolute.isEmpty()); // embedded: where it was is nobody's business
        QCOMPARE(content.clocks.size(), 3);
        QCOMPARE(content.clocks[2].clock.zone, u"Europe/Berlin"_s);
        QCOMPARE(content.bookmarks, written.bookmarks);
        QCOMPARE(content.view.pins, written.view.pins);
        QCOMPARE(content.postmortem, written.postmortem);
        QCOMPARE(content.clocks[0].format, "github-actions");
        QCOMPARE(content.clocks[0].clock.offsetNs, 47 * NsPerSecond);
        QVERIFY(!content.clocks[0].clock.zoneOffsetNs);
        QCOMPARE(content.clocks[1].place, written.clocks[1].place);
        QCOMPARE(content.failures[0].what, u"step was killed"_s);
        QCOMPARE(content.failures[1].place, CasePlace());
        QCOMPARE(content.answers, written.answers);
        QCOMPARE(content.annotations, written.annotations);
        QCOMPARE(content.verdicts[0].cause, u"mem.oom.cgroup"_s);
        QCOMPARE(content.view.from, written.view.from);
        QCOMPARE(content.view.node, u"kernel"_s);
        QVERIFY(!QFileInfo::exists(m_file + u"-journal"_s));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), (QStringList{u"a.faultline"_s, u"ci.log"_s}));
    }

    void theFirstVersionIsBroughtForward()
    {
        CaseFileOptions first;
        first.steps = caseSchemaSteps().first(1);
        {
            SqliteConnection connection;
            QVERIFY(connection.open(m_file).has_value());
            QVERIFY(migrateCase(connection.database(), 0, first.steps).has_value());
        }
        runSql(m_file, {u"INSERT INTO about VALUES('id', 'old')"_s,
                        u"INSERT INTO sources VALUES(0, 'ci.log', '/run/ci.log', 3, 5, zeroblob(32), 0)"_s,
                        u"INSERT INTO clocks VALUES(0, '', 'github-actions', 47, NULL)"_s});
        const auto read = readCaseFile(m_file);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        QCOMPARE(read->content.id, "old");
        QVERIFY(!read->isNewer && !read->content.sources[0].isBaseline);
        QCOMPARE(read->content.clocks[0].clock.offsetNs, 47);
        QVERIFY(read->content.clocks[0].clock.zone.isEmpty() && read->content.postmortem.isEmpty());
        QCOMPARE(caseHeader(m_file).version, 1); // reading leaves it as it is
        CaseContent next = read->content;
        next.postmortem = u"now"_s;
        QVERIFY(updateCaseFile(m_file, next).has_value());
        QCOMPARE(caseHeader(m_file).version, caseSchemaVersion());
        QCOMPARE(readCaseFile(m_file)->content.postmortem, u"now"_s);
    }

    void embeddedSourcesComeOutAsTheyWere()
    {
        CaseContent content = sample(m_folder->path());
        QVERIFY(createCaseFile(m_file, content).has_value());
        QVERIFY(QFileInfo(m_file).size() < 150'000); // compressed
        QVERIFY(QFile::remove(content.sources[1].absolute));
        content.id = "other"; // kept by hash though the file is gone
        QVERIFY(updateCaseFile(m_file, content).has_value());
        auto read = readCaseFile(m_file);
        QVERIFY(read.has_value());
        QTemporaryDir folder;
        QVERIFY(unpackCaseFile(m_file, read->content, folder.path()).has_value());
        QFile unpacked(folder.filePath(u"deep/run.zip"_s));
        QVERIFY(unpacked.open(QIODevice::ReadOnly));
        QCOMPARE(unpacked.readAll(), QByteArray(300'000, 'x'));
        QCOMPARE(read->content.sources[1].absolute, unpacked.fileName());
    }

    void whatNobodyNeedsIsDropped()
    {
        CaseContent content = sample(m_folder->path());
        QVERIFY(createCaseFile(m_file, content).has_value());
        content.sources[1].embedded = false;
        QVERIFY(updateCaseFile(m_file, content).has_value());
        SqliteConnection connection;
        QVERIFY(connection.open(m_file).has_value());
        QSqlQuery query(connection.database());
        QVERIFY(query.exec(u"SELECT count(*) FROM chunks"_s) && query.next());
        QCOMPARE(query.value(0).toInt(), 0);
    }

    void aFailedSaveChangesNothing()
    {
        CaseContent content = sample(m_folder->path());
        QVERIFY(createCaseFile(m_file, content).has_value());
        CaseContent next = content;
        next.id = "next";
        next.sources.push_back(sourceOf(m_folder->path(), u"more"_s, "abc", true));
        QVERIFY(QFile::remove(next.sources.back().absolute));
        QVERIFY(!updateCaseFile(m_file, next).has_value());
        QCOMPARE(readCaseFile(m_file)->content.id, content.id);
        CaseFileOptions options;
        options.cancel.cancel();
        next.sources.back() = sourceOf(m_folder->path(), u"more"_s, "abc", true);
        const auto cancelled = updateCaseFile(m_file, next, options);
        QVERIFY(!cancelled.has_value());
        QCOMPARE(cancelled.error().code, Code::Cancelled);
        QCOMPARE(readCaseFile(m_file)->content.id, content.id);
    }

    void olderVersionsAreReadAndBroughtForward()
    {
        QVERIFY(createCaseFile(m_file, sample(m_folder->path())).has_value());
        std::vector<CaseSchemaStep> steps(caseSchemaSteps().begin(), caseSchemaSteps().end());
        steps.push_back({u"ALTER TABLE verdicts ADD COLUMN extra TEXT"_s, u"CREATE TABLE more(x)"_s,
                         u"UPDATE about SET value = 'moved' WHERE key = 'id'"_s});
        CaseFileOptions later;
        later.steps = steps;
        const auto read = readCaseFile(m_file, later);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        QCOMPARE(read->content.id, "moved");
        QCOMPARE(caseHeader(m_file).version, caseSchemaVersion()); // reading leaves it as it is
        runSql(m_file, {u"DROP TABLE verdicts"_s});
        QVERIFY(!readCaseFile(m_file, later).has_value()); // not what that version defines
    }

    void newerVersionsAreReadButNotWritten()
    {
        QVERIFY(createCaseFile(m_file, sample(m_folder->path())).has_value());
        runSql(m_file, {u"CREATE TABLE future(x)"_s, u"PRAGMA user_version = 99"_s});
        const auto read = readCaseFile(m_file);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().toString()));
        QVERIFY(read->isNewer);
        QCOMPARE(read->content.annotations.size(), 4);
        const auto written = updateCaseFile(m_file, sample(m_folder->path()));
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().code, Code::Unsupported);
    }

    void strangersFilesAreRefused_data()
    {
        QTest::addColumn<QStringList>("statements");
        QTest::newRow("trigger") << QStringList{
            u"CREATE TRIGGER t AFTER INSERT ON about BEGIN DELETE FROM sources; END"_s};
        QTest::newRow("view") << QStringList{
            u"DROP TABLE verdicts"_s,
            u"CREATE VIEW verdicts AS SELECT 0 failure, 'x' cause, 'x' title, 'x' status, 1.0 confidence"_s};
        QTest::newRow("view in a newer one")
            << QStringList{u"CREATE VIEW v AS SELECT 1"_s, u"PRAGMA user_version = 99"_s};
        QTest::newRow("generated column in a newer one")
            << QStringList{u"CREATE TABLE g(a, b TEXT AS (hex(zeroblob(1000000))))"_s, u"PRAGMA user_version = 99"_s};
        QTest::newRow("virtual table in a newer one")
            << QStringList{u"CREATE VIRTUAL TABLE f USING fts5(x)"_s, u"PRAGMA user_version = 99"_s};
        QTest::newRow("index on an expression") << QStringList{u"CREATE INDEX i ON about(hex(value))"_s};
        QTest::newRow("another table") << QStringList{u"CREATE TABLE loot(x)"_s};
        QTest::newRow("another column") << QStringList{u"ALTER TABLE verdicts ADD COLUMN x"_s};
        QTest::newRow("missing table") << QStringList{u"DROP TABLE verdicts"_s};
        QTest::newRow("no version") << QStringList{u"PRAGMA user_version = 0"_s};
        QTest::newRow("negative version") << QStringList{u"PRAGMA user_version = -5"_s};
        QTest::newRow("another application") << QStringList{u"PRAGMA application_id = 1"_s};
        QTest::newRow("write-ahead log") << QStringList{u"PRAGMA journal_mode = WAL"_s};
        QTest::newRow("path upwards") << QStringList{u"UPDATE sources SET path = '../../etc/passwd'"_s};
        QTest::newRow("path from the root") << QStringList{u"UPDATE sources SET path = '/etc/passwd'"_s};
        QTest::newRow("path with NUL") << QStringList{u"UPDATE sources SET path = 'a' || char(0) || 'b'"_s};
        QTest::newRow("hash of another length") << QStringList{u"UPDATE sources SET sha256 = x'00'"_s};
        QTest::newRow("negative size") << QStringList{u"UPDATE sources SET size = -1"_s};
        QTest::newRow("source that is not there") << QStringList{u"UPDATE annotations SET file = 7"_s};
        QTest::newRow("unknown target") << QStringList{u"UPDATE annotations SET target = 'script'"_s};
        QTest::newRow("endless text") << QStringList{u"UPDATE annotations SET text = hex(zeroblob(40000))"_s};
        QTest::newRow("endless blob") << QStringList{u"UPDATE about SET value = zeroblob(70000000) WHERE key = 'id'"_s};
        QTest::newRow("too many rows") << QStringList{
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) "
            "INSERT INTO verdicts SELECT 0, 'c', 't', 's', 1 FROM n"_s};
        QTest::newRow("two views") << QStringList{u"INSERT INTO view SELECT * FROM view"_s};
    }
    void strangersFilesAreRefused()
    {
        QFETCH(QStringList, statements);
        QVERIFY(createCaseFile(m_file, sample(m_folder->path())).has_value());
        QVERIFY(readCaseFile(m_file).has_value());
        runSql(m_file, statements);
        const auto read = readCaseFile(m_file);
        QVERIFY(!read.has_value());
        QVERIFY(!read.error().message.isEmpty());
    }

    void bytesThatSwellAreRefused_data()
    {
        QTest::addColumn<QByteArray>("chunk");
        QTest::newRow("far too large") << qCompress(QByteArray(40'000'000, 'x'));
        QTest::newRow("no zlib") << QByteArray("\0\0\0\4nonsense", 12);
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("other bytes") << qCompress(QByteArray(64 * 1024, 'y'));
    }
    void bytesThatSwellAreRefused()
    {
        QFETCH(QByteArray, chunk);
        QVERIFY(createCaseFile(m_file, sample(m_folder->path())).has_value());
        {
            SqliteConnection connection;
            QVERIFY(connection.open(m_file).has_value());
            QSqlQuery query(connection.database());
            query.prepare(u"UPDATE chunks SET bytes = ? WHERE number = 0"_s);
            query.addBindValue(chunk.isNull() ? QByteArray("") : chunk);
            QVERIFY(query.exec());
        }
        auto read = readCaseFile(m_file);
        QVERIFY(read.has_value());
        QTemporaryDir folder;
        QVERIFY(!unpackCaseFile(m_file, read->content, folder.path()).has_value());
    }

    void cutAndFlippedFilesNeitherCrashNorHang()
    {
        QVERIFY(createCaseFile(m_file, sample(m_folder->path())).has_value());
        QFile original(m_file);
        QVERIFY(original.open(QIODevice::ReadOnly));
        const QByteArray bytes = original.readAll();
        QRandomGenerator random(20261126);
        const QString file = m_folder->filePath(u"b.faultline"_s);
        int refused = 0;
        for (int i = 0; i < 300; ++i) {
            QByteArray damaged = bytes;
            if (i % 3 == 0)
                damaged.truncate(random.bounded(damaged.size()));
            for (int flips = i % 3 * 8; flips > 0; --flips)
                damaged[random.bounded(damaged.size())] = static_cast<char>(random.bounded(256));
            QFile written(file);
            QVERIFY(written.open(QIODevice::WriteOnly) && written.write(damaged) == damaged.size());
            written.close();
            auto read = readCaseFile(file);
            QTemporaryDir folder;
            if (!read || !unpackCaseFile(file, read->content, folder.path()))
                ++refused;
        }
        QVERIFY2(refused > 100, qPrintable(QString::number(refused)));
    }

    void killedWhileSavingHoldsTheStateBeforeOrAfter()
    {
        constexpr int Kills = 200;
        QVERIFY(createCaseFile(m_file, numbered(1, m_folder->path())).has_value());
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QString::fromLatin1(ChildFile), m_file);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(updateCaseFile(m_file, numbered(2, m_folder->path())).has_value());
        const qint64 saveNs = timer.nsecsElapsed();
        QRandomGenerator random(7);
        int unfinished = 0;
        int advanced = 0;
        int last = 2;
        for (int i = 0; i < Kills; ++i) {
            QProcess child;
            child.setProcessEnvironment(environment);
            child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            child.start(QCoreApplication::applicationFilePath(), {u"tst_casefile"_s, u"-silent"_s, u"childSaves"_s});
            QVERIFY(child.waitForStarted());
            while (child.state() == QProcess::Running && !child.peek(4096).contains("saving"))
                QVERIFY(child.waitForReadyRead(20'000));
            std::this_thread::sleep_for(std::chrono::nanoseconds(random.bounded(2 * saveNs)));
            ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
            QVERIFY(child.waitForFinished());
            int done = last; // the last save that the child knew to be complete
            for (const QByteArray &line : child.readAllStandardOutput().split('\n'))
                if (line.startsWith("saved "))
                    done = line.mid(6).toInt();
            unfinished += QFileInfo(m_file + u"-journal"_s).size() > 0;
            const int number = numberIn(m_file, m_folder->path());
            QVERIFY2(number == done || number == done + 1,
                     qPrintable(u"kill %1: %2 after %3"_s.arg(i).arg(number).arg(done)));
            advanced += number > last;
            last = number;
        }
        qInfo("%d of %d kills left a journal, %d saw progress", unfinished, Kills, advanced);
        QVERIFY(unfinished >= Kills / 20 && advanced >= Kills / 20); // else nothing was shown
    }

    /// Not a test of its own: the child of the one above.
    void childSaves()
    {
        const QString file = qEnvironmentVariable(ChildFile);
        if (file.isEmpty())
            return;
        const QString folder = QFileInfo(file).path();
        const auto say = [](const char *what, int number) {
            std::printf("%s %d\n", what, number);
            std::fflush(stdout);
        };
        for (int number = numberIn(file, folder) + 1; number < 1'000'000; ++number) {
            const CaseContent content = numbered(number, folder);
            say("saving", number);
            if (!updateCaseFile(file, content))
                return;
            say("saved", number);
        }
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

FAULTLINE_TEST(CaseFileTest)
#include "tst_casefile.moc"
