// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/replay.h"

#include <QCoreApplication>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include <unistd.h>

namespace fs = std::filesystem;

namespace {

/// Smaller samples are cut at every length; a sanitizer makes that too slow.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t CutEverywhereBytes = 256;
#else
constexpr std::size_t CutEverywhereBytes = 4096;
#endif
constexpr int Truncations = 200;
constexpr int FlippedCopies = 50;
constexpr std::size_t FlipsPerKilobyte = 2;
constexpr unsigned Seed = 20'260'504;
/// Of larger samples only the head is damaged: each copy is read anew.
constexpr std::size_t MostDamagedBytes = 256 * 1024;

/// What is being read, for the message of a crash.
char s_current[512] = "";

void noteCurrent(const fs::path &sample, const std::string &form)
{
    std::snprintf(s_current, sizeof s_current, "%s, %s", sample.c_str(), form.c_str());
}

extern "C" void reportCrash(int signal)
{
    const auto say = [](const char *text) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, std::strlen(text));
    };
    say("fuzz_replay: crashed on ");
    say(s_current);
    say("\n");
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

/// A copy of its own, so that a read past the end is a read past an allocation.
void feed(const faultline::test::FuzzTarget &target, std::string_view bytes)
{
    const std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    target.run(copy.data(), copy.size());
}

void replay(const faultline::test::FuzzTarget &target, const fs::path &sample)
{
    std::ifstream file(sample, std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    noteCurrent(sample, "whole");
    feed(target, whole);

    const std::string head = whole.substr(0, MostDamagedBytes);
    std::mt19937 places(Seed);
    const bool everywhere = head.size() <= CutEverywhereBytes;
    const std::size_t cuts = everywhere ? head.size() : Truncations;
    for (std::size_t i = 0; i < cuts; ++i) {
        const std::size_t length = everywhere ? i : places() % head.size();
        noteCurrent(sample, "cut after " + std::to_string(length) + " bytes");
        feed(target, std::string_view(head).substr(0, length));
    }
    if (head.empty()) {
        return;
    }
    for (unsigned copy = 0; copy < FlippedCopies; ++copy) {
        std::mt19937 random(Seed + copy);
        std::string damaged = head;
        for (std::size_t flips = 1 + damaged.size() * FlipsPerKilobyte / 1024; flips > 0; --flips) {
            damaged[random() % damaged.size()] ^= static_cast<char>(1U << random() % 8U);
        }
        noteCurrent(sample, "flipped with seed " + std::to_string(Seed + copy));
        feed(target, damaged);
    }
}

std::vector<fs::path> samplesBelow(const fs::path &folder)
{
    std::vector<fs::path> samples;
    if (fs::is_regular_file(folder)) {
        samples.push_back(folder);
    } else if (fs::is_directory(folder)) {
        for (const fs::directory_entry &entry : fs::recursive_directory_iterator(folder)) {
            const std::string name = entry.path().filename().string();
            if (entry.is_regular_file() && !name.ends_with(".golden.json") && !name.ends_with(".actual")) {
                samples.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(samples);
    return samples;
}

} // namespace

// fuzz_replay TARGET FOLDER…: every sample below the folders, whole, cut at every length or at 200 places, and 50 times with
// flipped bits.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const auto &targets = faultline::test::fuzzTargets();
    const std::string_view name = argc > 1 ? argv[1] : "";
    const auto target = std::ranges::find_if(targets, [name](const auto &entry) { return name == entry.name; });
    if (argc < 3 || target == targets.end()) {
        std::fputs("usage: fuzz_replay TARGET FOLDER...\ntargets:\n", stderr);
        for (const auto &entry : targets) {
            std::fprintf(stderr, "  %s\n", entry.name);
        }
        return 2;
    }
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTERM}) {
        std::signal(signal, reportCrash);
    }
    std::size_t count = 0;
    for (int i = 2; i < argc; ++i) {
        for (const fs::path &sample : samplesBelow(argv[i])) {
            replay(*target, sample);
            ++count;
        }
    }
    if (count == 0) {
        std::fprintf(stderr, "fuzz_replay: no samples for %s below the folders named\n", target->name);
        return 1;
    }
    std::printf("%zu samples replayed, whole and damaged\n", count);
    return 0;
}
