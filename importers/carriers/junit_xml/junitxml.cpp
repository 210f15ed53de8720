// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/junitxml.h"

#include "importers/carriers/junit_xml/junitreader.h"
#include "importers/carriers/junit_xml/xmltext.h"
#include "importers/core/headlines.h"
#include "importers/core/stamps.h"

#include <QCoreApplication>

#include <algorithm>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::JunitXml", text);
}

class JunitDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        line = bareLine(line, byteOffset);
        DecodedLine decoded;
        decoded.payload = line;
        if (appendXmlText(line, decoded.owned))
            decoded.payload = std::string_view(decoded.owned.constData(), static_cast<size_t>(decoded.owned.size()));
        decoded.level = statedLevel(decoded.payload);
        return decoded;
    }
    bool hasStamps() const override { return false; }
};

class JunitSession final : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}
    void finish(LineReader &lines, TextSink &sink) override { JunitReader(lines, sink).read(); }

private:
    std::shared_ptr<const LineDecoder> m_decoder = std::make_shared<JunitDecoder>();
};

} // namespace

ImporterInfo JunitXmlCarrier::info() const
{
    return {"junit-xml", tr("JUnit XML report"), SourceKind::TestOutput, TimeBasis::Local};
}

SniffResult JunitXmlCarrier::sniff(const SourceHead &head) const
{
    std::string_view text(head.bytes.constData(), static_cast<size_t>(head.bytes.size()));
    if (text.starts_with(Utf8Bom))
        text.remove_prefix(Utf8Bom.size());
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || text[first] != '<')
        return {};
    const auto opens = [text](std::string_view name) {
        const size_t at = text.find(name);
        return at != std::string_view::npos && at + name.size() < text.size()
               && std::string_view(" \t\r\n>/").find(text[at + name.size()]) != std::string_view::npos;
    };
    if (opens("<testsuites") || opens("<testsuite"))
        return {95, tr("XML with suites of tests")};
    return {};
}

std::unique_ptr<CarrierSession> JunitXmlCarrier::open(const SourceHead &) const
{
    return std::make_unique<JunitSession>();
}

bool JunitXmlCarrier::scanText(std::string_view lines, QByteArray &into) const
{
    into.resize(0);
    for (size_t from = 0; from < lines.size();) {
        const size_t end = std::min(lines.find('\n', from), lines.size());
        appendXmlText(lines.substr(from, end - from), into);
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

bool JunitXmlCarrier::wantsRecogniser(QByteArrayView id) const
{
    return id != "gotest" && id != "test-runs"; // the report tells of its tests itself
}

} // namespace faultline
