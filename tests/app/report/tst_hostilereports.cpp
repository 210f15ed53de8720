// SPDX-License-Identifier: GPL-3.0-or-later
// A run whose files, log lines, labels and notes are written to break out of what is made of them: in a browser nothing of them may run,
// become an element or fetch anything.
#include "app/analysis/analyze.h"
#include "app/batch/batch.h"
#include "app/pages/batchpage.h"
#include "app/pages/pictures.h"
#include "app/pages/postmortem.h"
#include "app/pages/share.h"
#include "tests/support/paths.h"
#include "tests/support/test.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <md4c-html.h>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

const QString Host = u"faultline-probe.invalid"_s;

/// Each says so where it runs ("data-probe" on the root) and fetches where it may.
QStringList payloads()
{
    const QString run = u"document.documentElement.setAttribute('data-probe','ran')"_s;
    QStringList all{
        // Markup.
        u"<script>RUN</script>"_s,
        u"<img src=http://HOST/i.png onerror=RUN>"_s,
        u"<svg onload=RUN><image href='http://HOST/v.png'/></svg>"_s,
        u"</title></style></script><script>RUN</script>"_s,
        u"--><script>RUN</script><!--"_s,
        u"]]><script>RUN</script><![CDATA["_s,
        u"\" onmouseover=\"RUN\" style=\"background:url(http://HOST/s.png)"_s,
        u"' autofocus onfocus='RUN"_s,
        u"<iframe src=\"javascript:RUN\"></iframe>"_s,
        u"<object data='http://HOST/o.swf'></object><embed src='http://HOST/e'>"_s,
        u"<link rel=stylesheet href='http://HOST/l.css'><style>@import 'http://HOST/i.css'</style>"_s,
        u"<meta http-equiv=refresh content='0;url=http://HOST/r'><base href='http://HOST/'>"_s,
        u"<form action=http://HOST/f><button formaction='javascript:RUN'>x</form>"_s,
        u"<details open ontoggle=RUN><summary>x</summary></details>"_s,
        u"&lt;script&gt;RUN&lt;/script&gt; &#60;script&#62;RUN&#60;/script&#62;"_s,
        u"<math><mtext></table><mglyph><style><img src=x onerror=RUN>"_s,
        // Templates.
        u"{{ headline|safe }} {% include \"/etc/passwd\" %} {% for x in failures %}"_s,
        // Markdown.
        u"[click](javascript:RUN) [data](data:text/html,<script>RUN</script>)"_s,
        u"![x](http://HOST/m.png) ![y](faultline:timeline)"_s,
        u"<http://HOST/a> http://HOST/b www.HOST"_s,
        u"| a | b |\n|---|---|\n| <script>RUN</script> | x |"_s,
        u"``` \n<script>RUN</script>\n```"_s,
        u"[ref]: javascript:RUN \"x\"\n\n[ref]"_s,
        u"> quote\n\n<script>RUN</script>\n\n# heading"_s,
        u"\\<script>RUN</script> \\`<img src=x onerror=RUN>"_s,
        u"[[picture timeline]] [[note 1]] ![z](<javascript:RUN>)"_s,
        // Mermaid.
        u"\"]; click killed call RUN; A[\"<img src=x onerror=RUN>"_s,
        u"%%{init: {'securityLevel':'loose'}}%%\nend\n```\n<script>RUN</script>"_s,
        // What is not seen.
        u"\u202e<script>RUN</script>\u202c\u0007\u001b[31m<b onclick=RUN>red</b>\u001b[0m"_s,
    };
    for (QString &payload : all)
        payload.replace(u"RUN"_s, run).replace(u"HOST"_s, Host);
    return all;
}

/// As a viewer shows Markdown that lets all HTML through.
QByteArray carelessHtml(const QByteArray &markdown)
{
    QByteArray html = "<!DOCTYPE html><html><head><title>page</title></head><body>";
    const auto append = [](const MD_CHAR *text, MD_SIZE size, void *into) {
        static_cast<QByteArray *>(into)->append(text, size);
    };
    md_html(markdown.constData(), static_cast<MD_SIZE>(markdown.size()), append, &html,
            MD_DIALECT_GITHUB & ~static_cast<unsigned>(MD_FLAG_PERMISSIVEAUTOLINKS), 0);
    return html + "</body></html>";
}

struct Browsed {
    QString dom;
    QByteArray network;
};

} // namespace

class HostileReportsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_chromium = qEnvironmentVariable("FAULTLINE_CHROMIUM");
        for (const QString &name : {u"chromium"_s, u"chromium-browser"_s, u"google-chrome"_s})
            if (m_chromium.isEmpty())
                m_chromium = QStandardPaths::findExecutable(name);
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge.has_value());
        writeRun();
        AnalyzeOptions options;
        options.annotations = std::make_shared<const Annotations>(notes());
        const auto baseline = loadBaseline({m_folder.filePath(u"passed"_s)}, **knowledge, {});
        QVERIFY(baseline.has_value());
        options.baseline = *baseline;
        auto analysis = analyze({m_folder.filePath(u"run"_s)}, **knowledge, options);
        QVERIFY2(analysis.has_value(), analysis ? "" : qPrintable(analysis.error().toString()));
        m_analysis = std::move(*analysis);
        m_analysis.postmortem =
            u"# Postmortem of [[summary]]\n\n[[picture timeline]]\n\n[[timeline all]]\n\n[[failure]]\n\n"
            "[[proof]]\n\n[[notes]]\n\n[[comparison]]\n\n[[clocks]]\n\n[[correlation]]\n\n[[picture flow]]\n\n"_s
            + payloads().join(u"\n\n"_s);
        QVERIFY(!m_analysis.findings->failures.empty());
        QVERIFY(m_analysis.comparison && m_analysis.comparison->newLines >= 10);
        m_pictures = reportPictures(m_analysis);
        QVERIFY(!m_pictures.timelineSvg.isEmpty());
    }

    void theCorpusIsInThePages()
    {
        // Else the rest would prove nothing.
        const QByteArray html = *writeReport(ReportFormat::Html, m_analysis, m_pictures);
        for (const char *part : {"&lt;script&gt;document", "&lt;iframe", "onmouseover=", "securityLevel"})
            QVERIFY2(html.contains(part), part);
    }

    void theDetectorDetects()
    {
        if (m_chromium.isEmpty())
            QSKIP("Chromium is not installed");
        const Browsed browsed = browse("<!DOCTYPE html><html><body>" + payloads()[0].toUtf8() + payloads()[1].toUtf8());
        QVERIFY(browsed.dom.contains(u"data-probe"));
        QVERIFY(browsed.network.contains(Host.toLatin1()));
        QVERIFY(!strangers(browsed.dom).isEmpty());
    }

    void nothingRunsInABrowser_data()
    {
        QTest::addColumn<QByteArray>("page");
        const PostmortemPage filled = fillPostmortem(m_analysis.postmortem, m_analysis);
        QTest::newRow("report") << *writeReport(ReportFormat::Html, m_analysis, m_pictures);
        QTest::newRow("report's Markdown") << carelessHtml(*writeReport(ReportFormat::Markdown, m_analysis, {}));
        QTest::newRow("postmortem") << postmortemHtml(filled, m_pictures);
        QTest::newRow("timeline") << QByteArray("<!DOCTYPE html><html><body>" + m_pictures.timelineSvg);
        QTest::newRow("flowchart") << QByteArray("<!DOCTYPE html><html><body>" + m_pictures.flowSvg);
        QTest::newRow("batch") << batchHtml(hostileBatch());
    }

    void nothingRunsInABrowser()
    {
        QFETCH(QByteArray, page);
        // The pages' own policy would hide what gets through: looked at without it.
        page.replace("Content-Security-Policy", "x-no-policy");
        const QStringList wrong = strangers(QString::fromUtf8(page));
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
        if (m_chromium.isEmpty())
            QSKIP("Chromium is not installed: elements were looked at, a browser was not");
        const Browsed browsed = browse(page);
        QVERIFY(browsed.dom.contains(u"</body>"));
        QVERIFY(!browsed.dom.contains(QRegularExpression(u"<html[^>]*data-probe"_s)));
        const QStringList there = strangers(browsed.dom);
        QVERIFY2(there.isEmpty(), qPrintable(there.join(u'\n')));
        QVERIFY(!browsed.network.contains(Host.toLatin1()));
    }

    /// By Mermaid itself, as GitHub and GitLab draw the blocks of the report.
    void mermaidDrawsTheFlowcharts()
    {
        const QString mermaid = test::sourcePath(u"tests/mermaid/node_modules/mermaid/dist/mermaid.min.js"_s);
        if (m_chromium.isEmpty() || !QFileInfo::exists(mermaid))
            QSKIP("Chromium or Mermaid are not there: run npm ci in tests/mermaid");
        const QByteArray markdown = *writeReport(ReportFormat::Markdown, m_analysis, {});
        static const QRegularExpression block(u"```mermaid\\n(.*?)```"_s,
                                              QRegularExpression::DotMatchesEverythingOption);
        auto blocks = block.globalMatch(QString::fromUtf8(markdown));
        QByteArray page = "<!DOCTYPE html><html><head><title>page</title></head><body>";
        int count = 0;
        for (; blocks.hasNext(); ++count)
            page += "<pre class=\"mermaid\">" + blocks.next().captured(1).toHtmlEscaped().toUtf8() + "</pre>";
        QVERIFY(count > 0);
        page += "<script src=\"file://" + mermaid.toUtf8()
                + "\"></script><script>mermaid.initialize({securityLevel:'loose'});</script></body></html>";
        const Browsed browsed = browse(page);
        QCOMPARE(browsed.dom.count(u"data-processed=\"true\""), count);
        QVERIFY(browsed.dom.contains(u"class=\"flowchart\""));
        QVERIFY(!browsed.dom.contains(u"Syntax error"));
        QVERIFY(!browsed.dom.contains(QRegularExpression(u"<html[^>]*data-probe"_s)));
        QVERIFY(!browsed.network.contains(Host.toLatin1()));
    }

