// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringDecoder>

#include <map>

using namespace faultline;
using namespace Qt::StringLiterals;

/// Kernel logs, journals and damaged files of others: what their manifest states of them against what is read.
class TestCorpusKernel : public QObject
{
    Q_OBJECT

private:
    struct Tally {
        int asked = 0;
        int met = 0;
        QStringList missed;
    };
    std::map<QString, Tally> m_tallies;
    QString m_file;

    /// One fact of one file.
    void expect(const QString &kind, bool met, const QString &details = {})
    {
        Tally &tally = m_tallies[kind];
        ++tally.asked;
        if (met)
            ++tally.met;
        else
            tally.missed << m_file + u": "_s + details;
    }

    static std::shared_ptr<const SourceEvidence> read(const QString &path)
    {
        const Result<Evidence> evidence = importPaths({path}, test::importTools(), {});
        return evidence ? evidence->sources.front() : nullptr;
    }

    /// Text of the file as the engine counts its lines.
    static QByteArray lineText(const SourceEvidence &source, qint64 line) { return source.text->line(line).bytes; }

    struct Covered {
        int lines = 0;   ///< That have the text.
        int covered = 0; ///< Of those: in the block of an event of the kernel.
    };
    static Covered coverage(const SourceEvidence &source, const QRegularExpression &text)
    {
        Covered result;
        for (qint64 line = 1; line <= source.lineCount(); ++line) {
            if (!text.match(QString::fromLatin1(lineText(source, line))).hasMatch())
                continue;
            ++result.lines;
            result.covered += std::ranges::any_of(source.events, [line](const Event &event) {
                // A rule stands one or two lines above the report's own first line.
                return event.signature.startsWith("kernel.") && event.line <= line + 2 && line <= event.lastLine;
            });
        }
        return result;
    }

    static qint64 countEvents(const SourceEvidence &source, QByteArrayView signature)
    {
        return std::ranges::count_if(source.events, [&](const Event &event) { return event.signature == signature; });
    }

    static QStringConverter::Encoding encodingOf(const QJsonObject &facts)
    {
        return facts[u"encoding"_s].toString().contains(u"le"_s) ? QStringConverter::Utf16LE
                                                                 : QStringConverter::Utf16BE;
    }

    void checkText(const SourceEvidence &source, const QJsonObject &facts)
    {
        const bool wide = facts[u"encoding"_s].toString().startsWith(u"utf-16"_s);
        if (facts.contains(u"n_lines"_s) && source.text && !wide)
            expect(u"lines"_s, source.lineCount() == facts[u"n_lines"_s].toInteger(),
                   u"%1 for %2"_s.arg(source.lineCount()).arg(facts[u"n_lines"_s].toInteger()));
        // The manifest counts bytes 0x0A, which in UTF-16 are halves of other characters too: here the LFs of the text count.
        if (source.text && wide) {
            QStringDecoder decoder(encodingOf(facts));
            const QString text = decoder.decode(test::fileBytes(source.path));
            expect(u"lines"_s, source.lineCount() == text.count(u'\n') + (text.endsWith(u'\n') ? 0 : 1));
        }
        const auto noted = [&source](const QString &start) {
            return std::ranges::any_of(source.notes, [&start](const Note &note) {
                return note.code == Code::BadEncoding && note.text.startsWith(start);
            });
        };
        if (!source.text)
            return;
        const QString encoding = facts[u"encoding"_s].toString();
        expect(u"encoding"_s,
               wide ? noted(u"Converted from UTF-16"_s + (encoding.contains(u"le"_s) ? u"LE"_s : u"BE"_s))
                    : noted(u"Bytes that are not UTF-8"_s) == (encoding == u"not-utf-8"_s),
               encoding);
        if (!wide)
            expect(u"NUL"_s, noted(u"NUL bytes"_s) == (facts[u"n_nul"_s].toInteger() > 0));
    }

