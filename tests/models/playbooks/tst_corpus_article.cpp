// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/playbook.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestCorpusArticle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// The flowcharts that people publish about this very subject.
    void readsItsFlowcharts()
    {
        const QString path = test::corpusPath(u"../article.txt"_s);
        if (path.isEmpty())
            QSKIP("The article is not here");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
        int charts = 0;
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (!lines[i].startsWith(u"graph ") && !lines[i].startsWith(u"flowchart "))
                continue;
            qsizetype end = i + 1;
            while (end < lines.size() && (lines[end].contains(u"--") || lines[end].trimmed().isEmpty()))
                ++end;
            const auto chart = parseMermaid(lines.sliced(i, end - i).join(u'\n'), path, i + 1);
            QVERIFY2(chart.has_value(), chart ? "" : qPrintable(chart.error().toString()));
            QVERIFY(chart->edges.size() >= 4);
            ++charts;
        }
        QVERIFY(charts >= 8);
    }
};

FAULTLINE_TEST(TestCorpusArticle)
#include "tst_corpus_article.moc"
