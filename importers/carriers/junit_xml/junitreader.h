// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"
#include "importers/core/spantree.h"

#include <QXmlStreamReader>

namespace faultline {

/// Reads a JUnit report's suites and cases into spans, and its failures into events of signature test.fail.junit. There is no binding
/// definition of the format; this takes what https://github.com/testmoapp/junitxml and the writers' own code show.
class JunitReader
{
public:
    JunitReader(LineReader &lines, TextSink &sink);

    /// The sink's text is read from its start. What is broken becomes a note; what stands before it is kept.
    void read();

private:
    enum class What { Suite, Case, Problem, Other };
    struct Open {
        What what = What::Other;
        int span = -1;
        QByteArray name; ///< Of a case, also past the cap of spans.
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

    bool feed();
    void startElement();
    void startSuite(Open &open);
    void startCase(Open &open);
    void startProblem(Open &open, bool isError);
    void endElement();
    void endCase(const Open &open);
    void endSuite(const Open &open);
    void text(QStringView characters);
    Open *innermost(What what);
    QByteArray attribute(const char *name) const;
    std::optional<SourceTime> timestamp();
    TextLine here() const;
    void setOutcome(int span, Outcome outcome);
    void finishSpans();
    void addEvents();
    void keepWhatFailed();
    void describe();
    void note(Severity severity, Code code, const QString &text);

    LineReader &m_lines;
    TextSink &m_sink;
    SpanTree m_spans;
    QXmlStreamReader m_xml;
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
