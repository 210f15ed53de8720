// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/junitxml.h"

#include "importers/carriers/junit_xml/junitreader.h"
#include "importers/carriers/junit_xml/reportdialect.h"
#include "importers/carriers/junit_xml/xmltext.h"
#include "importers/core/headlines.h"
#include "importers/core/stamps.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {

class JunitDecoder final : public LineDecoder
{
public:
    explicit JunitDecoder(const ReportDialect &dialect)
        : m_dialect(dialect)
    {
    }
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        line = bareLine(line, byteOffset);
        DecodedLine decoded;
        decoded.payload = line;
        if (appendXmlText(line, m_dialect.tags, decoded.owned))
            decoded.payload = std::string_view(decoded.owned.constData(), static_cast<size_t>(decoded.owned.size()));
        return decoded;
    }
    bool hasStamps() const override { return false; }

private:
    const ReportDialect &m_dialect;
};

class JunitSession final : public CarrierSession
{
public:
    explicit JunitSession(const ReportDialect &dialect)
        : m_dialect(dialect)
        , m_decoder(std::make_shared<JunitDecoder>(dialect))
    {
    }
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}
    void finish(LineReader &lines, TextSink &sink) override { JunitReader(m_dialect, lines, sink).read(); }

private:
    const ReportDialect &m_dialect;
    std::shared_ptr<const LineDecoder> m_decoder;
};

/// The text from its first tag; empty where the head is no XML.
std::string_view xmlOf(const SourceHead &head)
{
    std::string_view text(head.bytes.constData(), static_cast<size_t>(head.bytes.size()));
    if (text.starts_with(Utf8Bom))
        text.remove_prefix(Utf8Bom.size());
    const size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '<' ? text.substr(first) : std::string_view();
}

/// Whether an element of that name begins somewhere.
bool opens(std::string_view text, std::string_view name)
{
    const size_t at = text.find(name);
    return at != std::string_view::npos && at + name.size() < text.size()
           && std::string_view(" \t\r\n>/").contains(text[at + name.size()]);
}

constexpr int Certain = 95;

} // namespace

std::unique_ptr<CarrierSession> TestReportCarrier::open(const SourceHead &) const
{
    return std::make_unique<JunitSession>(dialect());
}

ImporterInfo JunitXmlCarrier::info() const
{
    return {"junit-xml", tr("JUnit XML report"), SourceKind::TestOutput, TimeBasis::Local};
}

SniffResult JunitXmlCarrier::sniff(const SourceHead &head) const
{
    const std::string_view text = xmlOf(head);
    return opens(text, "<testsuites") || opens(text, "<testsuite")
               ? SniffResult{Certain, tr("XML with suites of tests")}
               : SniffResult{};
}

const ReportDialect &JunitXmlCarrier::dialect() const
{
    return junitDialect();
}

ImporterInfo NunitXmlCarrier::info() const
{
    return {"nunit-xml", tr("NUnit report"), SourceKind::TestOutput, TimeBasis::Local};
}

SniffResult NunitXmlCarrier::sniff(const SourceHead &head) const
{
    const std::string_view text = xmlOf(head);
    return opens(text, "<test-run") || opens(text, "<test-results")
               ? SniffResult{Certain, tr("XML with a run of NUnit's tests")}
               : SniffResult{};
}

const ReportDialect &NunitXmlCarrier::dialect() const
{
    return nunitDialect();
}

ImporterInfo XunitXmlCarrier::info() const
{
    return {"xunit-xml", tr("xUnit.net report"), SourceKind::TestOutput, TimeBasis::Local};
}

SniffResult XunitXmlCarrier::sniff(const SourceHead &head) const
{
    const std::string_view text = xmlOf(head);
    const bool isReport =
        opens(text, "<assemblies")
        || (opens(text, "<assembly") && text.contains("test-framework=") && text.contains("run-date="));
    return isReport ? SniffResult{Certain, tr("XML with assemblies of xUnit's tests")} : SniffResult{};
}

const ReportDialect &XunitXmlCarrier::dialect() const
{
    return xunitDialect();
}

ImporterInfo TrxCarrier::info() const
{
    return {"trx", tr("Visual Studio test results (TRX)"), SourceKind::TestOutput, TimeBasis::Zoned};
}

SniffResult TrxCarrier::sniff(const SourceHead &head) const
{
    const std::string_view text = xmlOf(head);
    return opens(text, "<TestRun") && text.contains("microsoft.com/schemas/VisualStudio/TeamTest")
               ? SniffResult{Certain, tr("XML with a run of Visual Studio's tests")}
               : SniffResult{};
}

const ReportDialect &TrxCarrier::dialect() const
{
    return trxDialect();
}

bool TestReportCarrier::scanText(std::string_view lines, QByteArray &into) const
{
    into.resize(0);
    for (size_t from = 0; from < lines.size();) {
        const size_t end = std::min(lines.find('\n', from), lines.size());
        appendXmlText(lines.substr(from, end - from), dialect().tags, into);
        if (end < lines.size())
            into.append('\n');
        from = end + 1;
    }
    const auto isControl = [](char c) { return c == '\x1b' || c == '\r' || c == '\0'; };
    if (std::ranges::any_of(into, isControl)) {
        QByteArray stripped;
        stripTerminalControl(std::string_view(into.constData(), static_cast<size_t>(into.size())), true, stripped);
        into.swap(stripped);
    }
    return true;
}

bool TestReportCarrier::wantsRecogniser(QByteArrayView id) const
{
    return id != "gotest" && id != "test-runs"; // the report tells of its tests itself
}

} // namespace faultline