    void checkOom(const SourceEvidence &source, const QJsonObject &facts)
    {
        if (facts.contains(u"oom_invocations"_s))
            expect(u"oom_invocations"_s,
                   countEvents(source, "kernel.oom_invoked") == facts[u"oom_invocations"_s].toInteger());
        for (const QJsonValue &killed : facts[u"oom_killed"_s].toArray()) {
            const QByteArray subject = "oom/" + QByteArray::number(killed[u"pid"_s].toInteger());
            expect(u"oom_killed"_s, test::factValue(source, subject, "victim") == killed[u"comm"_s].toString().toUtf8(),
                   QString::fromUtf8(subject));
        }
        for (const QJsonValue &constraint : facts[u"oom_constraint"_s].toArray())
            expect(u"oom_constraint"_s, std::ranges::any_of(source.facts, [&](const Fact &fact) {
                       return fact.key == "constraint" && fact.value == constraint.toString().toUtf8();
                   }));
        const QString scope = facts[u"oom_scope"_s].toString();
        if (scope == u"global"_s || scope == u"cgroup"_s)
            expect(u"oom_scope"_s, std::ranges::all_of(source.facts, [&](const Fact &fact) {
                       return fact.key != "constraint" || (fact.value == "CONSTRAINT_MEMCG") == (scope == u"cgroup"_s);
                   }));
    }

    void checkReports(const SourceEvidence &source, const QJsonObject &facts)
    {
        static const std::map<QString, QRegularExpression> Texts{
            {u"n_kernel_panic"_s, QRegularExpression(u"Kernel panic - not syncing"_s)},
            {u"n_oops"_s, QRegularExpression(u"Oops"_s)},
            {u"n_bug"_s, QRegularExpression(u"BUG: "_s)},
            {u"n_call_trace"_s, QRegularExpression(u"[Cc]all [Tt]race:"_s)},
            {u"n_warning_cut_here"_s, QRegularExpression(u"cut here"_s)},
            {u"n_io_error"_s, QRegularExpression(u"I/O error,? (?:on )?dev"_s)},
            {u"n_nvidia_xid"_s, QRegularExpression(u"NVRM: Xid"_s)}};
        for (const auto &[key, text] : Texts) {
            if (!facts.contains(key))
                continue;
            const Covered found = coverage(source, text);
            expect(key, found.lines == found.covered && found.covered >= facts[key].toInt(),
                   u"%1 of %2, stated %3"_s.arg(found.covered).arg(found.lines).arg(facts[key].toInt()));
        }
        for (const QJsonValue &task : facts[u"hung_tasks"_s].toArray())
            expect(u"hung_tasks"_s, hasEvent(source, "kernel.hung_task",
                                             {{"comm", task[u"comm"_s].toString().toUtf8()},
                                              {"pid", QByteArray::number(task[u"pid"_s].toInteger())},
                                              {"seconds", QByteArray::number(task[u"seconds"_s].toInteger())}}));
        for (const QJsonValue &fault : facts[u"segfaults"_s].toArray())
            expect(u"segfaults"_s, hasEvent(source, "kernel.segfault",
                                            {{"comm", fault[u"comm"_s].toString().toUtf8()},
                                             {"pid", QByteArray::number(fault[u"pid"_s].toInteger())},
                                             {"address", fault[u"addr"_s].toString().toUtf8()}}));
        if (facts.contains(u"kernel"_s))
            expect(u"kernel"_s,
                   std::ranges::any_of(source.facts,
                                       [&](const Fact &fact) {
                                           return fact.key == "release"
                                                  && fact.value == facts[u"kernel"_s].toString().toUtf8();
                                       }),
                   facts[u"kernel"_s].toString());
    }

    static bool hasEvent(const SourceEvidence &source, QByteArrayView signature, const Fields &wanted)
    {
        return std::ranges::any_of(source.events, [&](const Event &event) {
            return event.signature == signature && std::ranges::all_of(wanted, [&event](const auto &field) {
                       return fieldValue(event.fields, field.first) == field.second;
                   });
        });
    }

