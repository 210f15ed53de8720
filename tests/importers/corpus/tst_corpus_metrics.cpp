// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <cmath>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// How many facts of a kind were asked, and how many met.
struct Score {
    int asked = 0;
    int met = 0;
};

qint64 sampleCount(const SourceEvidence &evidence)
{
    qint64 samples = 0;
    for (const Series &series : evidence.series)
        samples += static_cast<qint64>(series.values.size());
    return samples;
}

/// Collects what of a file's facts the evidence states otherwise.
class FactCheck
{
public:
    FactCheck(const SourceEvidence &evidence, const QJsonObject &facts)
        : m_evidence(evidence)
        , m_facts(facts)
    {
    }

    void profile();
    void answer();
    void exposition();
    void threads();
    void rules();

    Score score;
    QStringList argued; ///< Facts that the bytes speak against.
    QStringList wrong;

private:
    bool asks(const QString &key) const { return m_facts.contains(key) && !argued.contains(key); }
    void compare(const QString &what, const QString &actual, const QString &expected)
    {
        ++score.asked;
        if (actual == expected)
            ++score.met;
        else
            wrong.append(u"%1 is %2, not %3"_s.arg(what, actual, expected));
    }
    /// The program's fact against the file's.
    void fact(const QString &key, QByteArrayView subject, QByteArrayView name)
    {
        if (asks(key))
            compare(key, QString::fromUtf8(test::factValue(m_evidence, subject, name)), text(m_facts[key]));
    }
    static QString text(const QJsonValue &value)
    {
        return value.isString() ? value.toString()
               : value.isBool() ? (value.toBool() ? u"true"_s : u"false"_s)
                                : QString::number(value.toInteger());
    }
    QString types() const
    {
        QStringList types;
        for (const Profile &profile : m_evidence.profiles)
            types.append(QString::fromUtf8(profile.type + '/' + profile.unit));
        return types.join(u' ');
    }
    QString totals() const
    {
        QStringList totals;
        for (const Profile &profile : m_evidence.profiles)
            totals.append(
                QString::fromUtf8(test::factValue(m_evidence, QByteArray("profile/" + profile.type), "total")));
        return totals.join(u' ');
    }
    static QString joined(const QJsonValue &list)
    {
        QStringList parts;
        for (const QJsonValue &part : list.toArray())
            parts.append(text(part));
        return parts.join(u' ').remove(u"[dflt]"_s);
    }

    const SourceEvidence &m_evidence;
    const QJsonObject &m_facts;
};

void FactCheck::profile()
{
    for (const QString &key : {u"sample_types"_s, u"go_sample_types"_s})
        if (asks(key))
            compare(key, types(), joined(m_facts[key]));
    for (const QString &key : {u"totals"_s, u"go_totals"_s})
        if (asks(key))
            compare(key, totals(), joined(m_facts[key]));
    fact(u"n_samples"_s, "profile", "samples");
    fact(u"go_n_samples"_s, "profile", "stacks");
    fact(u"n_locations"_s, "profile", "locations");
    fact(u"n_locations_without_line"_s, "profile", "locationsWithoutLine");
    fact(u"n_lines_in_locations"_s, "profile", "lines");
    fact(u"n_functions"_s, "profile", "functions");
    fact(u"n_mappings"_s, "profile", "mappings");
    fact(u"n_strings"_s, "profile", "strings");
    fact(u"max_stack_depth"_s, "profile", "deepest");
    fact(u"default_sample_type"_s, "profile", "defaultType");
    fact(u"period_type"_s, "profile", "periodType");
    fact(u"period"_s, "profile", "period");
    fact(u"go_period"_s, "profile", "period");
    if (asks(u"go_period_type"_s))
        compare(u"go_period_type"_s,
                QString::fromUtf8(test::factValue(m_evidence, "profile", "periodType").replace('/', ' ')),
                m_facts[u"go_period_type"_s].toString());
    if (m_evidence.profiles.empty())
        return;
    const Profile &first = m_evidence.profiles.front();
    if (asks(u"time_nanos"_s))
        compare(u"time_nanos"_s, QString::number(first.time ? first.time->ns : 0), text(m_facts[u"time_nanos"_s]));
    if (asks(u"duration_nanos"_s))
        compare(u"duration_nanos"_s, QString::number(first.durationNs), text(m_facts[u"duration_nanos"_s]));
}

