// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/reportdialect.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

using enum ReportElement;
using Element = ReportDialect::Element;
using Word = ReportDialect::Word;

constexpr std::array JunitElements{Element{"testsuites", Suite}, Element{"testsuite", Suite},
                                   Element{"testcase", Case},    Element{"failure", Problem},
                                   Element{"error", Problem},    Element{"skipped", Skipped}};
constexpr std::array<std::string_view, 17> JunitTags{
    "testsuites", "testsuite",    "testcase",   "failure",  "error",        "skipped",
    "system-out", "system-err",   "properties", "property", "rerunFailure", "rerunError",
    "flakyError", "flakyFailure", "stackTrace", "?xml",     "!DOCTYPE",
};
// Google Test: status="notrun"; CTest: status="fail", "notrun", "disabled".
constexpr std::array JunitWords{Word{"notrun", Outcome::Skipped}, Word{"disabled", Outcome::Skipped},
                                Word{"skipped", Outcome::Skipped}, Word{"suppressed", Outcome::Skipped}};

constexpr std::array NunitElements{Element{"test-run", Suite},   Element{"test-results", Suite},
                                   Element{"test-suite", Suite}, Element{"test-case", Case},
                                   Element{"failure", Problem},  Element{"message", Message}};
constexpr std::array<std::string_view, 21> NunitTags{
    "test-run", "test-results", "test-suite", "test-case",  "failure",  "message",      "stack-trace",
    "output",   "reason",       "assertions", "assertion",  "settings", "setting",      "environment",
    "results",  "properties",   "property",   "categories", "?xml",     "command-line", "attachments",
};
constexpr std::array NunitWords{
    Word{"Failed", Outcome::Failed},   Word{"Failure", Outcome::Failed},  Word{"Error", Outcome::Failed},
    Word{"Skipped", Outcome::Skipped}, Word{"Ignored", Outcome::Skipped}, Word{"NotRunnable", Outcome::Failed},
};

constexpr std::array XunitElements{Element{"assemblies", Suite}, Element{"assembly", Suite},
                                   Element{"collection", Suite}, Element{"test", Case},
                                   Element{"failure", Problem},  Element{"message", Message}};
constexpr std::array<std::string_view, 15> XunitTags{
    "assemblies", "assembly", "collection", "test",   "failure", "message", "stack-trace", "output",
    "reason",     "traits",   "trait",      "errors", "error",   "?xml",    "warnings",
};
constexpr std::array XunitWords{Word{"Fail", Outcome::Failed}, Word{"Skip", Outcome::Skipped},
                                Word{"NotRun", Outcome::Skipped}};

constexpr std::array TrxElements{Element{"TestRun", Suite},   Element{"UnitTestResult", Case},
                                 Element{"TestResult", Case}, Element{"ErrorInfo", Problem},
                                 Element{"RunInfo", Problem}, Element{"Message", Message},
                                 Element{"Text", Message}};
constexpr std::array<std::string_view, 34> TrxTags{
    "TestRun",    "Times",        "TestSettings",  "Deployment",       "Results",   "UnitTestResult", "TestResult",
    "Output",     "StdOut",       "StdErr",        "ErrorInfo",        "Message",   "StackTrace",     "TestDefinitions",
    "UnitTest",   "Execution",    "TestMethod",    "TestEntries",      "TestEntry", "TestLists",      "TestList",
    "RunInfos",   "RunInfo",      "ResultSummary", "Counters",         "Text",      "?xml",           "ResultFiles",
    "ResultFile", "InnerResults", "TestCategory",  "TestCategoryItem", "Owners",    "Description",
};
constexpr std::array TrxWords{
    Word{"Failed", Outcome::Failed},       Word{"Error", Outcome::Failed},        Word{"Timeout", Outcome::Failed},
    Word{"Aborted", Outcome::Failed},      Word{"NotExecuted", Outcome::Skipped}, Word{"NotRunnable", Outcome::Skipped},
    Word{"Disconnected", Outcome::Failed},
};

} // namespace

ReportElement ReportDialect::elementOf(std::string_view name) const
{
    const auto *const found =
        std::ranges::find(elements.data(), elements.data() + elements.size(), name, &Element::name);
    return found == elements.data() + elements.size() ? Other : found->what;
}

Outcome ReportDialect::outcomeOf(std::string_view word) const
{
    const auto found = std::ranges::find(outcomes, word, &Word::text);
    return found == outcomes.end() ? Outcome::Unknown : found->outcome;
}

const ReportDialect &junitDialect()
{
    static constexpr ReportDialect Dialect{JunitElements, JunitTags,  "name", "time", "timestamp", {},
                                           "status",      JunitWords, "type", false};
    return Dialect;
}

const ReportDialect &nunitDialect()
{
    static constexpr ReportDialect Dialect{NunitElements, NunitTags, "fullname", "duration", "start-time",
                                           "end-time",    "result",  NunitWords, {},         true};
    return Dialect;
}

const ReportDialect &xunitDialect()
{
    static constexpr ReportDialect Dialect{XunitElements, XunitTags, "name",     "time",           "start-rtf",
                                           "finish-rtf",  "result",  XunitWords, "exception-type", true};
    return Dialect;
}

const ReportDialect &trxDialect()
{
    static constexpr ReportDialect Dialect{TrxElements, TrxTags,   "testName", "duration", "startTime",
                                           "endTime",   "outcome", TrxWords,   {},         true};
    return Dialect;
}

} // namespace faultline
