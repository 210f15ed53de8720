// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks of the incidents, as they are and with their clocks changed: other skews, zones and sets of files.
#include "importers/core/registry.h"
#include "models/placement/placement.h"
#include "tests/support/test.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <cmath>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

constexpr double BootEpoch = 1795458265.43; // Of the machine that all incidents ran on; as truth.json has it.

struct Case {
    Evidence evidence;
    Placement placement;

    /// Offset of the file of that name in seconds; NaN where it is unplaced or missing.
    double offset(const QString &name) const
    {
        for (size_t i = 0; i < evidence.sources.size(); ++i)
            if (evidence.sources[i]->path.endsWith(u'/' + name) && placement.sources[i].isPlaced())
                return toSeconds(placement.sources[i].firstPlaced()->offsetNs);
        return std::nan("");
    }
    QString reasons() const
    {
        QStringList lines;
        for (size_t i = 0; i < evidence.sources.size(); ++i)
            lines << evidence.sources[i]->path + u": "_s + placement.sources[i].reason;
        return lines.join(u'\n');
    }
};

QByteArray readAll(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeAll(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

/// Each match of the pattern's first group, a wall time in the format given, moved by seconds.
QByteArray moved(const QByteArray &text, const QString &pattern, const QString &format, double seconds)
{
    const QRegularExpression stamp(pattern, QRegularExpression::MultilineOption);
    const QString in = QString::fromUtf8(text);
    QString out;
    qsizetype copied = 0;
    for (auto match = stamp.globalMatch(in); match.hasNext();) {
        const QRegularExpressionMatch one = match.next();
        QDateTime time = QLocale::c().toDateTime(one.captured(1).simplified(), format);
        time.setTimeZone(QTimeZone::UTC);
        out += in.mid(copied, one.capturedStart(1) - copied)
               + QLocale::c().toString(time.addMSecs(std::llround(seconds * 1000)), format);
        copied = one.capturedEnd(1);
    }
    return (out + in.mid(copied)).toUtf8();
}
QByteArray movedGitHub(const QByteArray &log, double seconds)
{
    return moved(log, uR"(^\x{FEFF}?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{7}Z)"_s, u"yyyy-MM-dd'T'HH:mm:ss"_s, seconds);
}
QByteArray movedJenkins(const QByteArray &log, double seconds)
{
    return moved(log, uR"(^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) )"_s, u"yyyy-MM-dd HH:mm:ss"_s, seconds);
}
QByteArray movedCtime(const QByteArray &log, double seconds)
{
    return moved(log, uR"(^\[(\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4})\])"_s, u"ddd MMM d HH:mm:ss yyyy"_s, seconds);
}
/// dmesg --time-format iso back to the seconds since boot that it was made from.
QByteArray isoToRaw(const QByteArray &log)
{
    static const QRegularExpression Stamp(uR"(^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d),(\d{6})\+00:00)"_s);
    QByteArray out;
    for (const QByteArray &line : log.split('\n')) {
        const QRegularExpressionMatch match = Stamp.match(QString::fromUtf8(line));
        if (!match.hasMatch()) {
            out += line + '\n';
            continue;
        }
        QDateTime time = QDateTime::fromString(match.captured(1), u"yyyy-MM-dd'T'HH:mm:ss"_s);
        time.setTimeZone(QTimeZone::UTC);
        const qint64 since = time.toSecsSinceEpoch() - static_cast<qint64>(BootEpoch);
        out += "[" + QByteArray::number(since).rightJustified(5) + '.' + match.captured(2).toUtf8() + ']'
               + line.mid(match.capturedLength()) + '\n';
    }
    out.chop(1);
    return out;
}

} // namespace

class TestCorpusClocks : public QObject
{
    Q_OBJECT

private:
    ImportTools m_tools;
    QString m_incidents;

    Case place(const QString &folder)
    {
        Case result;
        auto evidence = importPaths({folder}, m_tools, {});
        if (!evidence)
            qFatal("%s", qPrintable(evidence.error().toString()));
        result.evidence = std::move(*evidence);
        result.placement = computePlacement(result.evidence, {});
        return result;
    }

    /// Copies files of an incident; names with a wildcard take all that fit.
    void copy(const QString &incident, const QStringList &names, const QString &to)
    {
        const QString from = m_incidents + u'/' + incident;
        for (const QString &name : names) {
            const QDir folder(QFileInfo(from + u'/' + name).path());
            for (const QString &file : folder.entryList({QFileInfo(name).fileName()}, QDir::Files)) {
                const QString relative = QDir(from).relativeFilePath(folder.filePath(file));
                writeAll(to + u'/' + relative, readAll(folder.filePath(file)));
            }
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_incidents = test::corpusPath(u"incidents"_s);
        if (m_incidents.isEmpty())
            QSKIP("the incidents are not here");
        auto tools = makeImportTools({}, {test::scannerPath()});
        QVERIFY(tools);
        m_tools = *tools;
    }

    void placesEveryIncident_data()
    {
        QTest::addColumn<QString>("incident");
        for (const QString &name : QDir(test::corpusPath(u"incidents"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QTest::newRow(qPrintable(name)) << name;
    }
    void placesEveryIncident()
    {
        QFETCH(QString, incident);
        const QJsonObject truth =
            QJsonDocument::fromJson(readAll(m_incidents + u'/' + incident + u"/truth.json"_s)).object();
        const QJsonObject clock = truth[u"clock"].toObject();
        QTemporaryDir folder;
        copy(incident, {u"*"_s, u"metrics/*"_s, u"profiles/*"_s}, folder.path());
        QVERIFY(QFile::remove(folder.filePath(u"truth.json"_s)));
        const Case placed = place(folder.path());
        const QString zone = clock[u"log_utc_offset"].toString(u"+00:00"_s);
        const double east =
            (zone.startsWith(u'-') ? -1 : 1) * (zone.mid(1, 2).toInt() * 3600 + zone.mid(4, 2).toInt() * 60);
        const double wanted = -(clock[u"log_offset_s"].toDouble() + east);
        for (const QString &name : {u"ci.log"_s, u"container.log"_s})
            if (const double offset = placed.offset(name); !std::isnan(offset))
                QVERIFY2(std::abs(offset - wanted) <= 2.0, qPrintable(placed.reasons()));
        // Raw kernel logs: right where placed; unplaced where they tell nothing of this run.
        const bool raw = readAll(folder.filePath(u"dmesg.txt"_s)).startsWith('[')
                         && readAll(folder.filePath(u"dmesg.txt"_s))[1] == ' ';
        if (const double offset = placed.offset(u"dmesg.txt"_s); raw && !std::isnan(offset))
            QVERIFY2(std::abs(offset - BootEpoch) <= 2.0, qPrintable(placed.reasons()));
    }

    void placesRawKernelLogsByWhatIsThere_data()
    {
        QTest::addColumn<QString>("incident");
        QTest::addColumn<QStringList>("files");
        const QString kernel = u"dmesg.txt"_s;
        QTest::newRow("series of a cgroup")
            << u"02-ssh-255-child-oom"_s << QStringList{kernel, u"ci.log"_s, u"metrics/*"_s};
        QTest::newRow("name of a test") << u"01-oom-go-test"_s << QStringList{kernel, u"ci.log"_s};
        QTest::newRow("journal") << u"01-oom-go-test"_s << QStringList{kernel, u"journal-json.txt"_s};
        QTest::newRow("describe") << u"01-oom-go-test"_s << QStringList{kernel, u"kubectl-describe-pod.txt"_s};
        QTest::newRow("refused fork") << u"11-pids-limit"_s << QStringList{kernel, u"ci.log"_s};
        QTest::newRow("sidecar") << u"27-sidecar-oom-connection-refused"_s
                                 << QStringList{kernel, u"ci.log"_s, u"metrics/*"_s};
    }
    void placesRawKernelLogsByWhatIsThere()
    {
        QFETCH(QString, incident);
        QFETCH(QStringList, files);
        QTemporaryDir folder;
        copy(incident, files, folder.path());
        const Case placed = place(folder.path());
        QVERIFY2(std::abs(placed.offset(u"dmesg.txt"_s) - BootEpoch) <= 2.0, qPrintable(placed.reasons()));
    }

    void picksTheRightOneOfSeveralKills_data()
    {
        QTest::addColumn<QString>("incident");
        QTest::addColumn<bool>("placed");
        // The kernel log of another incident holds four kills of four jobs, these jobs' among them, or not.
        QTest::newRow("by a test's name") << u"01-oom-go-test"_s << true;
        QTest::newRow("by process id") << u"01b-oom-exit-137"_s << true;
        QTest::newRow("none of them") << u"25-clock-skew-oom"_s << false;
    }
    void picksTheRightOneOfSeveralKills()
    {
        QFETCH(QString, incident);
        QFETCH(bool, placed);
        QTemporaryDir folder;
        copy(incident, {u"ci.log"_s}, folder.path());
        copy(u"08-sigterm-runner-shutdown"_s, {u"dmesg.txt"_s}, folder.path());
        const Case result = place(folder.path());
        if (placed)
            QVERIFY2(std::abs(result.offset(u"dmesg.txt"_s) - BootEpoch) <= 6.0, qPrintable(result.reasons()));
        else
            QVERIFY2(std::isnan(result.offset(u"dmesg.txt"_s)), qPrintable(result.reasons()));
    }

    void undoesSkews_data()
    {
        QTest::addColumn<double>("skew");
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<bool>("rawKernel");
        const QStringList all{u"*"_s, u"metrics/*"_s};
        const QStringList noJournal{u"ci.log"_s, u"dmesg.txt"_s, u"kubectl-describe-pod.txt"_s, u"metrics/*"_s};
        const QStringList noKube{u"ci.log"_s, u"dmesg.txt"_s, u"metrics/*"_s};
        const QStringList noKernel{u"ci.log"_s, u"kubectl-describe-pod.txt"_s, u"metrics/*"_s};
        QTest::newRow("as it is") << -47.0 << all << false;
        QTest::newRow("ahead") << 93.0 << all << false;
        QTest::newRow("hours") << -7205.0 << all << false;
        QTest::newRow("without a journal") << -47.0 << noJournal << false;
        QTest::newRow("kernel log raw") << -47.0 << noJournal << true;
        QTest::newRow("without describe") << 61.0 << noKube << false;
        QTest::newRow("without kernel logs") << -47.0 << noKernel << false;
        QTest::newRow("none") << 0.0 << noJournal << false;
        QTest::newRow("none, kernel log raw") << 0.0 << noJournal << true;
        QTest::newRow("none, without kernel logs") << 0.0 << noKernel << false;
    }
    void undoesSkews()
    {
        QFETCH(double, skew);
        QFETCH(QStringList, files);
        QFETCH(bool, rawKernel);
        QTemporaryDir folder;
        copy(u"25-clock-skew-oom"_s, files, folder.path());
        QFile::remove(folder.filePath(u"truth.json"_s));
        writeAll(folder.filePath(u"ci.log"_s), movedGitHub(readAll(folder.filePath(u"ci.log"_s)), skew + 47));
        if (rawKernel)
            writeAll(folder.filePath(u"dmesg.txt"_s), isoToRaw(readAll(folder.filePath(u"dmesg.txt"_s))));
        const Case placed = place(folder.path());
        QVERIFY2(std::abs(placed.offset(u"ci.log"_s) + skew) <= 2.0, qPrintable(placed.reasons()));
        if (rawKernel)
            QVERIFY2(std::abs(placed.offset(u"dmesg.txt"_s) - BootEpoch) <= 2.0, qPrintable(placed.reasons()));
    }

    void findsZones_data()
    {
        QTest::addColumn<double>("east");
        for (const double east : {8.0, -5.0, 5.5, 5.75, 0.0, 14.0, -9.5})
            QTest::addRow("%+.2f h", east) << east;
    }
    void findsZones()
    {
        QFETCH(double, east);
        QTemporaryDir folder;
        copy(u"26-timezone-local-log"_s, {u"ci.log"_s, u"dmesg.txt"_s, u"metrics/*"_s}, folder.path());
        writeAll(folder.filePath(u"ci.log"_s), movedJenkins(readAll(folder.filePath(u"ci.log"_s)), (east - 8) * 3600));
        const Case placed = place(folder.path());
        QVERIFY2(std::abs(placed.offset(u"ci.log"_s) + east * 3600) <= 2.0, qPrintable(placed.reasons()));

        QTemporaryDir kernel; // dmesg -T on a machine that is not set to UTC.
        copy(u"01b-oom-exit-137"_s, {u"ci.log"_s, u"dmesg.txt"_s, u"metrics/*"_s}, kernel.path());
        writeAll(kernel.filePath(u"dmesg.txt"_s), movedCtime(readAll(kernel.filePath(u"dmesg.txt"_s)), east * 3600));
        const Case local = place(kernel.path());
        QVERIFY2(std::abs(local.offset(u"dmesg.txt"_s) + east * 3600) <= 2.0, qPrintable(local.reasons()));
    }
};

FAULTLINE_TEST(TestCorpusClocks)
#include "tst_corpus_clocks.moc"
