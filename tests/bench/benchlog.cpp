// SPDX-License-Identifier: GPL-3.0-or-later
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t LinesPerSignature = 1'000;
constexpr std::size_t FlushBytes = std::size_t{1} << 20U;

/// Of the lines that hit a signature, one in so many says that something failed.
constexpr std::uint64_t HitsPerFailure = 100;

struct Shipped {
    std::vector<std::string> patterns; ///< As other programs take them: without group names and anchors at the start.
    std::vector<std::string> harmless; ///< Examples, single lines that CI logs can hold.
    std::vector<std::string> failing;  ///< The same, of signatures that mean a failure.
};

/// Group names come twice in alternatives, and '^' counts from behind the time stamp; both are of no use to a search.
std::string forSearch(std::string_view pattern)
{
    std::string result;
    bool inClass = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            result += c;
            result += pattern[++i];
        } else if (!inClass && c == '^') {
            continue;
        } else if (!inClass && pattern.substr(i).starts_with("(?<")) {
            result += "(?:";
            i = std::min(pattern.find('>', i), pattern.size() - 1);
        } else {
            if (!inClass && c == '[') {
                inClass = true;
                result += c;
                // A ']' or '^' right after the bracket does not end the class.
                while (i + 1 < pattern.size() && (pattern[i + 1] == '^' || (pattern[i + 1] == ']' && i > 0))) {
                    result += pattern[++i];
                }
                continue;
            }
            inClass = inClass && c != ']';
            result += c;
        }
    }
    return result;
}

bool fitsCiLog(const YAML::Node &entry)
{
    const YAML::Node sources = entry["sources"];
    if (!sources || !sources.IsSequence() || sources.size() == 0) {
        return true;
    }
    return std::ranges::any_of(sources, [](const YAML::Node &kind) { return kind.as<std::string>() == "ci-log"; });
}

Shipped readSignatures(const fs::path &folder)
{
    std::vector<fs::path> files;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);

    Shipped shipped;
    for (const fs::path &file : files) {
        YAML::Node document = YAML::LoadFile(file.string());
        const YAML::Node entries = document.IsMap() ? document["signatures"] : document;
        for (const YAML::Node &entry : entries) {
            const std::string pattern = entry["pattern"].as<std::string>();
            // No text has a NUL: such a pattern names events that a reader adds itself, and other programs refuse it.
            if (pattern.find("\\x00") == std::string::npos && pattern.find("\\0") == std::string::npos) {
                shipped.patterns.push_back(forSearch(pattern));
            }
            // What ends a step would end it in the middle of its lines.
            const bool ends = entry["role"] && entry["role"].as<std::string>() == "end";
            for (const YAML::Node &example : entry["examples"]) {
                const std::string line = example.as<std::string>();
                if (!ends && fitsCiLog(entry) && line.find('\n') == std::string::npos) {
                    (entry["failure"] ? shipped.failing : shipped.harmless).push_back(line);
                }
            }
        }
    }
    return shipped;
}

/// xorshift64*: the same log from the same seed on every system.
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed * 0x9E3779B97F4A7C15ULL + 1)
    {
    }

    std::uint64_t below(std::uint64_t limit)
    {
        m_state ^= m_state >> 12U;
        m_state ^= m_state << 25U;
        m_state ^= m_state >> 27U;
        return (m_state * 0x2545F4914F6CDD1DULL >> 32U) % limit;
    }

private:
    std::uint64_t m_state;
};

/// What wrote the log: how a line's time and origin stand before its text.
enum class Dialect { GitHub, GitLab, Iso, Syslog, JournalShort, JournalJson, Dmesg };

std::optional<Dialect> dialectNamed(std::string_view name)
{
    static constexpr std::pair<std::string_view, Dialect> Names[] = {
        {"github", Dialect::GitHub}, {"github-tests", Dialect::GitHub},     {"gitlab", Dialect::GitLab},
        {"iso", Dialect::Iso},       {"syslog", Dialect::Syslog},           {"journal-short", Dialect::JournalShort},
        {"dmesg", Dialect::Dmesg},   {"journal-json", Dialect::JournalJson}};
    for (const auto &[known, dialect] : Names) {
        if (known == name) {
            return dialect;
        }
    }
    return std::nullopt;
}