private:
    static Batch hostileBatch()
    {
        Batch batch;
        for (const QString &payload : payloads()) {
            BatchRun run;
            run.path = u"/runs/"_s + payload;
            run.failed = true;
            run.what = run.cause = run.title = run.status = run.failingLine = payload;
            run.cluster = payload.toUtf8();
            run.failedTests = {payload};
            batch.runs.push_back(run);
            BatchCount count;
            count.id = count.title = payload;
            count.count = 3;
            count.passed = 1;
            count.runs = {run.path};
            batch.causes.push_back(count);
            batch.unknown.push_back(count);
            batch.flaky.push_back(count);
        }
        batch.failedRuns = std::ssize(batch.runs);
        return batch;
    }

    void write(const QString &name, const QByteArray &bytes)
    {
        const QString path = m_folder.filePath(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }

    /// A GitHub Actions log, a kernel's log and metrics; names and labels are hostile too.
    void writeRun()
    {
        QByteArray log = "2026-03-03T10:00:00.1000000Z ##[group]Run <script>probe</script>\n"
                         "2026-03-03T10:00:00.2000000Z make test\n2026-03-03T10:00:00.3000000Z ##[endgroup]\n";
        int second = 1;
        const auto add = [&](const QByteArray &text) {
            log += "2026-03-03T10:00:" + QByteArray::number(second++ % 60).rightJustified(2, '0') + ".1000000Z " + text
                   + '\n';
        };
        for (const QString &payload : payloads()) {
            QString line = payload;
            line.replace(u'\n', u' ');
            add("##[error]" + line.toUtf8());
            add("--- FAIL: Test" + line.toUtf8() + " (0.01s)");
        }
        add("panic: " + payloads()[1].toUtf8());
        add("##[error]Process completed with exit code 2.");
        write(u"run/<img src=x onerror=alert(1)> \"'`|[a](javascript:b).log"_s, log);
        write(u"passed/<script>ci.log"_s,
              "2026-03-02T10:00:00.1000000Z make test\n2026-03-02T10:00:05.1000000Z <script>gone()</script>\n"
              "2026-03-02T10:00:06.1000000Z ok\n");
        QJsonArray samples;
        for (int i = 0; i < 40; ++i)
            samples.append(QJsonArray{1772532000 + 2 * i, QString::number(i < 30 ? 100 + i % 3 : 1000)});
        const QJsonObject series{
            {u"metric"_s,
             QJsonObject{{u"__name__"_s, u"memory_bytes"_s}, {u"pod"_s, payloads()[1]}, {u"job"_s, payloads()[17]}}},
            {u"values"_s, samples}};
        write(u"run/memory.json"_s,
              QJsonDocument(QJsonObject{{u"status"_s, u"success"_s},
                                        {u"data"_s, QJsonObject{{u"resultType"_s, u"matrix"_s},
                                                                {u"result"_s, QJsonArray{series}}}}})
                  .toJson());
    }

    Annotations notes() const
    {
        Annotations notes;
        for (const QString &payload : payloads()) {
            Annotation note;
            note.id = static_cast<qint64>(notes.size()) + 1;
            note.from = fromRfc3339("2026-03-03T10:00:30Z");
            note.text = payload;
            note.quote = payload;
            note.author = payload;
            note.tags = {payload};
            note.playbook = note.node = payload;
            if (notes.size() % 3 == 0)
                note.target = AnnotationTarget::Node;
            notes.push_back(note);
        }
        return notes;
    }

    Browsed browse(const QByteArray &page)
    {
        const QString file = m_folder.filePath(u"page.html"_s);
        const QString network = m_folder.filePath(u"network.json"_s);
        write(u"page.html"_s, page);
        QFile::remove(network);
        QProcess chromium;
        chromium.start(m_chromium,
                       {u"--headless"_s, u"--no-sandbox"_s, u"--disable-gpu"_s, u"--disable-extensions"_s,
                        u"--user-data-dir="_s + m_folder.filePath(u"profile"_s), u"--log-net-log="_s + network,
                        u"--virtual-time-budget=3000"_s, u"--dump-dom"_s, u"file://"_s + file});
        if (!chromium.waitForFinished(120'000))
            chromium.kill();
        QFile told(network);
        Browsed browsed{QString::fromUtf8(chromium.readAllStandardOutput()), {}};
        if (told.open(QIODevice::ReadOnly))
            browsed.network = told.readAll();
        return browsed;
    }

    /// Elements and attributes that no page of ours has.
    static QStringList strangers(const QString &page)
    {
        static const QRegularExpression comment(u"<!--.*?-->"_s, QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression style(u"<style>.*?</style>"_s, QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression tag(u"<([A-Za-z][^\\s/>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"_s);
        static const QRegularExpression attribute(u"([^\\s=/\"']+)\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^\\s>]+)"_s);
        static const QSet<QString> known{u"html"_s,
                                         u"head"_s,
                                         u"meta"_s,
                                         u"title"_s,
                                         u"style"_s,
                                         u"body"_s,
                                         u"h1"_s,
                                         u"h2"_s,
                                         u"h3"_s,
                                         u"h4"_s,
                                         u"p"_s,
                                         u"a"_s,
                                         u"br"_s,
                                         u"hr"_s,
                                         u"em"_s,
                                         u"strong"_s,
                                         u"code"_s,
                                         u"pre"_s,
                                         u"ul"_s,
                                         u"ol"_s,
                                         u"li"_s,
                                         u"blockquote"_s,
                                         u"table"_s,
                                         u"thead"_s,
                                         u"tbody"_s,
                                         u"tr"_s,
                                         u"th"_s,
                                         u"td"_s,
                                         u"div"_s,
                                         u"span"_s,
                                         u"section"_s,
                                         u"footer"_s,
                                         u"svg"_s,
                                         u"g"_s,
                                         u"path"_s,
                                         u"rect"_s,
                                         u"polyline"_s,
                                         u"polygon"_s,
                                         u"line"_s,
                                         u"text"_s,
                                         u"tspan"_s,
                                         u"defs"_s,
                                         u"clippath"_s,
                                         u"desc"_s,
                                         u"ellipse"_s,
                                         u"circle"_s,
                                         u"lineargradient"_s,
                                         u"stop"_s,
                                         u"use"_s,
                                         u"mask"_s,
                                         u"del"_s};
        QStringList wrong;
        const QString body = QString(page).remove(comment).remove(style);
        auto tags = tag.globalMatch(body);
        while (tags.hasNext()) {
            const QRegularExpressionMatch match = tags.next();
            const QString name = match.captured(1).toLower();
            if (!known.contains(name))
                wrong.append(match.captured().left(200));
            auto attributes = attribute.globalMatch(match.captured(2));
            while (attributes.hasNext()) {
                const QRegularExpressionMatch one = attributes.next();
                const QString key = one.captured(1).toLower();
                const QString value = one.captured(2).remove(u'"').remove(u'\'').trimmed().toLower();
                const bool leads = key == u"href" || key == u"xlink:href";
                const bool isFine = leads ? value.startsWith(u"http://") || value.startsWith(u"https://")
                                                || value.startsWith(u"mailto:") || value.startsWith(u'#')
                                          : !key.startsWith(u"on") && key != u"src" && key != u"action"
                                                && !(key == u"style" && value.contains(u"url("));
                if (!isFine || (leads && name != u"a" && !value.startsWith(u'#')))
                    wrong.append(match.captured().left(200));
            }
        }
        return wrong;
    }

    QTemporaryDir m_folder;
    QString m_chromium;
    Analysis m_analysis;
    ReportPictures m_pictures;
};

FAULTLINE_TEST(HostileReportsTest)
#include "tst_hostilereports.moc"