    /// Times written in the lines, by the forms they are written in.
    void checkTimes(const SourceEvidence &source, const QJsonObject &facts)
    {
        if (facts.contains(u"first_monotonic"_s) && source.basis == TimeBasis::Boot && source.first && source.last) {
            const auto nanos = [&facts](const QString &key) {
                const QList<QByteArray> parts = facts[key].toString().toUtf8().split('.');
                return parts[0].toLongLong() * NsPerSecond + parts[1].toLongLong() * NsPerMicrosecond;
            };
            // The manifest counts stamps at the start of a line; a prompt may stand before an earlier one.
            const bool behindPrompt =
                !lineText(source, 1).startsWith('[') && source.first->ns < nanos(u"first_monotonic"_s);
            expect(u"first_monotonic"_s, behindPrompt || source.first->ns == nanos(u"first_monotonic"_s));
            // Later boots are shifted by what their clock began at.
            expect(u"last_monotonic"_s, source.last->ns - source.clockStarts.back().ns == nanos(u"last_monotonic"_s));
        }
        if (const QString iso = facts[u"first_iso"_s].toString(); !iso.isEmpty()) {
            const auto first = fromRfc3339(QString(iso).replace(u',', u'.').toUtf8());
            expect(u"first_iso"_s, source.first && first && source.first->ns == first->ns);
            const auto last = fromRfc3339(facts[u"last_iso"_s].toString().replace(u',', u'.').toUtf8());
            expect(u"last_iso"_s, source.last && last && source.last->ns == last->ns);
        }
        for (const auto &[key, time] : {std::pair{u"first_"_s, source.first}, std::pair{u"last_"_s, source.last}}) {
            QString text = facts[key + u"syslog"_s].toString();
            if (text.isEmpty())
                text = facts[key + u"ts"_s].toString();
            if (text.isEmpty())
                text = facts[key + u"ctime"_s].toString();
            if (text.isEmpty())
                continue;
            // Month and day, hours to seconds: the year may be a guess.
            const QByteArray written = toRfc3339(TimeNs{time.value_or(SourceTime{}).ns});
            static const QRegularExpression Parts(u"([A-Z][a-z]{2}) +(\\d+) (\\d\\d:\\d\\d:\\d\\d)"_s);
            const auto match = Parts.match(text);
            static const QStringList Months{u"Jan"_s, u"Feb"_s, u"Mar"_s, u"Apr"_s, u"May"_s, u"Jun"_s,
                                            u"Jul"_s, u"Aug"_s, u"Sep"_s, u"Oct"_s, u"Nov"_s, u"Dec"_s};
            const QString wanted = u"-%1-%2T%3"_s.arg(Months.indexOf(match.captured(1)) + 1, 2, 10, QChar(u'0'))
                                       .arg(match.captured(2).toInt(), 2, 10, QChar(u'0'))
                                       .arg(match.captured(3));
            expect(key + u"stamp"_s, time && written.contains(wanted.toUtf8()),
                   text + u" read as "_s + QString::fromLatin1(written));
        }
    }

    void checkJournal(const SourceEvidence &source, const QJsonObject &facts)
    {
        const QString mode = facts[u"mode"_s].toString();
        if (mode == u"json"_s || mode == u"export"_s) {
            QList<qint64> times;
            for (const QByteArray &line : test::fileBytes(source.path).split('\n')) {
                static const QRegularExpression Stamp(u"__REALTIME_TIMESTAMP\"? ?[:=] ?\"?(\\d+)"_s);
                if (const auto match = Stamp.match(QString::fromLatin1(line)); match.hasMatch())
                    times << match.captured(1).toLongLong();
            }
            expect(u"realtime"_s,
                   !times.isEmpty() && times.front() == facts[u"first_realtime_usec"_s].toString().toLongLong());
            if (mode == u"export"_s)
                expect(u"entries"_s,
                       test::factValue(source, "journal", "entries").toInt() == facts[u"n_entries"_s].toInt());
            else
                expect(u"entries"_s, source.lineCount() == facts[u"n_entries"_s].toInteger());
            checkPriorities(source, facts);
        }
        const QJsonArray hosts = facts[u"hosts"_s].toArray();
        if (hosts.size() == 1)
            expect(u"host"_s, source.identity.host == hosts.first().toString().toUtf8());
        if (mode.startsWith(u"short"_s)) {
            qint64 stamped = 0;
            for (const TimedLine &line : decodeLines(source, 1, source.lineCount()))
                stamped += line.time && !line.carried ? 1 : 0;
            expect(u"entries"_s, stamped == facts[u"n_entries"_s].toInteger(),
                   u"%1 for %2"_s.arg(stamped).arg(facts[u"n_entries"_s].toInteger()));
        }
    }