/// A log of a build in steps that fails at its end. With `tests` nearly half of its lines are those of `go test -v`, each of which
/// is read; else a thousandth of its lines says something.
class LogWriter
{
public:
    LogWriter(std::FILE *file, std::uint64_t seed, Dialect dialect, bool tests)
        : m_file(file)
        , m_random(seed)
        , m_dialect(dialect)
        , m_tests(tests)
    {
        m_buffer.reserve(2 * FlushBytes);
    }

    void write(std::uint64_t bytes, const Shipped &shipped)
    {
        begin();
        while (m_written + m_buffer.size() < bytes) {
            step(shipped, bytes);
        }
        if (m_dialect == Dialect::GitHub) {
            line("##[error]Process completed with exit code 1.");
        } else if (m_dialect == Dialect::GitLab) {
            m_buffer += "\x1b[31;1mERROR: Job failed: exit code 1\n\x1b[0;m\n";
        }
        flush();
    }

private:
    void begin()
    {
        if (m_dialect == Dialect::GitHub) {
            m_buffer = "\xEF\xBB\xBF";
            for (const std::string_view payload : {"Current runner version: '2.323.0'", "##[group]Operating System",
                                                   "Ubuntu", "24.04.2", "##[endgroup]"}) {
                line(payload);
            }
        } else if (m_dialect == Dialect::GitLab) {
            m_buffer = "\x1b[0KRunning with gitlab-runner 17.4.0 (b92ee590)\x1b[0;m\n";
        } else if (m_dialect == Dialect::Dmesg) {
            line("Linux version 6.12.48 (builder@build) #1 SMP");
        }
    }

    void step(const Shipped &shipped, std::uint64_t bytes)
    {
        beginStep();
        for (int i = 0; i < 40'000 && m_written + m_buffer.size() < bytes; ++i) {
            const bool fails = ++m_lines % (LinesPerSignature * HitsPerFailure) == 0;
            const std::vector<std::string> &examples = fails ? shipped.failing : shipped.harmless;
            if (m_lines % LinesPerSignature == 0 && !examples.empty()) {
                line(examples[m_random.below(examples.size())]);
            } else {
                ordinaryLine();
            }
        }
        if (m_dialect == Dialect::GitLab) {
            mark("section_end:");
        }
    }

    void beginStep()
    {
        if (m_dialect == Dialect::GitHub) {
            line("##[group]Run make check");
            line("make check");
            line("shell: /usr/bin/bash -e {0}");
            line("##[endgroup]");
        } else if (m_dialect == Dialect::GitLab) {
            ++m_steps;
            mark("section_start:");
            m_buffer += "\x1b[0K\x1b[36;1mmake check\x1b[0;m\x1b[0;m\n";
        }
    }

    /// A section's mark of GitLab; what stands behind the start is its headline.
    void mark(std::string_view which)
    {
        m_buffer += which;
        number64(Epoch + m_ticks / TicksPerSecond);
        m_buffer += ":step_";
        number64(m_steps);
        m_buffer += which == "section_start:" ? "\r\x1b[0K" : "\r\x1b[0K\n";
    }

