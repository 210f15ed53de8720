// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/casedatabase.h"
#include "tests/models/store/handmadecase.h"
#include "tests/support/test.h"

#include <QSqlDatabase>

#include <thread>

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;

namespace {

/// The rows as text: columns by '|', rows by LF; times as seconds after Epoch are the caller's care.
QString dump(const Rows &rows)
{
    QStringList lines;
    for (const auto &row : rows.rows) {
        QStringList cells;
        for (const QVariant &value : row)
            cells << (value.isValid() ? value.toString() : u"NULL"_s);
        lines << cells.join(u'|');
    }
    return lines.join(u'\n');
}

QString ask(const Analysis &analysis, const QString &sql, const std::map<QString, QVariant> &bindings = {})
{
    const auto database = CaseDatabase::open(analysis);
    if (!database)
        return u"open: "_s + database.error().toString();
    const Result<Rows> rows = (*database)->query(sql, bindings);
    return rows ? dump(*rows) : u"error: "_s + rows.error().message;
}

} // namespace

class TestCaseDatabase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatTablesHold_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("rows");
        const auto ns = [](double seconds) { return QString::number(at(seconds).ns); };
        QTest::newRow("sources")
            << u"SELECT id, kind, format, lines, basis, offset_ns, offset_how, host, pid, job FROM sources"_s
            << u"0|ci-log|plain|10|utc|0|stated|NULL|NULL|build\n1|kernel-log|plain|1|utc|0|stated|h1|NULL|NULL\n2|metrics||0|utc|0|stated|NULL|NULL|NULL"_s;
        QTest::newRow("segments")
            << u"SELECT source, \"from\", \"to\", offset_ns, drift, error_ns FROM segments WHERE source = 1"_s
            << u"1|NULL|NULL|0|0|1000000"_s;
        QTest::newRow("anchors") << u"SELECT source, line, time, other_source, what, taken FROM anchors"_s
                                 << u"1|1|%1|0|pid 12 killed|1"_s.arg(ns(5));
        QTest::newRow("coverage") << u"SELECT subject, \"from\", \"to\", how FROM coverage WHERE source = 1"_s
                                  << u"|%1|%2|stated"_s.arg(ns(-100), ns(60));
        QTest::newRow("coverage of samples") << u"SELECT \"from\", \"to\", how FROM coverage WHERE source = 2"_s
                                             << u"%1|%2|derived"_s.arg(ns(0), ns(20));
        QTest::newRow("lines") << u"SELECT source, line, time, level, text FROM lines WHERE line = 4"_s
                               << u"0|4|%1|error|error at 3"_s.arg(ns(3));
        QTest::newRow("events")
            << u"SELECT id, source, line, last_line, time, time_lo, time_hi, signature, role, level, text, fields, pid, job, identity FROM events WHERE source = 0"_s
            << u"0|0|4|4|%1|%2|%3|go.fail|symptom|error|--- FAIL: "
               u"TestX|{\"test\":\"TestX\"}|NULL|build|{\"job\":\"build\"}\n"
               "1|0|5|6|NULL|NULL|NULL|shell.killed|symptom|error|12 Killed|{\"pid\":\"12\"}|12|build|{\"job\":\"build\",\"pid\":12}"_s
                   .arg(ns(3))
                   .arg(at(3).ns - NsPerMillisecond)
                   .arg(at(3).ns + NsPerMillisecond);
        QTest::newRow("fields") << u"SELECT fields ->> 'pid' FROM events WHERE signature = 'kernel.oom_kill'"_s
                                << u"12"_s;
        QTest::newRow("kills") << u"SELECT source, line, pid, whose FROM oom_kills"_s << u"1|1|12|NULL"_s;
        QTest::newRow("spans")
            << u"SELECT id, parent, kind, name, start, \"end\", outcome, line, last_line FROM spans"_s
            << u"0|NULL|job|build|%1|%2|failed|1|10\n1|0|step|test|%3|NULL|unknown|2|10"_s.arg(ns(0), ns(9), ns(1));
        QTest::newRow("facts") << u"SELECT source, line, time, subject, key, value, host FROM facts"_s
                               << u"1|1|%1|container/api|lastState.reason|OOMKilled|h1"_s.arg(ns(5));
        QTest::newRow("series")
            << u"SELECT id, source, name, labels, kind, unit, first, last, step_ns, limit_series, pod, container FROM series WHERE id = 0"_s
            << u"0|2|container_memory_working_set_bytes|{\"container\":\"c\",\"pod\":\"api\"}|gauge|bytes|%1|%2|1000000000|1|api|c"_s
                   .arg(ns(0), ns(19));
        QTest::newRow("samples") << u"SELECT series, time, value FROM samples WHERE series = 0 LIMIT 2 OFFSET 6"_s
                                 << u"0|%1|9\n0|%2|NULL"_s.arg(ns(6), ns(7));
        QTest::newRow("profiles") << u"SELECT id, source, type, unit, time, duration FROM profiles"_s
                                  << u"0|2|cpu|nanoseconds|%1|3000000000"_s.arg(ns(2));
        QTest::newRow("frames") << u"SELECT profile, function, file, line, flat, cum, count FROM frames"_s
                                << u"0|main.f|f.go|12|1.5|2.5|3"_s;
        QTest::newRow("threads") << u"SELECT id, source, state, wait_ns, count, stack FROM threads"_s
                                 << u"17|0|chan receive|540000000000|2|main.f\nmain.g"_s;
        QTest::newRow("failures")
            << u"SELECT id, source, line, time, time_lo, time_hi, exit_code, signal, what, job, step, test, follows FROM failures"_s
            << u"0|0|5|%1|%2|%3|137|SIGKILL|step 'test' was killed|build|test|NULL|NULL"_s.arg(ns(4), ns(3.5), ns(4.5));
        QTest::newRow("spikes")
            << u"SELECT series, kind, failure, start, peak, \"end\", value, baseline, score FROM spikes"_s
            << u"0|saturation|0|%1|%2|%3|99|1|31"_s.arg(ns(3), ns(4), ns(5));
        QTest::newRow("changes") << u"SELECT failure, rank, series, score FROM changes"_s << u"0|1|0|31"_s;
        QTest::newRow("notes") << u"SELECT source, line, column, severity, code, text, count FROM notes"_s
                               << u"0|7|1|warning|bad-timestamp|No time|3"_s;
        QTest::newRow("annotations") << u"SELECT * FROM annotations"_s << QString();
        QTest::newRow("answers") << u"SELECT * FROM answers"_s << QString();
        QTest::newRow("verdicts") << u"SELECT cause, status, confidence, failure, path FROM verdicts"_s
                                  << u"mem.oom.cgroup|confirmed|0.97|0|[\"killed\",\"kernel=yes\"]"_s;
        QTest::newRow("join")
            << u"SELECT e.line, f.id FROM failures f JOIN events e ON e.source = f.source AND e.line = f.line"_s
            << u"5|0"_s;
    }
    void tellsWhatTablesHold()
    {
        QFETCH(QString, sql);
        QFETCH(QString, rows);
        QCOMPARE(ask(withVerdict(handmadeCase()), sql), rows);
    }

    void hasNoVerdictsWhilePlaybooksRun()
    {
        QCOMPARE(ask(handmadeCase(), u"SELECT * FROM verdicts"_s), u"error: no such table: verdicts"_s);
    }

    void givesNullForTimesOfUnplacedSources()
    {
        const Analysis analysis = handmadeCase(10, false);
        QCOMPARE(
            ask(analysis, u"SELECT time, time_lo, overlaps(time_lo, time_hi, 0, 1) FROM events WHERE source = 1"_s),
            u"NULL|NULL|NULL"_s);
        QCOMPARE(ask(analysis, u"SELECT time, text FROM lines WHERE source = 1"_s),
                 u"NULL|Killed process 12 (x.test)"_s);
        QCOMPARE(ask(analysis, u"SELECT count(*) FROM lines WHERE source = 1 AND time > 0"_s), u"0"_s);
        QCOMPARE(ask(analysis, u"SELECT offset_ns, offset_how FROM sources WHERE id = 1"_s), u"NULL|NULL"_s);
    }

    /// Each condition handed down must give what SQLite finds by looking at every row (nothing is handed down into a subquery with LIMIT).
    void narrowsToTheSameRows_data()
    {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("where");
        const QString low = QString::number(at(2500).ns);
        const QString high = QString::number(at(2600).ns);
        for (const QString &where : {u"source = 0"_s,
                                     u"source = 1"_s,
                                     u"source = 7"_s,
                                     u"source = '0'"_s,
                                     u"source = 0.5"_s,
                                     u"source = NULL"_s,
                                     u"line = 4000"_s,
                                     u"line < 5"_s,
                                     u"line > 5995"_s,
                                     u"line <= 5.5"_s,
                                     u"line BETWEEN 100 AND 110"_s,
                                     u"line = -1"_s,
                                     u"line > 1e300"_s,
                                     u"line < -9223372036854775808"_s,
                                     u"source = 0 AND line >= 5990 AND line < 5995"_s,
                                     u"time >= %1 AND time < %2"_s.arg(low, high),
                                     u"time BETWEEN %1 AND %2"_s.arg(low, high),
                                     u"time = %1"_s.arg(low),
                                     u"time > %1 AND time < %1"_s.arg(low),
                                     u"time < 0"_s,
                                     u"time > %1.5"_s.arg(low),
                                     u"time > 'x'"_s,
                                     u"text LIKE '%37%'"_s,
                                     u"text LIKE 'STEP 3_' AND source = 0"_s,
                                     u"text NOT LIKE '%3%'"_s,
                                     u"text LIKE '%line%' ESCAPE 'x'"_s,
                                     u"text LIKE '%größe%'"_s,
                                     u"text LIKE NULL"_s,
                                     u"text LIKE 5"_s,
                                     u"text GLOB '*3[7-9]'"_s,
                                     u"text GLOB '*step ?7'"_s,
                                     u"text GLOB '*[^]1]7*' AND line > 5000"_s,
                                     u"text REGEXP '7{2}$' AND line BETWEEN 10 AND 5800"_s,
                                     u"(text REGEXP '(?<=3)7' OR line = 4) ORDER BY source, line"_s,
                                     u"text REGEXP '^step' AND text LIKE '%99'"_s,
                                     u"text = 'step 77'"_s,
                                     u"text > 'step'"_s})
            QTest::newRow(qPrintable(u"lines "_s + where)) << u"lines"_s << where;
        for (const QString &where :
             {u"series = 0"_s, u"series = 1 AND time > %1"_s.arg(at(5).ns),
              u"time >= %1 AND time <= %2"_s.arg(at(5).ns).arg(at(6).ns), u"series = -1"_s, u"series = 2"_s,
              u"time = %1"_s.arg(at(7).ns), u"time > %1 AND series = 0"_s.arg(at(18.5).ns)})
            QTest::newRow(qPrintable(u"samples "_s + where)) << u"samples"_s << where;
        for (const QString &where :
             {u"signature = 'go.fail'"_s, u"signature = 'none'"_s, u"source = 1"_s,
              u"source = 0 AND signature = 'shell.killed'"_s, u"signature = 'GO.FAIL' COLLATE NOCASE"_s,
              u"signature = NULL"_s, u"signature = 3"_s, u"source IN (0, 1)"_s,
              u"signature IN ('go.fail', 'kernel.oom_kill')"_s, u"signature = x'676f2e6661696c'"_s})
            QTest::newRow(qPrintable(u"events "_s + where)) << u"events"_s << where;
        QTest::newRow("series") << u"series"_s << u"name = 'container_spec_memory_limit_bytes'"_s;
        QTest::newRow("facts") << u"facts"_s << u"key = 'lastState.reason' AND subject = 'container/api'"_s;
    }
    void narrowsToTheSameRows()
    {
        QFETCH(QString, table);
        QFETCH(QString, where);
        static const Analysis Case = handmadeCase(6000);
        const QString narrowed = ask(Case, u"SELECT * FROM %1 WHERE %2"_s.arg(table, where));
        QVERIFY2(!narrowed.startsWith(u"error"_s), qPrintable(narrowed));
        QCOMPARE(narrowed, ask(Case, u"SELECT * FROM (SELECT * FROM %1 LIMIT -1) WHERE %2"_s.arg(table, where)));
    }

    void conditionsOnTextSpareDecoding()
    {
        class Counting final : public LineDecoder
        {
        public:
            DecodedLine decode(std::string_view line, qint64) const override
            {
                ++m_count;
                DecodedLine decoded;
                decoded.payload = line;
                return decoded;
            }
            bool hasStamps() const override { return false; }
            mutable std::atomic<int> m_count = 0;
        };
        QByteArray text;
        for (int i = 0; i < 50'000; ++i)
            text += "line " + QByteArray::number(i) + '\n';
        Analysis analysis = handmadeCase();
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        auto source = std::make_shared<SourceEvidence>(*textSource(u"long"_s, SourceKind::CiLog, text));
        auto decoder = std::make_shared<Counting>();
        source->decoder = decoder;
        evidence->sources[0] = source;
        analysis.evidence = evidence;
        for (const char *where : {"text LIKE '%LINE 40%77'", "text GLOB '*line 40?77'", "text REGEXP '40[0-9]77$'",
                                  "text = 'line 40177'"}) {
            decoder->m_count = 0;
            const QString count =
                ask(analysis, u"SELECT count(*) FROM lines WHERE source = 0 AND %1"_s.arg(QString::fromUtf8(where)));
            QVERIFY2(count.toInt() > 0, where);
            QVERIFY2(decoder->m_count < 5000 && decoder->m_count > 0, where);
        }
        // A join asks again and again; the lines are searched once.
        QCOMPARE(ask(analysis,
                     u"SELECT count(*) FROM lines a JOIN lines b ON b.line > a.line - 2 AND b.line < a.line + "
                     "5000 WHERE a.source = 0 AND b.source = 0 AND a.line < 20 AND b.text LIKE '%line 40%'"_s),
                 u"2109"_s); // 1, 10 and 100 lines in reach of each of 19
    }

    void conditionsOnTimeSpareReading()
    {
        class Counting final : public ByteSource
        {
        public:
            explicit Counting(const QByteArray &bytes)
                : m_bytes(memorySource(u"long"_s, bytes))
            {
            }
            QString name() const override { return m_bytes->name(); }
            qint64 size() const override { return m_bytes->size(); }
            std::optional<TimeNs> modified() const override { return {}; }
            Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
            {
                auto got = m_bytes->read(byteOffset, into);
                m_count += got.value_or(0);
                return got;
            }
            mutable std::atomic<qint64> m_count = 0;

        private:
            std::shared_ptr<const ByteSource> m_bytes;
        };
        QByteArray text;
        for (int i = 0; i < 200'000; ++i)
            text += QByteArray::number(i) + " a line of some length, so that there are many blocks of them\n";
        Analysis analysis = handmadeCase();
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        auto source = std::make_shared<SourceEvidence>(*textSource(u"long"_s, SourceKind::CiLog, text));
        std::vector<TextBlock> blocks{{0, 1}};
        for (qint64 line = 1, at = text.indexOf('\n') + 1; at > 0 && at < text.size();
             at = text.indexOf('\n', at) + 1) {
            ++line;
            if (at - blocks.back().byteOffset >= TextStore::BlockBytes)
                blocks.push_back({at, line});
        }
        const auto bytes = std::make_shared<Counting>(text);
        source->text = std::make_shared<TextStore>(bytes, blocks, source->lineCount());
        evidence->sources[0] = source;
        analysis.evidence = evidence;
        const QString within = u"time BETWEEN %1 AND %2"_s.arg(at(150'000).ns).arg(at(151'999).ns);
        for (const QString &where : {within, QString(within + u" AND text LIKE '%of some length%'"_s)}) {
            bytes->m_count = 0;
            QCOMPARE(ask(analysis, u"SELECT count(*) FROM lines WHERE source = 0 AND "_s + where), u"2000"_s);
            QVERIFY2(bytes->m_count < text.size() / 4, qPrintable(QString::number(bytes->m_count)));
        }
    }

    void readsAllLinesWhereTimesJump()
    {
        Analysis analysis = handmadeCase();
        QByteArray text;
        for (int i = 0; i < 6000; ++i)
            text += QByteArray::number(i % 3000) + " x\n";
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        evidence->sources[0] = textSource(u"two jobs"_s, SourceKind::CiLog, text);
        analysis.evidence = evidence;
        QCOMPARE(ask(analysis, u"SELECT count(*) FROM lines WHERE time = %1"_s.arg(at(10).ns)), u"2"_s);
    }

    void comparesWithItsFunctions_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("value");
        QTest::newRow("regexp") << u"'signal: killed' REGEXP '^signal: (killed|terminated)$'"_s << u"1"_s;
        QTest::newRow("regexp not") << u"'ok' REGEXP 'killed'"_s << u"0"_s;
        QTest::newRow("regexp NULL") << u"NULL REGEXP 'killed'"_s << u"NULL"_s;
        QTest::newRow("regexp unicode") << u"'naïve' REGEXP '^na.ve$'"_s << u"1"_s;
        QTest::newRow("overlap") << u"overlaps(1, 5, 5, 9)"_s << u"1"_s;
        QTest::newRow("no overlap") << u"overlaps(1, 4, 5, 9)"_s << u"0"_s;
        QTest::newRow("overlap NULL") << u"overlaps(NULL, 4, 5, 9)"_s << u"NULL"_s;
        QTest::newRow("overlap real") << u"overlaps(1, 5.5, 5.4, 9)"_s << u"1"_s;
        QTest::newRow("near") << u"near(10, 12, 2)"_s << u"1"_s;
        QTest::newRow("not near") << u"near(10, 13, 2)"_s << u"0"_s;
        QTest::newRow("near at the ends")
            << u"near(9223372036854775807, -9223372036854775807, 9223372036854775807)"_s << u"0"_s;
        QTest::newRow("near NULL") << u"near(10, NULL, 2)"_s << u"NULL"_s;
    }
    void comparesWithItsFunctions()
    {
        QFETCH(QString, expression);
        QFETCH(QString, value);
        QCOMPARE(ask(handmadeCase(), u"SELECT "_s + expression), value);
    }

    void tellsWhatIsWrongWithAPattern()
    {
        QVERIFY(ask(handmadeCase(), u"SELECT 'a' REGEXP '('"_s).contains(u"missing closing parenthesis"_s));
        QVERIFY(ask(handmadeCase(), u"SELECT printf('%.*c', 60, 'a') || 'b' REGEXP '^(a+)+(a+)+(a+)+$'"_s)
                    .contains(u"match limit"_s));
    }

    void refusesHarm_data()
    {
        QTest::addColumn<QString>("sql");
        for (const char *sql : {"ATTACH 'x.db' AS x",
                                "DETACH main",
                                "PRAGMA table_list",
                                "SELECT * FROM pragma_table_list",
                                "SELECT count(*) FROM pragma_table_list",
                                "SELECT load_extension('x')",
                                "SELECT readfile('/etc/passwd')",
                                "SELECT writefile('x', 'y')",
                                "SELECT fts3_tokenizer('simple')",
                                "SELECT randomblob(1000000000)",
                                "SELECT zeroblob(1000000000)",
                                "CREATE TABLE t(a)",
                                "CREATE TEMP TABLE t(a)",
                                "CREATE VIRTUAL TABLE t USING events",
                                "CREATE VIRTUAL TABLE t USING fts5(a)",
                                "CREATE VIEW v AS SELECT 1",
                                "CREATE TRIGGER t AFTER INSERT ON lines BEGIN SELECT 1; END",
                                "INSERT INTO lines VALUES (1, 2, 3, 4, 5)",
                                "UPDATE events SET text = ''",
                                "DELETE FROM events",
                                "DROP TABLE events",
                                "BEGIN",
                                "COMMIT",
                                "SAVEPOINT a",
                                "VACUUM",
                                "VACUUM INTO '/tmp/x'",
                                "REINDEX",
                                "ANALYZE",
                                "SELECT * FROM sqlite_schema",
                                "SELECT * FROM sqlite_master",
                                "SELECT * FROM sqlite_temp_schema",
                                "SELECT name FROM sqlite_dbpage",
                                "SELECT 1; SELECT 2",
                                "SELECT 1; DROP TABLE events",
                                "",
                                "-- nothing",
                                "SELEC 1",
                                "SELECT \"no such column\""})
            QTest::newRow(sql) << QString::fromLatin1(sql);
    }
    void refusesHarm()
    {
        QFETCH(QString, sql);
        const auto database = CaseDatabase::open(handmadeCase());
        QVERIFY(database);
        const Result<Rows> rows = (*database)->query(sql);
        QVERIFY(!rows);
        QVERIFY(!rows.error().message.isEmpty());
        const Result<Rows> after = (*database)->query(u"SELECT count(*) FROM events"_s);
        QVERIFY(after);
        QCOMPARE(dump(*after), u"3"_s);
    }

    void takesOneStatementWithTrailingBlanks()
    {
        QCOMPARE(ask(handmadeCase(), u"SELECT 1 ; -- done\n"_s), u"1"_s);
        QCOMPARE(
            ask(handmadeCase(),
                u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT count(*) FROM n"_s),
            u"3"_s);
        QCOMPARE(ask(handmadeCase(), u"SELECT value FROM json_each('[4]')"_s), u"4"_s);
    }

    void bindsByName()
    {
        QCOMPARE(ask(handmadeCase(), u"SELECT :failure, :text, :nothing"_s,
                     {{u"failure"_s, 7}, {u"text"_s, u"it's"_s}, {u"nothing"_s, QVariant()}, {u"unused"_s, 1}}),
                 u"7|it's|NULL"_s);
        QCOMPARE(ask(handmadeCase(), u"SELECT :from"_s), u"error: No value for the parameter :from"_s);
        QCOMPARE(ask(handmadeCase(), u"SELECT ?"_s), u"error: No value for the parameter ?"_s);
    }

    void checksWithoutRunning()
    {
        const auto database = CaseDatabase::open(handmadeCase());
        QVERIFY(database);
        QVERIFY((*database)->check(u"SELECT source, line FROM failures WHERE id = :failure"_s));
        const Result<void> wrong = (*database)->check(u"SELECT source,\n  lin FROM failures"_s);
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().message, u"no such column: lin"_s);
        QCOMPARE(wrong.error().position.line, 2);
        QCOMPARE(wrong.error().position.column, 3);
    }

    void capsRows()
    {
        QueryLimits limits;
        limits.mostRows = 3;
        const auto database = CaseDatabase::open(handmadeCase(), limits);
        QVERIFY(database);
        const Result<Rows> rows = (*database)->query(u"SELECT line FROM lines"_s);
        QVERIFY(rows);
        QCOMPARE(rows->rows.size(), size_t(3));
        QVERIFY(rows->truncated);
        QVERIFY(!(*database)->query(u"SELECT line FROM lines LIMIT 3"_s)->truncated);
        QCOMPARE(rows->value(1, u"line"), QVariant(2));
        QVERIFY(!rows->value(1, u"none").isValid());
    }

    void stopsWhatRunsTooLong()
    {
        QueryLimits limits;
        limits.mostTime = 50 * NsPerMillisecond;
        const auto database = CaseDatabase::open(handmadeCase(), limits);
        QVERIFY(database);
        const QString endless =
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"_s;
        const Result<Rows> rows = (*database)->query(endless);
        QVERIFY(!rows);
        QCOMPARE(rows.error().code, Code::LimitReached);
        QVERIFY((*database)->query(u"SELECT 1"_s));
    }

    void stopsWhenCancelled()
    {
        QueryLimits limits;
        const auto database = CaseDatabase::open(handmadeCase(), limits);
        QVERIFY(database);
        std::jthread canceller([token = limits.cancel] { token.cancel(); });
        const Result<Rows> rows = (*database)->query(
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"_s);
        QVERIFY(!rows);
        QCOMPARE(rows.error().code, Code::Cancelled);
    }

    void leavesNoConnectionBehind()
    {
        const qsizetype before = QSqlDatabase::connectionNames().size();
        {
            const auto one = CaseDatabase::open(handmadeCase());
            const auto other = CaseDatabase::open(withVerdict(handmadeCase()));
            QVERIFY(one && other);
            QVERIFY((*one)->query(u"SELECT * FROM lines a JOIN lines b ON a.line = b.line + 1"_s));
            QVERIFY((*other)->query(u"SELECT * FROM verdicts"_s));
            QCOMPARE(QSqlDatabase::connectionNames().size(), before + 2);
        }
        QCOMPARE(QSqlDatabase::connectionNames().size(), before);
    }

    void refusesAnotherThread()
    {
        const auto database = CaseDatabase::open(handmadeCase());
        QVERIFY(database);
        bool refused = false;
        std::jthread([&] { refused = !(*database)->query(u"SELECT 1"_s); }).join();
        QVERIFY(refused);
    }

    void standsHostileText()
    {
        Analysis analysis = handmadeCase();
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        evidence->sources[0] = textSource(u"hostile"_s, SourceKind::CiLog,
                                          QByteArray("1 a\0b\n2 \xff\xfe\n\n3 'x'; DROP TABLE events\n", 36));
        analysis.evidence = evidence;
        QCOMPARE(ask(analysis, u"SELECT count(*), sum(text REGEXP '.') FROM lines WHERE source = 0"_s), u"4|2"_s);
    }
};

FAULTLINE_TEST(TestCaseDatabase)
#include "tst_casedatabase.moc"
