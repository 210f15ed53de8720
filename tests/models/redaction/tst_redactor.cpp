// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/redaction/redactor.h"
#include "tests/support/test.h"

#include <QDirIterator>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

Redactor redactorFor(const QString &choice)
{
    return Redactor(*Redactor::chosenRules(choice, {}));
}

/// Made when the test runs: a file that holds what looks like a key alarms whoever scans repositories.
QString key(const QString &prefix, int length)
{
    const QString letters = u"q7Zk2Pm9Xv4Rt8Wn3Lb6Hd5Jf1Gs0CyAeUiOoTx"_s;
    QString text = prefix;
    for (int i = 0; i < length; ++i)
        text += letters[(i * 7 + length) % letters.size()];
    return text;
}

} // namespace

class TestRedactor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rulesAreSound()
    {
        const auto rules = Redactor::shippedRules();
        QVERIFY(rules.size() > 20);
        for (const RedactionRule &rule : rules) {
            QVERIFY2(rule.pattern.isValid(), qPrintable(rule.id + rule.pattern.errorString()));
            QVERIFY2(!rule.title.isEmpty(), qPrintable(rule.id));
            QVERIFY2(!rule.pattern.match(QString()).hasMatch(), qPrintable(rule.id));
        }
    }

    void placesAndSwitches()
    {
        auto rules = *Redactor::chosenRules(u"assigned,email"_s, {u"customer-\\d+"_s});
        rules[1].isOn = false;
        Redactor redactor(rules, {u"hunter23"_s});
        redactor.setPlace(u"ci.log"_s, 59);
        QCOMPARE(redactor.redacted(u"PASSWORD=hunter22 for ann@example.org of customer-17"_s),
                 u"PASSWORD=[assigned-1] for ann@example.org of [pattern-1]"_s);
        redactor.setPlace(u"note"_s);
        QCOMPARE(redactor.redacted(u"PASSWORD=hunter22, TOKEN=hunter23"_s), u"PASSWORD=[assigned-1], TOKEN=hunter23"_s);
        const auto &hits = redactor.hitsByRule();
        QCOMPARE(hits.size(), 3u);
        QCOMPARE(hits[0].size(), 2u);
        QCOMPARE(hits[0][0].count, 2);
        QCOMPARE(hits[0][0].places.size(), 2u);
        QCOMPARE(hits[0][0].places[0].where, u"ci.log:59"_s);
        QCOMPARE(hits[0][0].places[0].before, u"PASSWORD=hunter22 for ann@example.org of customer-17"_s);
        QCOMPARE(hits[0][0].places[0].after, u"PASSWORD=[assigned-1] for ann@example.org of [pattern-1]"_s);
        QCOMPARE(hits[0][0].places[1].where, u"note"_s);
        QVERIFY(hits[0][1].isKept && hits[0][1].value == u"hunter23");
        QVERIFY(hits[1].size() == 1 && hits[1][0].isKept && hits[1][0].value == u"ann@example.org");
        QVERIFY(!hits[2][0].isKept);
    }

    void findsPlantedSecrets_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("secret");
        const auto row = [](const char *name, const QString &line, const QString &secret) {
            QTest::newRow(name) << line.arg(secret) << secret;
        };
        row("aws", u"using %1 in eu-west-1"_s, u"AKIA"_s + u"ABCD1234EFGH5678"_s);
        row("github", u"git clone https://x-access-token:%1@github.com/a/b"_s, key(u"ghp_"_s, 36));
        row("github app", u"token %1 expired"_s, key(u"ghs_"_s, 36));
        row("github fine", u"GH=%1"_s, key(u"github_pat_"_s, 60));
        row("gitlab", u"PRIVATE-TOKEN: %1"_s, key(u"glpat-"_s, 20));
        row("slack", u"posting with %1"_s, key(u"xoxb-"_s, 40));
        row("slack hook", u"POST https://hooks.slack.com/services/%1"_s,
            u"T0AAAAAAA/B0BBBBBBB/"_s + key(QString(), 24));
        row("npm", u"//registry/:_authToken=%1"_s, key(u"npm_"_s, 36));
        row("pypi", u"twine upload -p %1"_s, key(u"pypi-"_s, 60));
        row("google", u"key %1 is over quota"_s, key(u"AIza"_s, 35));
        row("stripe", u"stripe: %1"_s, key(u"sk_live_"_s, 24));
        row("jwt", u"got %1 from the server"_s,
            key(u"eyJ"_s, 20) + u'.' + key(u"eyJ"_s, 30) + u'.' + key(QString(), 40));
        row("bearer", u"> Authorization: Bearer %1"_s, key(QString(), 40));
        row("basic", u"Authorization: Basic %1"_s, u"dXNlcjpodW50ZXIyMg=="_s);
        row("curl", u"curl -H 'X-Api-Key: %1' https://api.example.com"_s, key(QString(), 24));
        row("url", u"dial postgres://app:%1@db:5432/shop failed"_s, u"s3cr3t-Pa55"_s);
        row("password", u"DB_PASSWORD=%1"_s, u"hunter22"_s);
        row("password yaml", u"  password: \"%1\""_s, u"correct.horse"_s);
        row("password json", u"{\"user\":\"app\",\"password\":\"%1\"}"_s, u"p4ssw0rd!x"_s);
        row("secret env", u"export CLIENT_SECRET='%1'"_s, u"0a1b2c3d4e5f"_s);
        row("api key", u"api_key = %1"_s, key(QString(), 20));
        row("option", u"mysqldump --password=%1 shop"_s, u"tiger-77"_s);
        row("option apart", u"vault login --token %1"_s, key(QString(), 26));
        row("azure", u"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%1;"_s, key(QString(), 64) + u"=="_s);
        row("key body", u"%1"_s, key(QString(), 64));
        row("key in one line", u"key: -----BEGIN RSA PRIVATE KEY-----%1-----END RSA PRIVATE KEY-----"_s,
            key(QString(), 120));
    }
    void findsPlantedSecrets()
    {
        QFETCH(QString, line);
        QFETCH(QString, secret);
        Redactor redactor = redactorFor(u"secrets"_s);
        const QString after = redactor.redacted(line);
        QVERIFY2(!after.contains(secret), qPrintable(after));
        QVERIFY(!redactor.hits().empty());
        // Bytes are treated alike.
        QVERIFY(!redactor.redacted(line.toUtf8()).contains(secret.toUtf8()));
    }

    void leavesNamesUnlessAsked()
    {
        const QString line = u"mail to ops@example.com from 10.2.3.4 on ci-7.build.internal in /home/anna/src"_s;
        QCOMPARE(redactorFor(u"secrets"_s).redacted(line), line);
        const QString after = redactorFor(u"names"_s).redacted(line);
        for (const QString &name : {u"ops@example.com"_s, u"10.2.3.4"_s, u"ci-7.build.internal"_s, u"anna"_s})
            QVERIFY2(!after.contains(name), qPrintable(after));
    }

    void leavesCleanLines_data()
    {
        QTest::addColumn<QString>("line");
        for (const QString &line :
             {u"password: ***"_s, u"token=$CI_JOB_TOKEN"_s, u"Error: token expired"_s, u"secret not found: db-login"_s,
              u"PASS: TestPasswordIsHashed (0.01s)"_s, u"##[group]Run echo ${{ secrets.TOKEN }}"_s,
              u"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"_s,
              u"10:03:11 GET /token 200"_s, u"SecretName:  default-token"_s})
            QTest::addRow("%s", qPrintable(line)) << line;
    }
    void leavesCleanLines()
    {
        QFETCH(QString, line);
        QCOMPARE(redactorFor(u"secrets"_s).redacted(line), line);
    }

    void touchesFewLinesOfRealLookingLogs()
    {
        Redactor redactor = redactorFor(u"secrets"_s);
        qint64 lines = 0;
        qint64 touched = 0;
        QDirIterator files(test::dataPath(u"runs"_s), {u"*.log"_s, u"*.txt"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            for (const QByteArray &line : file.readAll().split('\n')) {
                ++lines;
                touched += redactor.redacted(line) == line ? 0 : 1;
            }
        }
        QVERIFY(lines > 1000);
        QVERIFY2(touched * 20 <= lines, qPrintable(u"%1 of %2"_s.arg(touched).arg(lines)));
    }

    void sameValueSamePseudonym()
    {
        Redactor redactor = redactorFor(u"secrets"_s);
        const QString first = redactor.redacted(u"password=hunter22"_s);
        QCOMPARE(redactor.redacted(u"password=hunter22 again"_s), first + u" again"_s);
        QVERIFY(redactor.redacted(u"password=other-one"_s) != first);
        const auto hits = redactor.hits();
        QCOMPARE(hits.size(), 2u);
        QCOMPARE(hits[0].count, 2);
        // What was redacted is not redacted once more.
        QCOMPARE(redactor.redacted(first), first);
    }

    void aSecretIsKnownWhereNoRuleKnowsIt()
    {
        Redactor redactor(*Redactor::chosenRules(u"secrets"_s, {}));
        QCOMPARE(redactor.redacted(u"nothing to see: tr0ub4dor-and-3"_s), u"nothing to see: tr0ub4dor-and-3"_s);
        QVERIFY(!redactor.redacted(u"login with password=tr0ub4dor-and-3"_s).contains(u"tr0ub4dor"));
        QCOMPARE(redactor.redacted(u"it was tr0ub4dor-and-3, they say"_s), u"it was [assigned-1], they say"_s);
        QCOMPARE(redactor.hits().front().count, 2);
        // A common word stays one.
        redactor.redacted(u"password=password"_s);
        QCOMPARE(redactor.redacted(u"the password is wrong"_s), u"the password is wrong"_s);
        // And from the first text on, where another one found it.
        Redactor second(*Redactor::chosenRules(u"secrets"_s, {}));
        second.know(redactor);
        QVERIFY(!second.redacted(u"nothing to see: tr0ub4dor-and-3"_s).contains(u"tr0ub4dor"));
    }

    void keepsWhatAPersonKeeps()
    {
        Redactor redactor(*Redactor::chosenRules(u"secrets"_s, {}), {u"hunter22"_s});
        QCOMPARE(redactor.redacted(u"password=hunter22"_s), u"password=hunter22"_s);
        QVERIFY(redactor.hits().front().isKept);
    }

    void patternsOfAPerson()
    {
        const auto rules = Redactor::chosenRules(QString(), {u"PROJ-\\d+"_s, u"cust=(?<value>\\w+)"_s});
        QVERIFY(rules);
        Redactor redactor(*rules);
        QCOMPARE(redactor.redacted(u"PROJ-12 cust=acme PROJ-13"_s), u"[pattern-1] cust=[pattern-3] [pattern-2]"_s);
        QVERIFY(!Redactor::chosenRules(QString(), {u"("_s}));
        QCOMPARE(Redactor::chosenRules(u"nothing-such"_s, {}).error().code, Code::UnknownId);
    }

    void longTextAndHostileText()
    {
        Redactor redactor = redactorFor(u"all"_s);
        const QString filler = u"lorem ipsum "_s.repeated(20'000);
        const QString after = redactor.redacted(filler + u"password=hunter22 "_s + filler);
        QVERIFY(!after.contains(u"hunter22"_s));
        // Patterns must not run away on text made for that.
        redactor.redacted(u"a-"_s.repeated(60'000));
        redactor.redacted(u"password=\""_s.repeated(10'000));
        redactor.redacted(u"x://y:"_s.repeated(10'000));
        QCOMPARE(redactor.redacted(QByteArray("\xff\xfe\x80 broken")), QByteArray("\xff\xfe\x80 broken"));
    }

    void badRulesAreToldWithTheirPlace()
    {
        const auto rules =
            Redactor::parseRules("rules:\n  - { id: a, pattern: x }\n  - { id: b, pattern: '(' }\n", u"r.yaml"_s);
        QVERIFY(!rules);
        QCOMPARE(rules.error().position.line, 3);
        QCOMPARE(rules.error().source, u"r.yaml"_s);
        QVERIFY(!Redactor::parseRules("rules: [", u"r.yaml"_s));
    }
};

FAULTLINE_TEST(TestRedactor)
#include "tst_redactor.moc"