    void ordinaryLine()
    {
        const std::uint64_t kind = m_random.below(100);
        if (kind < 46 && m_tests) {
            testLine(kind);
        } else if (kind < 12) {
            text("   Compiling "), word(), text(" v0."), number(20), text("."), number(10);
        } else if (kind < 24) {
            text("npm http fetch GET 200 https://registry.npmjs.example/"), word(), text(" "), number(900);
            text("ms (cache miss)");
        } else if (kind < 36) {
            text("  Downloading "), word(), text("-1."), number(30), text(".0-py3-none-any.whl ("), number(900);
            text(" kB)");
        } else if (kind < 46) {
            text("copying build/lib/"), word(), text("/"), word(), text(".py -> build/bdist.linux-x86_64/wheel/"),
                word();
        } else if (kind < 62) {
            text("["), number(100), text("%] Building CXX object src/"), word(), text("/CMakeFiles/"), word();
            text(".dir/"), word(), text(".cpp.o");
        } else if (kind < 72) {
            text("Get:"), number(400), text(" main/"), word(), text(" amd64 1."), number(30), text(".0-2 ["),
                number(900);
            text(" kB]");
        } else if (kind < 88) {
            text("time=2026-05-04T10:00:00Z level=info component="), word(),
                text(" msg=\"request served\" path=/api/v1/");
            word(), text(" status=200 bytes="), number(90'000), text(" duration_ms="), number(400);
        } else if (kind < 93) {
            text("  adding: "), word(), text("/"), word(), text("/"), word(), text(".txt (deflated "), number(90);
            text("%)");
        } else if (kind < 97) {
            // An empty line is common too.
        } else if (kind < 99) {
            text("{\"level\":\"debug\",\"fields\":[");
            for (std::uint64_t i = 10 + m_random.below(20); i > 0; --i) {
                text("{\"name\":\""), word(), text("\",\"value\":"), number(1'000'000), text("},");
            }
            text("{}]}");
        } else {
            text("g++ -O2 -std=c++23");
            for (std::uint64_t i = 20 + m_random.below(40); i > 0; --i) {
                text(" -I/build/src/"), word(), text("/include");
            }
        }
        endLine();
    }

    /// Of `go test -v` with parallel tests: what begins gets its result, in the order of beginning.
    void testLine(std::uint64_t kind)
    {
        constexpr std::size_t MostOpen = 64;
        if (m_open.empty() || (kind < 20 && m_open.size() < MostOpen)) {
            text("=== RUN   Test"), word(), text("/case_"), number(10'000);
            m_open.push_back(m_payload.substr(std::string_view("=== RUN   ").size()));
        } else if (kind < 38) {
            text("    --- PASS: "), text(m_open.front()), text(" (0."), number(90), text("s)");
            m_open.pop_front();
        } else {
            text("=== CONT  "), text(m_open[m_random.below(m_open.size())]);
        }
    }

    void line(std::string_view payload)
    {
        text(payload);
        endLine();
    }

    void text(std::string_view text) { m_payload += text; }

    void word()
    {
        static constexpr std::string_view Words[] = {"Parser",  "Storage", "Session", "Router",   "Index",   "Cache",
                                                     "Ledger",  "Account", "Upload",  "Search",   "Planner", "Encoder",
                                                     "Gateway", "Worker",  "Profile", "Catalogue"};
        m_payload += Words[m_random.below(std::size(Words))];
    }

    void number(std::uint64_t limit)
    {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, m_random.below(limit)).ptr;
        m_payload.append(digits, end);
    }

    /// What was told since the last line's end, in the dialect's dress. Times grow by up to 0.4 ms.
    void endLine()
    {
        m_ticks += m_random.below(4'000);
        switch (m_dialect) {
        case Dialect::GitHub: dress("2026-05-04T10:00:00.0000000Z ", 11, 7); break;
        case Dialect::GitLab:
            if (++m_dressed % 20 == 0) {
                m_buffer += "\x1b[32m" + m_payload + "\x1b[0;m";
            } else {
                m_buffer += m_payload;
            }
            break;
        case Dialect::Iso: dress("2026-05-04 10:00:00,000 INFO worker: ", 11, 3); break;
        case Dialect::Syslog: dress("May  4 10:00:00 build-7 runner[812]: ", 7, 0); break;
        case Dialect::JournalShort: dress("2026-05-04T10:00:00+0000 build-7 runner[812]: ", 11, 0); break;
        case Dialect::Dmesg: {
            char text[] = "[    0.000000] ";
            const std::string seconds = std::to_string(m_ticks / TicksPerSecond);
            std::ranges::copy(seconds, text + 6 - std::min<std::size_t>(seconds.size(), 5));
            put(text + 7, m_ticks % TicksPerSecond / 10, 6);
            m_buffer.append(text, sizeof text - 1);
            m_buffer += m_payload;
            break;
        }
        case Dialect::JournalJson: journalEntry(); break;
        }
        m_buffer += '\n';
        m_payload.clear();
        if (m_buffer.size() >= FlushBytes) {
            flush();
        }
    }

    /// `head` with its time of day, which stands at `at`, and so many digits behind the second. The day never ends: a run of 10 GB
    /// takes a few hours.
    void dress(std::string_view head, std::size_t at, int digits)
    {
        const std::size_t from = m_buffer.size();
        m_buffer += head;
        char *text = m_buffer.data() + from + at;
        const std::uint64_t seconds = m_ticks / TicksPerSecond;
        put(text, 10 + seconds / 3'600 % 14, 2);
        put(text + 3, seconds / 60 % 60, 2);
        put(text + 6, seconds % 60, 2);
        std::uint64_t part = m_ticks % TicksPerSecond;
        for (int i = digits; i < 7; ++i) {
            part /= 10;
        }
        put(text + 9, part, digits);
        m_buffer += m_payload;
    }

    void journalEntry()
    {
        const std::uint64_t micros = m_ticks / 10;
        m_buffer += R"({"__CURSOR":"s=0f;i=)";
        number64(++m_dressed);
        m_buffer += R"(","__REALTIME_TIMESTAMP":")";
        number64(Epoch * 1'000'000 + micros);
        m_buffer += R"(","__MONOTONIC_TIMESTAMP":")";
        number64(9'000'000 + micros);
        m_buffer += R"(","_BOOT_ID":"5a8f3c6e2b1d4f7a9c0e8b7d6a5f4c3b","PRIORITY":"6","_HOSTNAME":"build-7",)"
                    R"("_SYSTEMD_UNIT":"runner.service","SYSLOG_IDENTIFIER":"runner","_PID":"812","MESSAGE":")";
        for (const char c : m_payload) {
            constexpr unsigned char Blank = 0x20;
            if (c == '"' || c == '\\') {
                m_buffer += '\\';
                m_buffer += c;
            } else if (static_cast<unsigned char>(c) < Blank) {
                static constexpr std::string_view Digits = "0123456789abcdef";
                m_buffer += "\\u00";
                m_buffer += Digits[static_cast<unsigned char>(c) / 16];
                m_buffer += Digits[static_cast<unsigned char>(c) % 16];
            } else {
                m_buffer += c;
            }
        }
        m_buffer += "\"}";
    }

