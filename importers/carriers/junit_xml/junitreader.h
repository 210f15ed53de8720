// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/carriers/junit_xml/reportdialect.h"
#include "importers/carriers/junit_xml/xmlpush.h"
#include "importers/core/carrier.h"
#include "importers/core/spantree.h"

namespace faultline {

/// Reads a test report's suites and cases into spans, and its failures into events of signature test.fail.junit.
class JunitReader final : private XmlHandler
{
public:
    JunitReader(const ReportDialect &dialect, LineReader &lines, TextSink &sink);

    /// The sink's text is read from its start. What is broken becomes a note; what stands before it is kept.
    void read();

private:
    struct Open {
        ReportElement what = ReportElement::Other;
        int span = -1;   ///< Of a problem: into m_failures.
        QByteArray name; ///< Of a case, also past the cap of spans. Of a problem: its text.
        Outcome stated = Outcome::Unknown;
        std::optional<SourceTime> start;
        std::optional<DurationNs> time;
        bool statesFailures = false;  ///< Of a suite: by its counts.
        DurationNs casesNs = 0;       ///< Of a suite: how long its cases took together.
        std::vector<size_t> cases;    ///< Of a suite: into m_cases.
        std::vector<size_t> failures; ///< Of a case: into m_failures.
    };
    struct Case {
        int span = -1;
        std::optional<SourceTime> start;
        DurationNs time = 0;
        std::vector<size_t> failures;
    };
    struct Problem {
        qint64 line = 0;
        qint64 lastLine = 0;
        int span = -1;
        QByteArray test;
        QByteArray suite;
        QByteArray type;
        QByteArray message;
        std::optional<SourceInterval> time;
    };

    void startElement(std::string_view name, const XmlAttributes &attributes) override;
    void endElement() override;
    void text(std::string_view part) override;

    QByteArray nextPart(qint64 most);
    void parse();
    void startSuite(Open &open, std::string_view element, const XmlAttributes &attributes);
    void startCase(Open &open, const XmlAttributes &attributes);
    void startProblem(Open &open, bool isError, const XmlAttributes &attributes);
    int addProblem(Problem problem);
    void endProblem(const Open &open);
    void endCase(const Open &open);
    void endSuite(const Open &open);
    Open *innermost(ReportElement what);
    void readTimes(Open &open, const XmlAttributes &attributes);
    std::optional<SourceTime> stampOf(std::string_view written);
    TextLine here() const;
    void setOutcome(int span, Outcome outcome);
    void finishSpans();
    void addEvents();
    void keepWhatFailed();
    void describe();
    void note(Severity severity, Code code, const QString &text);

    const ReportDialect &m_dialect;
    LineReader &m_lines;
    TextSink &m_sink;
    SpanTree m_spans;
    XmlPush m_xml;
    qint64 m_elements = 0; ///< Starts and ends so far.
    bool m_isLatin1 = false;
    qint64 m_offset = 0;
    std::vector<Open> m_open;
    std::vector<Case> m_cases;
    std::vector<Problem> m_failures;
    std::optional<int> m_zone; ///< Of the first stamp that states one.
    int m_tests = 0;
    int m_skipped = 0;
    int m_failed = 0;
    bool m_isFull = false;
};

} // namespace faultline
