// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <span>
#include <string_view>

namespace faultline {

/// What an element of a test report stands for.
enum class ReportElement { Other, Suite, Case, Problem, Message, Skipped };

/// How one writer of test reports calls things. Each attribute is that of the name given; empty where the dialect has none.
struct ReportDialect {
    struct Element {
        std::string_view name;
        ReportElement what;
    };
    struct Word {
        std::string_view text;
        Outcome outcome;
    };

    std::span<const Element> elements;
    std::span<const std::string_view>
        tags; ///< What is taken out of lines: the elements above and those that stand around them.
    std::string_view caseName;
    std::string_view time; ///< Seconds, or H:MM:SS.
    std::string_view start;
    std::string_view end;
    std::string_view outcome; ///< Of a case.
    std::span<const Word> outcomes;
    std::string_view problemType;
    bool hasMessages = false; ///< A problem's message is an element of its own.

    ReportElement elementOf(std::string_view name) const;
    Outcome outcomeOf(std::string_view word) const;
};

/// Ant, Surefire, Gradle, pytest, gotestsum, Google Test, CTest, Jest … https://github.com/testmoapp/junitxml
const ReportDialect &junitDialect();
/// NUnit 3 (docs.nunit.org, "Test Result XML Format") and NUnit 2.
const ReportDialect &nunitDialect();
/// xunit.net, "Format for xUnit.net v2 XML".
const ReportDialect &xunitDialect();
/// Visual Studio and `dotnet test --logger trx`: vstst.xsd
const ReportDialect &trxDialect();

} // namespace faultline
