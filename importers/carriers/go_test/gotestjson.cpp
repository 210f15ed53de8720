// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/go_test/gotestcarriers.h"

#include "importers/carriers/plain/plain.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/jsonline.h"
#include "importers/core/spantree.h"
#include "models/core/translate.h"

#include <algorithm>
#include <map>

namespace faultline {

namespace {

bool isEvent(const JsonLine &json)
{
    return json.raw("Action") && (json.raw("Package") || json.raw("ImportPath"));
}

/// What the event prints, one line.
void appendOutput(std::string_view escaped, QByteArray &into)
{
    const qsizetype from = into.size();
    appendUnescapedJson(escaped, into);
    if (into.size() > from && into.endsWith('\n'))
        into.chop(1);
    std::replace(into.begin() + from, into.end(), '\n', ' ');
}

class GoTestJsonDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        line = bareLine(line, byteOffset);
        DecodedLine decoded;
        decoded.payload = line;
        JsonLine json;
        if (!line.starts_with('{') || !json.parse(line) || !isEvent(json))
            return decoded;
        if (const auto time = json.raw("Time")) {
            if (const auto stamp = readIsoStamp(*time); stamp && stamp->zoneSeconds)
                decoded.time = stamp->time;
        }
        const auto output = json.raw("Output");
        if (!output)
            return decoded;
        appendOutput(*output, decoded.owned);
        decoded.payload = std::string_view(decoded.owned.constData(), static_cast<size_t>(decoded.owned.size()));
        return decoded;
    }
};

class GoTestJsonSession final : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int, const TextLine &line, LineReader &, TextSink &sink) override
    {
        JsonLine json;
        if (!json.parse(bareLine(line.raw, line.byteOffset)) || !isEvent(json))
            return;
        learnZone(json);
        const QByteArray action = json.text("Action");
        QByteArray package = json.text(json.raw("Package") ? "Package" : "ImportPath");
        // A build's events name the package as built for a test: "example.com/x [example.com/x.test]".
        if (const qsizetype built = package.indexOf(" ["); built >= 0)
            package.truncate(built);
        const QByteArray test = json.text("Test");
        if (test.isEmpty())
            packageAction(action, package, json, line, sink);
        else
            testAction(action, package, test, json, line, sink);
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.resolutionNs = NsPerMicrosecond;
        evidence.basis = !evidence.first           ? TimeBasis::None
                         : m_zone.value_or(0) == 0 ? TimeBasis::Utc
                                                   : TimeBasis::Zoned;
        evidence.zone = evidence.first ? zoneName(m_zone.value_or(0)) : QByteArray();
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, evidence);
        for (const auto &[key, test] : m_running) {
            if (test.isPaused || test.isOver)
                continue;
            addRunning(key.second, end, sink);
            if (Span *open = SpanTree::at(sink, test.span))
                open->lastLine = end.number;
        }
    }

