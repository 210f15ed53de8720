// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace faultline {

enum class TestRunner {
    Pytest,
    Unittest,
    Cargo,
    GoogleTest,
    CTest,
    JavaScript,
    Surefire,
    Gradle,
    Minitest,
    Listed, ///< Runners that name only what failed.
    Dotnet,
    XCTest,
    Mozilla,
    Tap,
    Prove,
    Gotestsum,
    GoBench,
};
inline constexpr int TestRunnerCount = 17;

/// What a line tells.
enum class TestRunSays {
    RunBegins, ///< A run or group of tests begins, and with it the one before ends. Groups `name`, `good`, `bad`.
    Closes,    ///< What had begun is over, however it went.
    RunEnds,   ///< Groups `bad` (then it failed), `s`.
    Begins,    ///< A test begins. Group `test`.
    Ends,      ///< A test ended: groups `test`, `how`, and how long it took in `s`, `ms` or `min`.
    Marked,    ///< As Ends, in a form that other programs use too: believed once the runner's summary comes.
    Summary,   ///< The summary that proves the marks before it.
};

struct TestRunRule {
    TestRunner runner;
    TestRunSays says;
    const char *trigger; ///< In the scanner's syntax, selective.
    const char *pattern; ///< PCRE2, on the payload.
    const char *name;    ///< Of a run that states none; nullptr else.
};

/// All of them; the index is the trigger's number.
std::span<const TestRunRule> testRunRules();

} // namespace faultline
