// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/ruby_tests/rubytests.h"

#include "importers/core/cursor.h"
#include "importers/core/facts.h"

#include <algorithm>

namespace faultline {

namespace {

/// The text of a head of RSpec's list, "  12) Cart takes two"; empty for other lines.
std::string_view numberedHead(std::string_view text)
{
    Cursor cursor(text);
    cursor.blanks();
    return cursor.number(6) && cursor.take(") ") ? cursor.rest() : std::string_view();
}

class RubyTestsSession final : public RecogniserSession
{
public:
    void trigger(int trigger, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        const qint64 number = line.number;
        if (trigger == 0)
            rspec(number, lines, sink);
        else
            minitest(number, lines, sink);
    }
    void finish(LineReader &, TextSink &) override {}

private:
    static Event *eventAt(qint64 line, const char *signature, TextSink &sink)
    {
        constexpr int MostBack = 20;
        auto &events = sink.evidence.events;
        for (int i = 0; i < MostBack && std::cmp_less(i, events.size()); ++i) {
            Event &event = events[events.size() - 1 - static_cast<size_t>(i)];
            if (event.line == line && event.signature == signature)
                return &event;
        }
        return nullptr;
    }

    /// rspec-core, exception_presenter.rb: the number and description stand above, other lines of a description between.
    static void rspec(qint64 number, LineReader &lines, TextSink &sink)
    {
        constexpr qint64 MostAbove = 4;
        Event *event = eventAt(number, "test.fail.rspec_failures", sink);
        for (qint64 above = number - 1; event && above >= std::max<qint64>(1, number - MostAbove); --above) {
            const auto line = lines.line(above);
            const std::string_view name = line ? numberedHead(line->payload) : std::string_view();
            if (name.empty())
                continue;
            event->fields.emplace_back("test", toBytes(name));
            event->line = above;
            return;
        }
    }

    /// minitest/unit.rb: "CalcTest#test_divides [test/calc_test.rb:14]:" on the next line.
    static void minitest(qint64 number, LineReader &lines, TextSink &sink)
    {
        Event *event = eventAt(number, "test.fail.minitest", sink);
        const auto line = event ? lines.line(number + 1) : std::nullopt;
        if (!line || line->payload.find('#') == std::string_view::npos)
            return;
        const std::string_view name =
            line->payload.substr(0, std::min(line->payload.find(" ["), line->payload.find(": ")));
        event->fields.emplace_back("test", toBytes(name.ends_with(':') ? name.substr(0, name.size() - 1) : name));
    }
};

} // namespace

bool RubyTestsRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

std::vector<QByteArray> RubyTestsRecogniser::triggers() const
{
    return {" Failure/Error:", "(?:Failure|Error):$"};
}

std::unique_ptr<RecogniserSession> RubyTestsRecogniser::open() const
{
    return std::make_unique<RubyTestsSession>();
}

} // namespace faultline
