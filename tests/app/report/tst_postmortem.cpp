// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/postmortem.h"

#include "app/pages/pdfreport.h"
#include "app/pages/svgdrawing.h"
#include "app/pages/usertemplate.h"
#include "app/report/markdownhtml.h"
#include "app/report/timelinerows.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QBuffer>
#include <QFile>
#include <QPainter>
#include <QPdfWriter>
#include <QPicture>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTextDocument>

using namespace faultline;
using namespace Qt::StringLiterals;

class PostmortemTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPlaceholderIsDocumentedAndHasSomethingToSay()
    {
        QFile file(u":/faultline/templates/README.md"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString page = QString::fromUtf8(file.readAll());
        const Analysis analysis = noted();
        for (const Placeholder &placeholder : placeholders()) {
            QVERIFY2(page.contains(u"[["_s + placeholder.name), qPrintable(placeholder.name));
            if (placeholder.name == u"comparison")
                continue; // the sample is compared with nothing
            const QString argument = placeholder.name == u"note"      ? u" 1"_s
                                     : placeholder.name == u"picture" ? u" focus"_s
                                                                      : QString();
            const PostmortemPage filled = fillPostmortem(u"[[%1%2]]"_s.arg(placeholder.name, argument), analysis);
            QVERIFY2(filled.problems.empty(), filled.problems.empty() ? "" : qPrintable(filled.problems[0].toString()));
            QVERIFY2(!filled.markdown.isEmpty() && !filled.markdown.contains(u"[["), qPrintable(filled.markdown));
        }
        for (const auto &[words, what] : placeholderChoices(analysis))
            if (!words.contains(u"comparison"))
                QVERIFY2(fillPostmortem(words, analysis).problems.empty(), qPrintable(words));
    }

    void problemsStandAtTheirPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("unknown") << u"# A\n\nOf [[sumary]] only"_s << 3 << 4;
        QTest::newRow("a block within a sentence") << u"See [[timeline]] here"_s << 1 << 5;
        QTest::newRow("no such note") << u"\n[[note 7]]"_s << 2 << 1;
        QTest::newRow("a note without number") << u"[[note]]"_s << 1 << 1;
        QTest::newRow("no such cause") << u"[[cause no.such]]"_s << 1 << 1;
        QTest::newRow("no such picture") << u"[[picture moon]]"_s << 1 << 1;
        QTest::newRow("no comparison") << u"[[comparison]]"_s << 1 << 1;
        QTest::newRow("too much said") << u"[[clocks all]]"_s << 1 << 1;
    }

    void problemsStandAtTheirPlace()
    {
        QFETCH(QString, text);
        QFETCH(int, line);
        QFETCH(int, column);
        const PostmortemPage filled = fillPostmortem(text, noted());
        QCOMPARE(filled.problems.size(), 1u);
        QCOMPARE(filled.problems[0].position.line, line);
        QCOMPARE(filled.problems[0].position.column, column);
        QCOMPARE(filled.markdown, text); // what is wrong stays to be seen
    }

    void codeAndOtherBracketsAreText()
    {
        const QString text =
            u"`[[x]]` \\[[y]] [[z]](http://a) [a][b]\n\n```\n[[timeline]]\n```\n~~~\n[[x]]\n```\n~~~\n"_s;
        const PostmortemPage filled = fillPostmortem(text, noted());
        QVERIFY2(filled.problems.empty(), filled.problems.empty() ? "" : qPrintable(filled.problems[0].toString()));
        QCOMPARE(filled.markdown, text);
    }

    void markdownNamesItsPicturesBesideIt()
    {
        const PostmortemPage filled =
            fillPostmortem(u"# Why *it* failed\n\n[[picture timeline]]\n\n[[picture flow]]\n"_s, noted());
        ReportPictures pictures;
        pictures.timelineSvg = "<svg/>";
        const ReportFiles files = postmortemMarkdown(filled, pictures, u"our case"_s);
        QVERIFY(files.main.contains("![Timeline](<our case-timeline.svg>)"));
        QVERIFY(!files.main.contains("faultline:")); // one that there is not is left out
        QCOMPARE(files.pictures.size(), 1u);
        QCOMPARE(files.pictures[0].first, u"our case-timeline.svg"_s);
        QCOMPARE(postmortemTitle(filled), u"Why *it* failed"_s);
        const QByteArray html = postmortemHtml(filled, pictures);
        QVERIFY(html.contains("<svg/>") && !html.contains("faultline:"));
        QCOMPARE(postmortemHtml(filled, pictures), html);
    }

    void markdownOfOthersRunsAndFetchesNothing_data()
    {
        QTest::addColumn<QString>("markdown");
        QTest::addColumn<QString>("html");
        QTest::newRow("a script's address") << u"[a](javascript:b)"_s << u"<p><a>a</a></p>\n"_s;
        QTest::newRow("a page") << u"[a](https://b)"_s << u"<p><a href=\"https://b\" rel=\"noreferrer\">a</a></p>\n"_s;
        QTest::newRow("a picture from elsewhere") << u"![a](http://b/c.png \"t\")"_s << u"<p>a</p>\n"_s;
        QTest::newRow("a picture nobody has") << u"![a](faultline:d)"_s << u"<p>a</p>\n"_s;
        QTest::newRow("markup") << u"<b onclick=x>"_s << u"<p>&lt;b onclick=x&gt;</p>\n"_s;
        QTest::newRow("an address that breaks out")
            << u"[a](<https://b\"onclick=c>)"_s
            << u"<p><a href=\"https://b%22onclick=c\" rel=\"noreferrer\">a</a></p>\n"_s;
    }

    void markdownOfOthersRunsAndFetchesNothing()
    {
        QFETCH(QString, markdown);
        QFETCH(QString, html);
        QCOMPARE(markdownHtml(markdown), html);
    }

    void templatesTellWhatIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        QTest::newRow("fine")
            << u"{% for f in failures %}{{ f.what }}{% endfor %}{% if spikes %}{{ headline }}{% endif %}"_s << 0;
        QTest::newRow("not closed") << u"a\n{% for f in failures %}\nb"_s << 2;
        QTest::newRow("closes nothing") << u"a\n\n{% endif %}"_s << 3;
        QTest::newRow("unknown value") << u"{{ headline }}\n{{ headlines }}"_s << 2;
        QTest::newRow("unknown list") << u"{% for x in failure %}{% endfor %}"_s << 1;
        QTest::newRow("unknown tag") << u"a\nb\n{% frobnicate %}"_s << 3;
    }

    void templatesTellWhatIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(int, line);
        const auto problems = templateProblems(text, u"t.html"_s);
        QCOMPARE(problems.size(), line > 0 ? 1u : 0u);
        if (line > 0)
            QCOMPARE(problems[0].position.line, line);
    }

    void shippedTemplatesHaveNoProblems()
    {
        for (const QString &name : {u"postmortem.md"_s, u"report.html"_s, u"report-print.html"_s}) {
            QFile file(u":/faultline/templates/"_s + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto problems = templateProblems(QString::fromUtf8(file.readAll()), name);
            QVERIFY2(problems.empty(), problems.empty() ? "" : qPrintable(problems[0].toString()));
        }
        const auto text =
            fillTemplate(postmortemTemplates({}).front().path, TemplateMarkup::Markdown, reportData(noted()));
        QVERIFY2(text.has_value(), text ? "" : qPrintable(text.error().toString()));
        const PostmortemPage filled = fillPostmortem(*text, noted());
        QVERIFY2(filled.problems.empty(), filled.problems.empty() ? "" : qPrintable(filled.problems[0].toString()));
    }

    void markdownTemplatesEscapeWhatLogsSay()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"t.md"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{% for f in failures %}{{ f.what }}{% endfor %}");
        file.close();
        ReportData data;
        data.failures.emplace_back().what = u"<b>*x* [[summary]]"_s;
        const auto text = fillTemplate(path, TemplateMarkup::Markdown, data);
        QVERIFY(text.has_value());
        QCOMPARE(*text, u"&lt;b&gt;\\*x\\* \\[\\[summary\\]\\]"_s);
        QVERIFY(fillPostmortem(*text, noted()).problems.empty());
    }

    void theAnnotatedTimelineIsATable()
    {
        const QByteArray csv = timelineCsv(noted());
        const QByteArrayList lines = csv.trimmed().split('\n');
        QCOMPARE(lines[0].trimmed(), "time,end,kind,where,source,line,text,author,tags");
        for (const char *kind : {",failure,", ",evidence,", ",spike,", ",note,"})
            QVERIFY2(csv.contains(kind), csv.constData());
        QVERIFY(csv.contains("'=cmd()")); // no spreadsheet runs a note
        QByteArrayList times;
        for (qsizetype i = 1; i < lines.size(); ++i)
            if (const QByteArray time = lines[i].split(',').first(); !time.isEmpty())
                times << time;
        QVERIFY(std::ranges::is_sorted(times));
    }

    void noHeadingStandsAloneAtAPagesFoot()
    {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        QVERIFY(buffer.open(QIODevice::WriteOnly));
        QPdfWriter writer(&buffer);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF());
        QList<int> moved;
        constexpr int MostLines = 60; // more than a page holds
        for (int lines = 1; lines < MostLines; ++lines) {
            QTextDocument document;
            document.setHtml(u"<p>line</p>"_s.repeated(lines) + u"<h2>heading</h2><h3>another</h3><p>text</p>"_s);
            keepHeadingsWithText(document, writer);
            for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
                if (block.blockFormat().pageBreakPolicy() != QTextFormat::PageBreak_AlwaysBefore)
                    continue;
                QCOMPARE(block.text(), u"heading"_s); // and the other one with it
                moved.append(lines);
            }
        }
        QVERIFY(!moved.isEmpty() && moved.size() < 8); // those lengths only that end a page
        QCOMPARE(moved.last() - moved.first() + 1, moved.size());
    }

    void wordsOfAPictureStayWords()
    {
        const QByteArray svg =
            "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='50' viewBox='0 0 100 50'>"
            "<defs><clipPath id='c'><path d='M0,0 L50,0 L50,50 L0,50 Z'/></clipPath></defs>"
            "<g font-family='Noto Sans' font-size='10' fill='#ff0000' transform='matrix(2,0,0,2,10,5)'>"
            "<g clip-path='url(#c)'><rect x='0' y='0' width='10' height='10'/>"
            "<text x='3' y='4'>a &lt;b&gt;</text></g></g></svg>";
        SvgDrawing drawing(svg);
        QVERIFY(!drawing.isEmpty());
        QCOMPARE(drawing.size(), QSize(100, 50));
        QPicture picture;
        QPainter painter(&picture);
        drawing.draw(painter, QRectF(0, 0, 100, 50));
        painter.end();
        // As text, not as a path.
        const QString recorded =
            QString::fromUtf16(reinterpret_cast<const char16_t *>(picture.data()), picture.size() / 2);
        QByteArray bigEndian(picture.data(), static_cast<qsizetype>(picture.size()));
        QVERIFY(bigEndian.contains(QByteArray("\0a\0 \0<\0b\0>", 10)) || recorded.contains(u"a <b>"));
    }

private:
    static Analysis noted()
    {
        Analysis analysis = test::sampleAnalysis();
        Annotation note;
        note.id = 1;
        note.from = analysis.findings->failures[0].time->time;
        note.text = u"=cmd()"_s;
        note.author = u"Ada"_s;
        analysis.annotations = std::make_shared<const Annotations>(Annotations{note});
        auto findings = std::make_shared<Findings>(*analysis.findings);
        Spike spike;
        spike.series = 0;
        spike.peak = TimeNs{1'490 * NsPerSecond};
        spike.value = 149 * 1048576.0;
        findings->spikes.push_back(spike);
        analysis.findings = std::move(findings);
        return analysis;
    }
};

FAULTLINE_TEST(PostmortemTest)
#include "tst_postmortem.moc"