void FactCheck::answer()
{
    fact(u"status"_s, "query", "status");
    fact(u"result_type"_s, "query", "resultType");
    fact(u"error_type"_s, "query", "errorType");
    fact(u"error"_s, "query", "error");
    fact(u"n_warnings"_s, "query", "warnings");
    if (asks(u"n_series"_s))
        compare(u"n_series"_s, QString::number(m_evidence.series.size()), text(m_facts[u"n_series"_s]));
    for (const QString &key : {u"n_points"_s, u"n_items"_s})
        if (asks(key))
            compare(key, QString::number(sampleCount(m_evidence)), text(m_facts[key]));
    const auto seconds = [](const std::optional<SourceTime> &time) {
        return QString::number(time ? double(time->ns / NsPerMillisecond) / 1e3 : 0, 'f', 3);
    };
    if (asks(u"first_ts"_s))
        compare(u"first_ts"_s, seconds(m_evidence.first), QString::number(m_facts[u"first_ts"_s].toDouble(), 'f', 3));
    if (asks(u"last_ts"_s))
        compare(u"last_ts"_s, seconds(m_evidence.last), QString::number(m_facts[u"last_ts"_s].toDouble(), 'f', 3));
    const QJsonObject special = m_facts[u"n_special"_s].toObject();
    for (auto entry = special.begin(); entry != special.end(); ++entry) {
        qint64 count = 0;
        for (const Series &series : m_evidence.series)
            count += std::ranges::count_if(series.values, [&entry](double value) {
                return entry.key() == u"NaN"_s ? std::isnan(value)
                                               : std::isinf(value) && (value < 0) == entry.key().startsWith(u'-');
            });
        compare(u"n_special "_s + entry.key(), QString::number(count), text(entry.value()));
    }
    for (const QJsonValue &name : m_facts[u"metric_names"_s].toArray())
        if (!name.toString().isEmpty())
            compare(u"metric_names"_s,
                    QString::number(std::ranges::any_of(
                        m_evidence.series,
                        [&name](const Series &series) { return series.name == name.toString().toUtf8(); })),
                    u"1"_s);
}

void FactCheck::threads()
{
    qint64 goroutines = 0;
    std::map<QString, qint64> states;
    for (const Thread &thread : m_evidence.threads) {
        goroutines += thread.count;
        ++states[QString::fromUtf8(thread.state)];
    }
    for (const QString &key : {u"total"_s, u"n_goroutines"_s})
        if (asks(key))
            compare(key, QString::number(goroutines), text(m_facts[key]));
    if (asks(u"n_stacks"_s))
        compare(u"n_stacks"_s, QString::number(m_evidence.threads.size()), text(m_facts[u"n_stacks"_s]));
    const QJsonObject wanted = m_facts[u"states"_s].toObject();
    for (auto state = wanted.begin(); state != wanted.end(); ++state)
        compare(u"state "_s + state.key(), QString::number(states[state.key()]), text(state.value()));
}

void FactCheck::rules()
{
    const bool isGood =
        std::ranges::all_of(m_evidence.notes, [](const Note &note) { return note.severity == Severity::Info; });
    compare(u"promtool_2_42_exit"_s, isGood ? u"0"_s : u"1"_s, text(m_facts[u"promtool_2_42_exit"_s]));
}