    /// Entries by severity: an entry is its message's line.
    void checkPriorities(const SourceEvidence &source, const QJsonObject &facts)
    {
        std::map<Severity, int> wanted;
        const QJsonObject counts = facts[u"priority_counts"_s].toObject();
        int counted = 0;
        for (const QJsonValue &count : counts)
            counted += count.toInt();
        wanted[Severity::Info] = facts[u"n_entries"_s].toInt() - counted; // entries without a priority
        for (auto it = counts.begin(); it != counts.end(); ++it) {
            bool isNumber = false;
            const int priority = it.key().toInt(&isNumber);
            wanted[!isNumber       ? Severity::Info
                   : priority <= 2 ? Severity::Fatal
                   : priority == 3 ? Severity::Error
                   : priority == 4 ? Severity::Warning
                   : priority >= 7 ? Severity::Debug
                                   : Severity::Info] += it.value().toInt();
        }
        std::map<Severity, int> found;
        for (const TimedLine &line : decodeLines(source, 1, source.lineCount()))
            if (source.format != "journal-export" || line.raw.bytes.startsWith("MESSAGE="))
                ++found[line.level];
        expect(u"priorities"_s, found == wanted);
    }

private Q_SLOTS:
    void readsFiles_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QJsonObject>("facts");
        const QString manifest = test::corpusPath(u"real/manifest.tsv"_s);
        if (manifest.isEmpty()) {
            QTest::newRow("no corpus") << QString() << QJsonObject();
            return;
        }
        for (const QByteArray &line : test::fileBytes(manifest).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            const QByteArray folder = cells.front().split('/').front();
            if (folder == "dmesg" || folder == "journal" || folder == "bad")
                QTest::newRow(cells.front().constData())
                    << test::corpusPath(u"real/"_s + QString::fromUtf8(cells.front()))
                    << QJsonDocument::fromJson(cells.back()).object();
        }
    }
    void readsFiles()
    {
        QFETCH(QString, path);
        QFETCH(QJsonObject, facts);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        m_file = path.section(u'/', -2);
        const auto source = read(path);
        QVERIFY(source);
        checkImporter(*source, facts);
        if (facts.contains(u"gzip"_s) && (!source->text || lineText(*source, 1).startsWith("\x1f\x8b")))
            return; // not inflated
        checkText(*source, facts);
        if (!source->text)
            return;
        checkOom(*source, facts);
        checkReports(*source, facts);
        checkTimes(*source, facts);
        if (facts.contains(u"mode"_s))
            checkJournal(*source, facts);
    }

    void cleanupTestCase()
    {
        int asked = 0;
        int met = 0;
        for (const auto &[kind, tally] : m_tallies) {
            qInfo("%-20s asked %4d  met %4d", qPrintable(kind), tally.asked, tally.met);
            for (const QString &miss : tally.missed)
                qInfo("    missed %s", qPrintable(miss));
            asked += tally.asked;
            met += tally.met;
        }
        if (asked == 0)
            return;
        qInfo("%-20s asked %4d  met %4d", "all", asked, met);
        QVERIFY2(met * 100 >= asked * 98, qPrintable(u"%1 of %2 facts"_s.arg(met).arg(asked)));
    }

private:
    void checkImporter(const SourceEvidence &source, const QJsonObject &facts)
    {
        const QString folder = m_file.section(u'/', 0, 0);
        const QString mode = facts[u"mode"_s].toString();
        QByteArrayList good;
        if (folder == u"dmesg"_s)
            // What syslog wrote of the kernel among others is a log of the system.
            good = facts.contains(u"n_syslog_prefixed"_s) ? QByteArrayList{"dmesg", "journalctl"}
                                                          : QByteArrayList{"dmesg"};
        else if (mode == u"json"_s || mode == u"export"_s)
            good = {"journal-" + mode.toUtf8()};
        else if (mode.startsWith(u"short"_s))
            good = {"journalctl"};
        else if (mode == u"cat"_s)
            good = {"plain"}; // nothing in the text says where it came from
        else if (!facts.contains(u"gzip"_s) && facts[u"encoding"_s] == u"utf-8"_s)
            good = {"plain", "journalctl", "json-lines"}; // text, however odd
        else
            return;
        expect(u"importer"_s, good.contains(source.format), QString::fromUtf8(source.format));
    }
};

FAULTLINE_TEST(TestCorpusKernel)
#include "tst_corpus_kernel.moc"