private:
    using Key = std::pair<QByteArray, QByteArray>; // package, test
    struct Test {
        int span = -1;
        bool isPaused = false;
        bool isParallel = false; ///< It was paused before; others run beside it.
        bool isOver = false;     ///< Its result comes with its parent's, but a sibling has begun since.
    };

    void learnZone(const JsonLine &json)
    {
        if (const auto time = m_zone ? std::nullopt : json.raw("Time")) {
            if (const auto stamp = readIsoStamp(*time))
                m_zone = stamp->zoneSeconds;
        }
    }

    static void addRunning(const QByteArray &test, const TextLine &line, TextSink &sink)
    {
        constexpr size_t MostFacts = 10'000;
        if (sink.evidence.facts.size() < MostFacts)
            addFact(sink, line, "test/" + test, "running", "true");
    }

    static Outcome outcomeOf(const QByteArray &action)
    {
        return action == "pass"   ? Outcome::Passed
               : action == "skip" ? Outcome::Skipped
               : action == "fail" ? Outcome::Failed
                                  : Outcome::Unknown;
    }

    /// Ends a span; where the event tells how long it took, its start cannot be later than that before the end.
    static void close(int span, const QByteArray &action, const JsonLine &json, const TextLine &line, TextSink &sink)
    {
        SpanTree::close(sink, span, line, outcomeOf(action));
        Span *closed = SpanTree::at(sink, span);
        bool isNumber = false;
        const double elapsed = json.text("Elapsed").toDouble(&isNumber);
        if (closed && isNumber && elapsed > 0 && elapsed < 1e7 && closed->end) {
            const SourceTime start = *closed->end - fromSeconds(elapsed);
            if (!closed->start || start < *closed->start)
                closed->start = start;
        }
    }

    int package(const QByteArray &name, const TextLine &line, TextSink &sink)
    {
        const auto known = m_packages.find(name);
        if (known != m_packages.end()) {
            Span *section = SpanTree::at(sink, known->second);
            if (section && !section->start)
                section->start = line.time; // its build's events have no time
            return known->second;
        }
        const int span = m_spans.open(sink, SpanKind::Section,
                                      std::string_view(name.constData(), static_cast<size_t>(name.size())), line);
        m_packages.emplace(name, span);
        return span;
    }

    void packageAction(const QByteArray &action, const QByteArray &name, const JsonLine &json, const TextLine &line,
                       TextSink &sink)
    {
        const int span = package(name, line, sink);
        if (action == "build-fail") {
            SpanTree::close(sink, span, line, Outcome::Failed);
            return;
        }
        if (outcomeOf(action) == Outcome::Unknown)
            return;
        close(span, action, json, line, sink);
        m_packages.erase(name);
        // Tests that the package's end left without a result were running when it ended.
        for (auto at = m_running.lower_bound({name, {}}); at != m_running.end() && at->first.first == name;
             at = m_running.erase(at)) {
            if (at->second.isOver)
                continue;
            const bool failed = action == "fail" && !at->second.isPaused;
            if (failed)
                addRunning(at->first.second, line, sink);
            SpanTree::close(sink, at->second.span, line, failed ? Outcome::Failed : Outcome::Unknown);
        }
    }

    void testAction(const QByteArray &action, const QByteArray &packageName, const QByteArray &test,
                    const JsonLine &json, const TextLine &line, TextSink &sink)
    {
        const Key key{packageName, test};
        auto known = m_running.find(key);
        if (known == m_running.end()) {
            if (action != "run" && outcomeOf(action) == Outcome::Unknown)
                return;
            const int span =
                m_spans.open(sink, SpanKind::Test, std::string_view(test.constData(), static_cast<size_t>(test.size())),
                             line, parentOf(key, line, sink));
            known = m_running.emplace(key, Test{span}).first;
        }
        if (action == "pause" || action == "cont") {
            known->second.isPaused = action == "pause";
            known->second.isParallel = true;
        }
        if (outcomeOf(action) == Outcome::Unknown)
            return;
        close(known->second.span, action, json, line, sink);
        m_running.erase(known);
    }

    /// Subtests run one after another unless they are parallel: one that begins ends the sibling before it.
    int parentOf(const Key &key, const TextLine &line, TextSink &sink)
    {
        const auto slash = key.second.lastIndexOf('/');
        const Key aboveKey{key.first, slash < 0 ? QByteArray() : key.second.first(slash)};
        const auto above = m_running.find(aboveKey);
        if (slash < 0 || above == m_running.end())
            return package(key.first, line, sink);
        QByteArray &last = m_lastChild[aboveKey];
        if (const auto sibling = m_running.find({key.first, last});
            sibling != m_running.end() && !sibling->second.isParallel) {
            sibling->second.isOver = true;
            SpanTree::closeBefore(sink, sibling->second.span, line);
        }
        last = key.second;
        return above->second.span;
    }

    std::shared_ptr<const LineDecoder> m_decoder = std::make_shared<GoTestJsonDecoder>();
    SpanTree m_spans;
    std::map<QByteArray, int> m_packages;
    std::map<Key, Test> m_running;
    std::map<Key, QByteArray> m_lastChild; ///< By parent: the subtest that began last.
    std::optional<int> m_zone;
};

} // namespace

ImporterInfo GoTestJsonCarrier::info() const
{
    return {"go-test-json", tr("go test -json output"), SourceKind::TestOutput, TimeBasis::Utc};
}

SniffResult GoTestJsonCarrier::sniff(const SourceHead &head) const
{
    int events = 0;
    int others = 0;
    for (const std::string_view line : headLines(head)) {
        JsonLine json;
        if (line.starts_with('{') && json.parse(line) && isEvent(json))
            ++events;
        else
            others += line.empty() ? 0 : 1;
    }
    if (events == 0)
        return {};
    return {events >= others ? 95 : 75, tr("Lines are events of go test -json")};
}

std::vector<QByteArray> GoTestJsonCarrier::marks() const
{
    return {"\"Action\": ?\"(?:start|run|pause|cont|pass|fail|skip|build-fail)\""};
}

std::unique_ptr<CarrierSession> GoTestJsonCarrier::open(const SourceHead &) const
{
    return std::make_unique<GoTestJsonSession>();
}

bool GoTestJsonCarrier::scanText(std::string_view lines, QByteArray &into) const
{
    into.resize(0);
    JsonLine json;
    QByteArray output;
    QByteArray stripped;
    for (size_t from = 0; from < lines.size();) {
        const size_t end = std::min(lines.find('\n', from), lines.size());
        const std::string_view line = bareLine(lines.substr(from, end - from), static_cast<qint64>(from));
        const bool isObject = line.starts_with('{') && json.parse(line);
        if (const auto escaped = isObject ? json.raw("Output") : std::nullopt) {
            output.resize(0);
            appendOutput(*escaped, output);
            stripTerminalControl(std::string_view(output.constData(), static_cast<size_t>(output.size())), true,
                                 stripped);
            into.append(stripped);
        } else {
            into.append(line.data(), static_cast<qsizetype>(line.size()));
        }
        if (end < lines.size())
            into.append('\n');
        from = end + 1;
    }
    return true;
}

} // namespace faultline
