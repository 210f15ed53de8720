// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/reportdialect.h"
#include "importers/carriers/junit_xml/xmltext.h"
#include "tests/importers/readsource.h"

#include <ctime>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// Cancels what reads it as soon as its start is read again after its end: a second pass.
class CancelsSecondPass final : public ByteSource
{
public:
    CancelsSecondPass(const QByteArray &bytes, CancelToken cancel)
        : m_bytes(memorySource(u"report.xml"_s, bytes))
        , m_cancel(std::move(cancel))
    {
    }
    QString name() const override { return m_bytes->name(); }
    qint64 size() const override { return m_bytes->size(); }
    std::optional<TimeNs> modified() const override { return {}; }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        if (m_sawEnd && byteOffset == 0)
            m_cancel.cancel();
        m_sawEnd = m_sawEnd || byteOffset + static_cast<qint64>(into.size()) >= size();
        const auto got = m_bytes->read(byteOffset, into);
        m_readPastCancel += m_cancel.isCancelled() ? got.value_or(0) : 0;
        return got;
    }
    qint64 readPastCancel() const { return m_readPastCancel; }

private:
    std::shared_ptr<const ByteSource> m_bytes;
    CancelToken m_cancel;
    mutable bool m_sawEnd = false;
    mutable qint64 m_readPastCancel = 0;
};

} // namespace

class TestJunitXml : public QObject
{
    Q_OBJECT