    void number64(std::uint64_t value)
    {
        char digits[24];
        m_buffer.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }

    static void put(char *into, std::uint64_t value, int digits)
    {
        for (int i = digits - 1; i >= 0; --i, value /= 10) {
            into[i] = static_cast<char>('0' + value % 10);
        }
    }

    void flush()
    {
        if (std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_file) != m_buffer.size()) {
            std::perror("benchlog");
            std::exit(1);
        }
        m_written += m_buffer.size();
        m_buffer.clear();
    }

    static constexpr std::uint64_t TicksPerSecond = 10'000'000;
    static constexpr std::uint64_t Epoch = 1'777'888'800; ///< 2026-05-04T10:00:00Z

    std::FILE *m_file;
    Random m_random;
    Dialect m_dialect;
    bool m_tests;
    std::string m_payload; ///< Of the line that is being told.
    std::string m_buffer;
    std::deque<std::string> m_open; ///< Tests without a result.
    std::uint64_t m_written = 0;
    std::uint64_t m_lines = 0;
    std::uint64_t m_dressed = 0;
    std::uint64_t m_steps = 0;
    std::uint64_t m_ticks = 0;
};

} // namespace

int main(int argc, char **argv)
try {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    if (arguments.size() == 2 && arguments[0] == "patterns") {
        for (const std::string &pattern : readSignatures(arguments[1]).patterns) {
            std::puts(pattern.c_str());
        }
        return 0;
    }
    std::uint64_t bytes = 0;
    std::uint64_t seed = 0;
    const auto read = [](std::string_view text, std::uint64_t &into) {
        return std::from_chars(text.data(), text.data() + text.size(), into).ec == std::errc();
    };
    const auto dialect = arguments.size() == 4 ? dialectNamed(arguments[0]) : std::nullopt;
    if (dialect && read(arguments[2], bytes) && read(arguments[3], seed)) {
        LogWriter(stdout, seed, *dialect, arguments[0].ends_with("tests")).write(bytes, readSignatures(arguments[1]));
        return 0;
    }
    std::fputs(
        "usage: benchlog patterns SIGNATURES-FOLDER\n"
        "       benchlog github|github-tests|gitlab|iso|syslog|journal-short|journal-json|dmesg SIGNATURES-FOLDER "
        "BYTES SEED\n",
        stderr);
    return 2;
} catch (const std::exception &error) {
    std::fprintf(stderr, "benchlog: %s\n", error.what());
    return 1;
}
