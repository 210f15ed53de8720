// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/cacheuse.h"

#include <array>
#include <charconv>
#include <optional>

namespace faultline {

namespace {

struct Said {
    const char *cache;
    qint64 hits = 0;
    qint64 misses = 0;
};

struct Phrase {
    std::string_view text;
    const char *cache;
    bool isHit;
};

// The words of actions/cache and actions/setup-*, gitlab-runner, the CircleCI, Azure and Bitbucket agents, docker build, BuildKit
// (--progress=plain), turbo and nx, as they write them to the log.
constexpr std::array Phrases{
    Phrase{"Cache restored from key:", "GitHub Actions cache", true},
    Phrase{"Cache hit for:", "GitHub Actions cache", true},
    Phrase{"Cache not found for input keys:", "GitHub Actions cache", false},
    Phrase{"cache is not found", "GitHub Actions cache", false},
    Phrase{"Successfully extracted cache", "GitLab cache", true},
    Phrase{"Failed to extract cache", "GitLab cache", false},
    Phrase{"Cache file does not exist", "GitLab cache", false},
    Phrase{"Found a cache from build", "CircleCI cache", true},
    Phrase{"No cache is found for key", "CircleCI cache", false},
    Phrase{"There is a cache hit:", "Azure Pipelines cache", true},
    Phrase{"There is a cache miss.", "Azure Pipelines cache", false},
    Phrase{"---> Using cache", "Docker layers", true},
    Phrase{"cache hit, replaying", "Turborepo", true},
    Phrase{"cache hit, suppressing", "Turborepo", true},
    Phrase{"cache miss, executing", "Turborepo", false},
    Phrase{"[local cache]", "Nx", true},
    Phrase{"[remote cache]", "Nx", true},
    Phrase{"[existing outputs match the cache", "Nx", true},
};

std::string_view trimmed(std::string_view text)
{
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// The number that ends right before `what`: "12 executed".
std::optional<qint64> numberBefore(std::string_view text, std::string_view what)
{
    const size_t at = text.find(what);
    if (at == std::string_view::npos)
        return std::nullopt;
    size_t begin = at;
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9')
        --begin;
    qint64 number = 0;
    const auto [end, error] = std::from_chars(text.data() + begin, text.data() + at, number);
    return error == std::errc() && end == text.data() + at ? std::optional(number) : std::nullopt;
}

/// The number that `text` begins with after blanks.
std::optional<qint64> firstNumber(std::string_view text)
{
    text = trimmed(text);
    qint64 number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// "Hits: 27 / 30 (90.00%)": the form of ccache 4.4 and later.
std::optional<Said> saidByCcache(std::string_view text)
{
    if (!text.starts_with("Hits:"))
        return std::nullopt;
    const size_t slash = text.find('/');
    const auto hits = firstNumber(text.substr(5));
    const auto all = slash == std::string_view::npos ? std::nullopt : firstNumber(text.substr(slash + 1));
    return hits && all && *hits <= *all ? std::optional(Said{"ccache", *hits, *all - *hits}) : std::nullopt;
}

std::optional<Said> saidBySummary(std::string_view text)
{
    if (text.find(" actionable task") != std::string_view::npos)
        return Said{"Gradle",
                    numberBefore(text, " from cache").value_or(0) + numberBefore(text, " up-to-date").value_or(0),
                    numberBefore(text, " executed").value_or(0)};
    if (const auto all = text.starts_with("INFO: ") ? numberBefore(text, " processes:") : std::nullopt) {
        const qint64 hits = numberBefore(text, " remote cache hit").value_or(0)
                            + numberBefore(text, " disk cache hit").value_or(0)
                            + numberBefore(text, " action cache hit").value_or(0);
        const qint64 ran = *all - hits - numberBefore(text, " internal").value_or(0);
        return Said{"Bazel", hits, std::max<qint64>(0, ran)};
    }
    if (text.starts_with("Cache hits ") && text.find('(') == std::string_view::npos)
        if (const auto hits = firstNumber(text.substr(11)))
            return Said{"sccache", *hits, 0};
    if (text.starts_with("Cache misses ") && text.find('(') == std::string_view::npos)
        if (const auto misses = firstNumber(text.substr(13)))
            return Said{"sccache", 0, *misses};
    return std::nullopt;
}

std::optional<Said> said(std::string_view text)
{
    if (text.starts_with("ok  \t"))
        return text.ends_with("(cached)") ? Said{"go test", 1, 0} : Said{"go test", 0, 1};
    if (text.starts_with("Using cached "))
        return Said{"pip", 1, 0};
    if (text.starts_with('#') && text.ends_with(" CACHED"))
        return Said{"BuildKit layers", 1, 0};
    if (const auto told = saidByCcache(text))
        return told;
    if (const auto told = saidBySummary(text))
        return told;
    if (text.find("ache") == std::string_view::npos)
        return std::nullopt;
    if (text.starts_with("Cache \"") && text.ends_with(": Downloaded"))
        return Said{"Bitbucket cache", 1, 0};
    if (text.starts_with("Cache \"") && text.ends_with(": Not found"))
        return Said{"Bitbucket cache", 0, 1};
    for (const Phrase &phrase : Phrases)
        if (text.find(phrase.text) != std::string_view::npos)
            return phrase.isHit ? Said{phrase.cache, 1, 0} : Said{phrase.cache, 0, 1};
    return std::nullopt;
}

/// Most lines say nothing of caches: found out without looking for each phrase.
bool mayTell(std::string_view text)
{
    constexpr size_t LongestTelling = 400;
    if (text.size() < 8 || text.size() > LongestTelling)
        return false;
    return text.find("ache") != std::string_view::npos || text.find("CACHED") != std::string_view::npos
           || text.starts_with("ok  ") || text.find("Hits:") != std::string_view::npos
           || text.find(" actionable task") != std::string_view::npos
           || text.find(" processes:") != std::string_view::npos;
}

} // namespace

void addCacheUse(std::string_view payload, int source, qint64 line, std::map<QByteArray, CacheUse> &into)
{
    if (!mayTell(payload))
        return;
    const auto told = said(trimmed(payload));
    if (!told || (told->hits == 0 && told->misses == 0))
        return;
    CacheUse &use = into[QByteArray(told->cache)];
    if (use.source < 0 || (use.misses == 0 && told->misses > 0)) {
        use.source = source;
        use.line = line;
    }
    use.hits += told->hits;
    use.misses += told->misses;
}

} // namespace faultline