void FactCheck::exposition()
{
    fact(u"n_sample_lines"_s, "metrics", "sampleLines");
    fact(u"n_type_lines"_s, "metrics", "typeLines");
    fact(u"n_help_lines"_s, "metrics", "helpLines");
    fact(u"has_eof"_s, "metrics", "eof");
    const QJsonObject types = argued.isEmpty() ? m_facts[u"types"_s].toObject() : QJsonObject();
    for (auto type = types.begin(); type != types.end(); ++type)
        compare(u"types "_s + type.key(),
                QString::fromUtf8(test::factValue(m_evidence, "metrics/types", type.key().toUtf8())),
                text(type.value()));
}

} // namespace

/// Real metrics and profiles, opened as the program opens them: each fact of the manifest that the evidence can state.
class TestCorpusMetrics : public QObject
{
    Q_OBJECT

    std::map<QString, Score> m_scores;

private Q_SLOTS:
    void meetsTheFacts_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QJsonObject>("facts");
        const QString manifest = test::corpusPath(u"real/manifest.tsv"_s);
        if (manifest.isEmpty()) {
            QTest::newRow("no corpus") << QString() << QString() << QJsonObject();
            return;
        }
        for (const QByteArray &line : test::fileBytes(manifest).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            if (cells.size() > 2 && (cells[0].startsWith("prom") || cells[0].startsWith("pprof")))
                QTest::newRow(cells.front().constData())
                    << test::corpusPath(u"real/"_s + QString::fromUtf8(cells.front())) << QString::fromUtf8(cells[1])
                    << QJsonDocument::fromJson(cells.back()).object();
        }
    }
    void meetsTheFacts()
    {
        QFETCH(QString, path);
        QFETCH(QString, kind);
        QFETCH(QJsonObject, facts);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        if (facts[u"protobuf_reader_error"_s].isString())
            QSKIP("A message of another program, no profile");
        // Files that their suite wants refused are read by the format they break.
        const bool isBroken = facts[u"peer_verdict"_s] == u"must_fail"_s || !facts[u"peer_should_parse"_s].toBool(true);
        ImportOptions options;
        if (isBroken)
            options.formatOf = {{path, kind.startsWith(u"prom:"_s) ? "prometheus-text" : "openmetrics"}};
        const auto read = importPaths({path}, test::importTools(), options);
        QVERIFY2(read, read ? "" : qPrintable(read.error().toString()));
        QCOMPARE(read->sources.size(), size_t(1));
        const SourceEvidence &evidence = *read->sources[0];
        FactCheck check(evidence, facts);
        // The manifest counts lines that begin with "# TYPE"; the format allows blanks and tabs before and after the '#', and its own
        // parser takes these lines for metadata. It counts no "# HELP" without a blank after it.
        static const QRegularExpression blank(u"^(?:[ \\t]+#[ \\t]*|#[ \\t]{2,}|#\\t)(?:TYPE|HELP)\\b|^#[ \\t]+HELP$"_s,
                                              QRegularExpression::MultilineOption);
        if (kind == u"prom:exposition"_s && !facts.contains(u"gzip"_s)
            && blank.match(QString::fromUtf8(test::fileBytes(path))).hasMatch())
            check.argued = {u"n_type_lines"_s, u"n_help_lines"_s};
        if (kind == u"pprof"_s)
            check.profile();
        else if (kind == u"prom:rules"_s)
            check.rules();
        else if (kind == u"pprof:goroutine"_s)
            check.threads();
        else if (kind == u"prom:json"_s)
            check.answer();
        else if (kind == u"prom:exposition"_s || kind == u"prom-openmetrics"_s)
            check.exposition();
        Score &score = m_scores[kind];
        score.asked += check.score.asked;
        score.met += check.score.met;
        QVERIFY2(check.wrong.isEmpty(), qPrintable(check.wrong.join(u"; "_s)));
    }

    void cleanupTestCase()
    {
        for (const auto &[kind, score] : m_scores)
            qInfo("%-18s asked %4d, met %4d", qPrintable(kind), score.asked, score.met);
    }
};

FAULTLINE_TEST(TestCorpusMetrics)
#include "tst_corpus_metrics.moc"
