// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/test_runs/testrunrules.h"

namespace faultline {

namespace {

using enum TestRunner;
using enum TestRunSays;

constexpr TestRunRule Rules[] = {
    // pytest: terminal.py; pytest-xdist puts "[gw0] [ 12%]" before, pytest-rerunfailures says RERUN.
    {Pytest, RunBegins, R"(={3,} test session starts ={3,})", R"(^={3,} test session starts ={3,}$)", "pytest"},
    {Pytest, RunEnds,
     R"((?:passed|failed|errors?|skipped|deselected|collected|tests ran|warnings?) in [0-9]+\.[0-9]+s)",
     R"(^(?:=+ )?(?:(?:(?<bad>[1-9]\d* (?:failed|errors?))|\d+ \w+(?: collected)?|no tests (?:ran|collected))(?:, )?)+ in (?<s>\d+\.\d+)s(?: \([\d:]+\))?(?: =+)?$)",
     nullptr},
    {Pytest, Ends, R"(\.py::.+ (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN))",
     R"(^(?<test>\S+\.py::.+?) (?<how>PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN)(?: \(.*\))?(?: \[(?<s>\d+\.\d+)s\])?(?:\s+\[ *\d+%\])?\s*$)",
     nullptr},
    {Pytest, Ends, R"(\] (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN) [^ ]+\.py::)",
     R"(^\[gw\d+\] \[ *\d+%\] (?<how>[A-Z]+) (?<test>\S+\.py::.*?)\s*$)", nullptr},
    {Pytest, Ends, R"((?:FAILED|ERROR) (?:\[[0-9.]+s\] )?[^ ]+\.py(?:::| |$))",
     R"(^(?<how>FAILED|ERROR)(?: \[(?<s>\d+\.\d+)s\])? (?<test>\S+\.py(?:::.*?)?)(?: - .*)?$)", nullptr},
    {Pytest, Begins, R"(\.py::[^ ]+ *$)", R"(^(?<test>[^\s'"`]+\.py::\S+)\s*$)", nullptr},
    // unittest with -v: "test_add (test_calc.TestCalc.test_add) ... ok"
    {Unittest, Ends, R"(\) (?:.{1,200} )?\.\.\. (?:ok|FAIL|ERROR|skipped|expected failure|unexpected success))",
     R"(^(?<test>\w+ \([\w.]+\))(?: .*)? \.\.\. (?<how>ok|FAIL|ERROR|skipped|expected failure|unexpected success)(?: .*)?$)",
     nullptr},
    // libtest: "test a::b ... ok <0.012s>"; cargo names the binary before. nextest: "FAIL [   0.012s] crate a::b".
    {Cargo, RunBegins, R"((?:Running|Doc-tests) (?:unittests )?[^ ]+)",
     R"(^\s+(?:Running (?:unittests )?(?<name>\S+)(?: \(.*\))?|(?<name>Doc-tests \S+))$)", nullptr},
    {Cargo, RunEnds, R"(test result: (?:ok|FAILED)\. [0-9]+ passed)",
     R"(^test result: (?:ok|(?<bad>FAILED))\. .*?(?:finished in (?<s>[\d.]+)s)?$)", nullptr},
    {Cargo, Ends, R"(test .+ \.\.\. (?:ok|FAILED|ignored|bench:))",
     R"(^test (?<test>\S+(?: - .*?)??)(?: - should panic)? \.\.\. (?<how>ok|FAILED|ignored|bench)\b.*?(?:<(?<s>[\d.]+)s>)?$)",
     nullptr},
    {Cargo, Begins, R"(test .+ has been running for over [0-9]+ seconds)",
     R"(^test (?<test>\S+(?: - .*?)?) has been running for over \d+ seconds$)", nullptr},
    {Cargo, Ends, R"((?:PASS|FAIL|TIMEOUT|ABORT|LEAK|SIG[A-Z]+) \[ *>?[0-9]+\.[0-9]+s\])",
     R"(^\s+(?:TRY \d+ )?(?<how>PASS|FAIL|TIMEOUT|ABORT|LEAK|SIG[A-Z]+) \[ *>?(?<s>[\d.]+)s\] (?:\([^)]*\) )?(?<test>\S.*)$)",
     nullptr},
    // Google Test: gtest.cc, PrettyUnitTestResultPrinter
    {GoogleTest, RunBegins, R"(\[==========\] Running [0-9]+ tests?)", R"(^\[==========\] Running \d+ tests?)",
     "Google Test"},
    {GoogleTest, RunEnds, R"(\[==========\] [0-9]+ tests? .* ran\.)",
     R"(^\[==========\] \d+ tests? .* ran\.(?: \((?<ms>\d+) ms total\))?$)", nullptr},
    {GoogleTest, Begins, R"(\[ RUN      \] )", R"(^\[ RUN      \] (?<test>\S+)$)", nullptr},
    {GoogleTest, Ends, R"(\[(?:       OK|  FAILED |  SKIPPED) \] )",
     R"(^\[ +(?<how>OK|FAILED|SKIPPED) +\] (?<test>[\w/]+\.[\w/]+)(?:, where .*?)?(?: \((?<ms>\d+) ms\))?$)", nullptr},
    // CTest: cmCTestRunTest.cxx
    {CTest, Begins, R"(  Start +[0-9]+: )", R"(^(?:\d+: )?\s+Start\s+\d+: (?<test>\S.*)$)", nullptr},
    {CTest, Ends, R"( Test +#[0-9]+: )",
     R"(^\s*\d+/\d+ Test +#\d+: (?<test>\S.*?) \.+ *(?:\*\*\*)?(?<how>Passed|Failed|Timeout|Exception|Not Run|Skipped|Disabled|Subprocess)\b.*?(?:(?<s>\d+\.\d+) sec)?$)",
     nullptr},
    // Jest (and Vitest's "FAIL  a.test.ts > x"): a line for each file, marks for each test, a summary.
    {JavaScript, RunBegins, R"((?:PASS|FAIL) +[^ ]+\.(?:[cm]?[jt]sx?|vue|svelte|coffee))",
     R"(^\s?(?:(?<good>PASS)|(?<bad>FAIL)) +(?:[A-Za-z]\S* )?(?<name>\S+\.(?:[cm]?[jt]sx?|vue|svelte|coffee))(?: \((?:(?<s>[\d.]+) ?s|(?<ms>[\d.]+) ?ms)\))?$)",
     nullptr},
    {JavaScript, Marked, R"((?:✓|✔|√|✕|✗|✘|✖|×|○) +[^ ])",
     R"(^\s+(?<how>✓|✔|√|✕|✗|✘|✖|×|○)\s+(?:skipped )?(?<test>\S.*?)(?:\s+\(?(?:(?<ms>[\d.]+) ?ms|(?<s>[\d.]+) ?s)\)?)?$)",
     nullptr},
    {JavaScript, Summary,
     R"((?:[0-9]+ passing \(|[0-9]+ failing$|Tests:? .*[0-9]+ (?:total|passed)|[0-9]+ tests?, [0-9]+ failures?|ℹ pass [0-9]+|[0-9]+ tests? failed))",
     R"(^(?:\s+\d+ (?:passing \(.*\)|failing)|\s*Tests:? +(?:\d+ \w+(?: \| |, )?)+.*|\d+ tests?, \d+ failures?.*|ℹ pass \d+|\s+\d+ tests? failed)$)",
     nullptr},
    // Maven: Surefire and Failsafe, old and new wording
    {Surefire, RunBegins, R"(--- (?:maven-)?[a-z]+(?:-maven-plugin|-plugin)?:)",
     R"(^\[INFO\] --- (?<name>\S+?:\S+ \(\S+\) @ \S+) ---$)", nullptr},
    {Surefire, Ends, R"(<<< (?:FAILURE|ERROR)!)",
     R"(^(?:\[ERROR\]\s+)?(?<test>[\w$]+\([\w.$]+\)|[\w.$]+\.[\w$]+(?:\[.*?\])?(?:\(.*?\))?)\s+(?:-- )?Time elapsed: (?<s>[\d.,]+) (?:s|sec)\s+<<< (?<how>FAILURE|ERROR)!)",
     nullptr},
    {Surefire, Closes, R"(\[INFO\] BUILD (?:FAILURE|SUCCESS))", R"(^\[INFO\] BUILD (?:FAILURE|SUCCESS)$)", nullptr},
    // Gradle
    {Gradle, RunBegins, R"(> (?:Task|Configure project|Transform) :)",
     R"(^> Task (?<name>:\S+)(?: (?:UP-TO-DATE|FROM-CACHE|SKIPPED|NO-SOURCE|(?<bad>FAILED)))?$)", nullptr},
    {Gradle, Ends, R"([^ ] > [^ ].* (?:PASSED|FAILED|SKIPPED))",
     R"(^(?:Gradle Test Executor \d+ > )?(?<test>[A-Za-z_][\w.$]*(?: > .+)? > \S.*?) (?<how>PASSED|FAILED|SKIPPED)(?: \((?:(?<min>[\d.]+)m ?)?(?:(?<s>[\d.]+)s|(?<ms>\d+)ms)\))?\s*$)",
     nullptr},
    {Gradle, Closes, R"((?:FAILURE: Build|BUILD (?:FAILED|SUCCESSFUL)))",
     R"(^(?:FAILURE: Build \w+|BUILD (?:FAILED|SUCCESSFUL) in ))", nullptr},
    // Minitest with --verbose, then those that list only what failed: RSpec, PHPUnit, ExUnit.
    {Minitest, Ends, R"( = [0-9.]+ s = [.FES])", R"(^(?<test>[A-Z][\w:]*#.+?) = (?<s>[\d.]+) s = (?<how>[.FES])$)",
     nullptr},
    {Listed, Ends, R"(rspec '?\./)", R"(^rspec (?<test>'?\./\S+)(?: # .*)?$)", nullptr},
    {Listed, Ends, R"([0-9]\) [^ ]+::[tT]?est)", R"(^\d+\) (?<test>[\w\\]+::\w.*)$)", nullptr},
    {Listed, Ends, R"([0-9]\) (?:test|doctest|property) .*\([A-Z])",
     R"(^\s{2,}\d+\) (?<test>(?:test|doctest|property) .* \([\w.]+\))$)", nullptr},
    // dotnet test (VSTest's console logger), xUnit's own lines
    {Dotnet, Ends, R"((?:Passed|Failed|Skipped) [^ ]+.* \[[^\]]*m?s\])",
     R"(^\s+(?:[√X!] )?(?<how>Passed|Failed|Skipped) (?<test>\S.*?) \[(?:< )?(?:(?<min>\d+) m ?)?(?:(?<s>[\d.]+) s|(?<ms>[\d.]+) ms)?.*\]$)",
     nullptr},
    {Dotnet, Ends, R"(\[xUnit\.net .* \[FAIL\])", R"(^\s*\[xUnit\.net [\d:.]+\]\s+(?<test>\S.*?) \[(?<how>FAIL)\]$)",
     nullptr},
    // XCTest, on macOS and with swift test
    {XCTest, Begins, R"(Test [Cc]ase '.*' started)",
     R"(^Test [Cc]ase '(?<test>[^']+)' started(?: at .*|\.)?(?: \(Iteration \d+ of \d+\)\.?)?$)", nullptr},
    {XCTest, Ends, R"(Test [Cc]ase '.*' (?:passed|failed|skipped))",
     R"(^Test [Cc]ase '(?<test>[^']+)' (?<how>passed|failed|skipped)(?: on '.*')? \((?<s>[\d.]+) seconds\)\.?$)",
     nullptr},
    // Mozilla's harnesses (StructuredLog): "TEST-OK | dom/a.html | took 12ms"
    {Mozilla, Begins, R"(TEST-START \| )", R"(^(?:.* )?TEST-START \| (?<test>[^|]+?)\s*$)", nullptr},
    {Mozilla, Ends, R"(TEST-OK \| )", R"(^(?:.* )?TEST-(?<how>OK) \| (?<test>[^|]+?) \| took (?<ms>\d+)ms$)", nullptr},
    // TAP 12 to 14 (testanything.org), Bats among its writers; prove's summary a file
    {Tap, Ends, R"(\bok [0-9]+ )",
     R"(^\s*(?<how>ok|not ok) (?<number>\d+) (?:- )?(?<test>(?:[^#\\]|\\.)*?)(?: in (?:(?<s>[\d.]+)sec|(?<ms>\d+)ms))?(?:\s*#\s*(?:(?<skip>(?i:skip|todo)\S*)|time=(?<ms>[\d.]+)ms|.*).*)?$)",
     nullptr},
    {Prove, Ends, R"(\.t \.\.)", R"(^(?<test>\S+\.t) \.+ (?<how>ok|skipped|Failed|Dubious)\b.*$)", nullptr},
    // gotestsum: formats testname and all summaries
    {Gotestsum, Ends, R"(=== (?:FAIL|SKIP): )",
     R"(^=== (?<how>FAIL|SKIP): \S+ (?<test>(?:Test|Example|Fuzz|Benchmark)\S*)(?: \(re-run \d+\))? \((?<s>[\d.]+)s\)$)",
     nullptr},
    {Gotestsum, Ends, R"((?:PASS|FAIL|SKIP) [^ ]+\.(?:Test|Example|Fuzz|Benchmark)[^ ]* )",
     R"(^(?<how>PASS|FAIL|SKIP) (?:\S+?\.)?(?<test>(?:Test|Example|Fuzz|Benchmark)\S*)(?: \(re-run \d+\))? \((?<s>[\d.]+)s\)$)",
     nullptr},
    {GoBench, Ends, R"([0-9] ns/op)", R"(^(?<test>Benchmark\S*?)(?:-\d+)?\s+\d+\s+[\d.]+ ns/op.*$)", nullptr},
};

} // namespace

std::span<const TestRunRule> testRunRules()
{
    return Rules;
}

} // namespace faultline