    static std::unique_ptr<test::ReadSource> sample(const QString &name)
    {
        return test::readSource("junit-xml", test::fileBytes(test::dataPath(u"junit-xml/"_s + name)));
    }
    static const Span *span(const SourceEvidence &evidence, QByteArrayView name)
    {
        const auto found = std::ranges::find_if(evidence.spans, [name](const Span &s) { return s.name == name; });
        return found == evidence.spans.end() ? nullptr : &*found;
    }
    static std::vector<const Event *> failures(const SourceEvidence &evidence)
    {
        std::vector<const Event *> found;
        for (const Event &event : evidence.events) {
            if (event.signature == "test.fail.junit")
                found.push_back(&event);
        }
        return found;
    }
    static QByteArray text(std::optional<SourceTime> time) { return time ? toRfc3339(TimeNs{time->ns}) : QByteArray(); }

private Q_SLOTS:
    void showsTheTextOfLines_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("message of a tag alone")
            << QByteArray("  <failure message=\"a &lt; b\" type=\"T\">") << QByteArray("a < b ");
        QTest::newRow("text beside a tag")
            << QByteArray("\t<failure message=\"Failed\">panic: x") << QByteArray("panic: x");
        QTest::newRow("greater in quotes") << QByteArray("<testcase name=\"a>b\" time=\"1\">x") << QByteArray("x");
        QTest::newRow("cdata") << QByteArray("<![CDATA[expected: <100> but was: <99>]]></failure>")
                               << QByteArray("expected: <100> but was: <99>");
        QTest::newRow("other elements stay")
            << QByteArray("<html>&#x41;&#66;&amp;&unknown;") << QByteArray("<html>AB&&unknown;");
        QTest::newRow("line breaks inside") << QByteArray("a&#10;b&#xA;c")
                                            << QByteArray("a\xe2\x80\xa8"
                                                          "b\xe2\x80\xa8"
                                                          "c");
        QTest::newRow("cut reference") << QByteArray("a &#xZZ; & b &") << QByteArray("a &#xZZ; & b &");
    }
    void showsTheTextOfLines()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, text);
        QByteArray shown;
        appendXmlText(std::string_view(line.constData(), static_cast<size_t>(line.size())), junitDialect().tags, shown);
        QCOMPARE(shown, text);
    }

    void stopsInsideTheReportWhenCancelled()
    {
        constexpr qint64 OnePart = 1024 * 1024;
        QByteArray report("<testsuite name=\"s\">\n");
        while (report.size() < 4 * OnePart)
            report += "<testcase classname=\"C\" name=\"passes\" time=\"0.1\"/>\n";
        report += "</testsuite>\n";
        const Importer *importer = test::importTools().registry->byId("junit-xml");
        ImportContext context;
        context.signatures = test::importTools().signatures;
        context.scanners = test::importTools().scanners;
        SourceEvidence evidence;
        evidence.kind = importer->info().kind;
        const auto bytes = std::make_shared<CancelsSecondPass>(report, context.cancel);
        QCOMPARE(importer->read(bytes, evidence, context), ImportOutcome::Cancelled);
        QVERIFY(bytes->readPastCancel() > 0 && bytes->readPastCancel() < OnePart);
    }

    void placesCasesThatRanOneAfterAnother()
    {
        const auto read = sample(u"pytest.xml"_s);
        QCOMPARE(read->evidence.basis, TimeBasis::Zoned);
        QCOMPARE(read->evidence.zone, "+02:00");
        const Span *second = span(read->evidence, "test_reserves[two & three]");
        QVERIFY(second && second->start && second->end);
        QCOMPARE(text(second->start), "2026-05-04T08:00:00.75Z");
        QCOMPARE(text(second->end), "2026-05-04T08:00:01.75Z");
        const auto failed = failures(read->evidence);
        QCOMPARE(failed.size(), size_t(2));
        QCOMPARE(failed[0]->line, 1);
        QCOMPARE(failed[0]->lastLine, 8);
        // 100 ms of the suite belong to no case: they may lie before.
        QCOMPARE(failed[0]->time->hi.ns - failed[0]->time->lo.ns, 100 * NsPerMillisecond);
        QCOMPARE(fieldValue(failed[1]->fields, "message"), "failed on setup with \"OSError: no route\"");
        QCOMPARE(span(read->evidence, "test_slow")->outcome, Outcome::Skipped);
        QCOMPARE(span(read->evidence, "pytest")->outcome, Outcome::Failed);
    }

    void knowsNoTimeOfCasesThatRanSideBySide()
    {
        const auto read = sample(u"parallel.xml"_s);
        QCOMPARE(read->evidence.basis, TimeBasis::Utc);
        QVERIFY(!span(read->evidence, "TestDiscount/half")->start);
        const auto failed = failures(read->evidence);
        QCOMPARE(failed.size(), size_t(2));
        QCOMPARE(failed[0]->time->hi.ns - failed[0]->time->lo.ns, 3 * NsPerSecond);
        // gotestsum has one message for all and escapes line breaks.
        QCOMPARE(fieldValue(failed[0]->fields, "message"), "cart_test.go:31: Discount(10) = 6, want 5");
        const auto says = [&](QByteArrayView signature) {
            return std::ranges::any_of(read->evidence.events, [&](const Event &e) {
                return e.signature == signature && e.role != Role::Context;
            });
        };
        QVERIFY(says("go.test_fail"));
        QVERIFY(says("go.panic"));
        QVERIFY(!read->evidence.threads.empty());
    }

    void ignoresErrorsThatPassedTestsPrinted()
    {
        const auto read = sample(u"surefire.xml"_s);
        QCOMPARE(failures(read->evidence).size(), size_t(1));
        QVERIFY(std::ranges::none_of(read->evidence.events, [](const Event &e) { return e.line < 12; }));
        QCOMPARE(span(read->evidence, "closes")->outcome, Outcome::Passed); // flaky: passed in the end
        QCOMPARE(test::factValue(read->evidence, "tests", "failed"), "1");
        QCOMPARE(read->evidence.basis, TimeBasis::None);
    }

    void keepsWhatStandsBeforeACut()
    {
        const auto read = sample(u"gtest-cut.xml"_s);
        QCOMPARE(read->outcome, ImportOutcome::Read);
        QCOMPARE(failures(read->evidence).size(), size_t(1));
        QCOMPARE(span(read->evidence, "Slow")->outcome, Outcome::Skipped);
        QCOMPARE(text(span(read->evidence, "Truncated")->start), "2026-05-04T10:00:00.55Z");
        QVERIFY(std::ranges::any_of(read->evidence.notes, [](const Note &n) { return n.code == Code::BadSyntax; }));
    }

    void refusesEntities()
    {
        const auto read = sample(u"entities.xml"_s);
        QVERIFY(read->evidence.spans.empty());
        QVERIFY(std::ranges::any_of(read->evidence.notes, [](const Note &n) { return n.severity == Severity::Error; }));
    }

    void readsControlCharactersAndBadBytes()
    {
        const auto read = test::readSource(
            "junit-xml", "<testsuite name='s'><testcase name='a'><failure message='m'>\x1b[31mred\x01\xff</failure>"
                         "</testcase><testcase name='b'/></testsuite>");
        QCOMPARE(failures(read->evidence).size(), size_t(1));
        QVERIFY(span(read->evidence, "b"));
    }

    void readsLongTextInOneGo()
    {
        // Text that is fed on in ever larger parts: the time grows as the text does.
        const QByteArray line("2026-05-04 10:00:00 INFO posted entry 4711 to account 42 ]] ]>\n");
        const auto read = test::readSource(
            "junit-xml", "<testsuite name='s'><testcase name='a'><system-out><![CDATA[" + line.repeated(400'000)
                             + "]]></system-out></testcase><testcase name='b'><failure>late</failure></testcase>"
                               "</testsuite>");
        QCOMPARE(failures(read->evidence).size(), size_t(1));
        QCOMPARE(failures(read->evidence).front()->line, 400'001);
        QCOMPARE(fieldValue(failures(read->evidence).front()->fields, "message"), "late");
        QVERIFY(read->evidence.notes.empty());
    }

    void readsTextOfManyPartsAsOne()
    {
        const auto read = test::readSource(
            "junit-xml", "<testsuite name='s'><testcase name='a'><failure>\n  a &lt; b &amp;<![CDATA[ c > d]]> e\nmore"
                         "</failure></testcase></testsuite>");
        QCOMPARE(fieldValue(failures(read->evidence).front()->fields, "message"), "a < b & c > d e");
    }

    void tellsWhatIsBrokenFromWhatIsCut()
    {
        const auto noteOf = [](const QByteArray &text) {
            const auto read = test::readSource("junit-xml", text);
            return read->evidence.notes.empty() ? Severity::Debug : read->evidence.notes.front().severity;
        };
        QCOMPARE(noteOf("<testsuite name='s'><testcase name='a'></testsuite></testcase><x/>"), Severity::Error);
        QCOMPARE(noteOf("<testsuite name='s'><testcase name='a'/>"), Severity::Warning);
        QCOMPARE(noteOf("<testsuite name='s'><testcase name='a'/></testsuite>"), Severity::Debug);
    }

    void readsNunit()
    {
        const auto read = test::readSource("nunit-xml", test::fileBytes(test::dataPath(u"nunit-xml/orders.xml"_s)));
        const auto failed = failures(read->evidence);
        QCOMPARE(failed.size(), size_t(1)); // and not one for each suite around it
        QCOMPARE(failed[0]->line, 17);
        QCOMPARE(fieldValue(failed[0]->fields, "test"), "Shop.CartTests.AppliesDiscount");
        QCOMPARE(fieldValue(failed[0]->fields, "message"), "Total after discount");
        QCOMPARE(toRfc3339(TimeNs{failed[0]->time->hi.ns}), "2026-05-04T10:00:01.9Z");
        QCOMPARE(span(read->evidence, "Shop.CartTests.ShipsAbroad")->outcome, Outcome::Skipped);
        QCOMPARE(span(read->evidence, "CartTests")->outcome, Outcome::Failed);
        QVERIFY(std::ranges::none_of(read->evidence.events, [](const Event &e) { return e.line < 17; }));
        QCOMPARE(read->evidence.basis, TimeBasis::Utc);
    }

    void readsNunit2()
    {
        const auto read = test::readSource("nunit-xml", test::fileBytes(test::dataPath(u"nunit-xml/version2.xml"_s)));
        const auto failed = failures(read->evidence);
        QCOMPARE(failed.size(), size_t(1));
        QCOMPARE(fieldValue(failed[0]->fields, "message"), "System.TimeoutException : no answer from ledger-db:5432");
    }

    void readsXunit()
    {
        const auto read = test::readSource("xunit-xml", test::fileBytes(test::dataPath(u"xunit-xml/api.xml"_s)));
        const auto failed = failures(read->evidence);
        QCOMPARE(failed.size(), size_t(2));
        QCOMPARE(fieldValue(failed[0]->fields, "message"), "System.IO.IOException : could not remove /tmp/api.db");
        QCOMPARE(fieldValue(failed[1]->fields, "test"), "Api.Tests.OrderTests.Rejects(amount: -1)");
        QCOMPARE(fieldValue(failed[1]->fields, "type"), "Xunit.Sdk.EqualException");
        QCOMPARE(fieldValue(failed[1]->fields, "message"), "Assert.Equal() Failure: Values differ");
        QCOMPARE(span(read->evidence, "Api.Tests.OrderTests.Exports")->outcome, Outcome::Skipped);
        QCOMPARE(read->evidence.basis, TimeBasis::Local);
        QCOMPARE(text(read->evidence.first), "2026-05-04T10:00:00Z");
    }

    void readsTrx()
    {
        const auto read = test::readSource("trx", test::fileBytes(test::dataPath(u"trx/run.trx"_s)));
        const auto failed = failures(read->evidence);
        QCOMPARE(failed.size(), size_t(3));
        QCOMPARE(fieldValue(failed[0]->fields, "message"), "Assert.AreEqual failed. Expected:<20.00>. Actual:<19.99>.");
        QCOMPARE(text(failed[0]->time->hi), "2026-05-04T10:00:03.5Z");
        QCOMPARE(fieldValue(failed[1]->fields, "test"), "Billing.InvoiceTests.Sends"); // no more than its outcome
        QCOMPARE(fieldValue(failed[2]->fields, "message"),
                 "The active test run was aborted. Reason: Test host process crashed");
        QCOMPARE(test::factValue(read->evidence, "tests", "failed"), "2");
        QCOMPARE(read->evidence.zone, "+02:00");
    }

    void standsDeepNesting()
    {
        const auto read = test::readSource("junit-xml", QByteArray("<testsuite>").repeated(100'000));
        QVERIFY(!read->evidence.notes.empty());
        QVERIFY(read->evidence.spans.size() < 1000);
    }

    void readsFiftyMegabytesASecond()
    {
        if (qEnvironmentVariableIsEmpty("FAULTLINE_MEASURE"))
            QSKIP("Set FAULTLINE_MEASURE to measure");
        QByteArray text = "<testsuites>\n";
        for (int suite = 0; suite < 2000; ++suite) {
            text += "<testsuite name=\"com.acme.Suite" + QByteArray::number(suite)
                    + "\" tests=\"20\" time=\"1.5\" timestamp=\"2026-05-04T10:00:00\">\n";
            for (int i = 0; i < 20; ++i)
                text += "  <testcase classname=\"com.acme.Suite\" name=\"test" + QByteArray::number(i)
                        + "\" time=\"0.075\">\n    <system-out><![CDATA["
                        + QByteArray("10:00:01.123 INFO  [main] com.acme.Ledger - posted entry 4711 to account 42\n")
                              .repeated(15)
                        + "]]></system-out>\n  </testcase>\n";
            text += "</testsuite>\n";
        }
        text += "</testsuites>\n";
        const std::clock_t before = std::clock(); // of this process: others may be at work
        const auto read = test::readSource("junit-xml", text);
        const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        qInfo("%.1f MB in %.3f s: %.0f MB/s", static_cast<double>(text.size()) / 1e6, seconds,
              static_cast<double>(text.size()) / 1e6 / seconds);
        QCOMPARE(read->evidence.spans.size(), size_t(42'000));
    }
};

FAULTLINE_TEST(TestJunitXml)
#include "tst_junitxml.moc"
