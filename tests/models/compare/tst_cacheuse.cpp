// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/cacheuse.h"
#include "tests/support/test.h"

using namespace faultline;

class CacheUseTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatLogsSayOfCaches_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("cache");
        QTest::addColumn<int>("hits");
        QTest::addColumn<int>("misses");
        const auto row = [](const char *line, const char *cache, int hits, int misses) {
            QTest::newRow(line) << QByteArray(line) << QByteArray(cache) << hits << misses;
        };
        row("Cache restored from key: Linux-go-9f86d081", "GitHub Actions cache", 1, 0);
        row("Cache not found for input keys: Linux-go-9f86d081, Linux-go-", "GitHub Actions cache", 0, 1);
        row("Successfully extracted cache", "GitLab cache", 1, 0);
        row("Found a cache from build 412 at go-mod-v4-", "CircleCI cache", 1, 0);
        row("No cache is found for key: go-mod-v4-12", "CircleCI cache", 0, 1);
        row(" ---> Using cache", "Docker layers", 1, 0);
        row("#12 CACHED", "BuildKit layers", 1, 0);
        row("ok  \tshop/pay\t(cached)", "go test", 1, 0);
        row("ok  \tshop/pay\t0.712s", "go test", 0, 1);
        row("8 actionable tasks: 3 executed, 1 from cache, 4 up-to-date", "Gradle", 5, 3);
        row("INFO: 120 processes: 80 remote cache hit, 10 internal, 30 linux-sandbox.", "Bazel", 80, 30);
        row("  Hits:              27 /   30 (90.00%)", "ccache", 27, 3);
        row("Cache misses                         14", "sccache", 0, 14);
        row("web:build: cache miss, executing 6d8f9a", "Turborepo", 0, 1);
        row("Using cached requests-2.31.0-py3-none-any.whl (62 kB)", "pip", 1, 0);
        row("Cache \"maven\": Not found", "Bitbucket cache", 0, 1);
    }

    void readsWhatLogsSayOfCaches()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, cache);
        QFETCH(int, hits);
        QFETCH(int, misses);
        std::map<QByteArray, CacheUse> uses;
        addCacheUse({line.constData(), static_cast<size_t>(line.size())}, 2, 41, uses);
        QCOMPARE(uses.size(), 1u);
        QCOMPARE(uses.begin()->first, cache);
        QCOMPARE(uses.begin()->second, (CacheUse{hits, misses, 2, 41}));
    }

    void otherLinesSayNothing()
    {
        std::map<QByteArray, CacheUse> uses;
        for (const std::string_view line :
             {"apache2: restarted", "error: cache directory is full", "Hits: many / few", "ok  all is well",
              "Cache hits (C/C++)                  12", "panic: attached", "waiting for 12 processes: none"})
            addCacheUse(line, 0, 1, uses);
        QVERIFY2(uses.empty(), uses.empty() ? "" : uses.begin()->first.constData());
    }

    void theFirstMissIsThePlace()
    {
        std::map<QByteArray, CacheUse> uses;
        addCacheUse("ok  \ta\t(cached)", 0, 1, uses);
        addCacheUse("ok  \tb\t0.1s", 0, 2, uses);
        addCacheUse("ok  \tc\t0.1s", 0, 3, uses);
        QCOMPARE(uses["go test"], (CacheUse{1, 2, 0, 2}));
    }
};

FAULTLINE_TEST(CacheUseTest)
#include "tst_cacheuse.moc"
