// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/go_test/gotestcarriers.h"

#include "importers/carriers/plain/plain.h"
#include "importers/core/headlines.h"
#include "models/core/translate.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

/// Lines without stamps.
class UnstampedSession final : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}
    void finish(LineReader &, TextSink &sink) override { sink.evidence.basis = TimeBasis::None; }

private:
    std::shared_ptr<const LineDecoder> m_decoder = std::make_shared<StampedDecoder>(StampFormat());
};

bool isGoroutineHeader(std::string_view line)
{
    constexpr std::string_view Word = "goroutine ";
    return line.starts_with(Word) && line.size() > Word.size() && line[Word.size()] >= '0' && line[Word.size()] <= '9'
           && line.find('[') != std::string_view::npos && line.ends_with("]:");
}

} // namespace

ImporterInfo GoTestCarrier::info() const
{
    return {"go-test", tr("go test output"), SourceKind::TestOutput, TimeBasis::None};
}

SniffResult GoTestCarrier::sniff(const SourceHead &head) const
{
    constexpr std::array<std::string_view, 12> Signs{"=== RUN ",   "=== PAUSE ", "=== CONT ",  "=== NAME ",
                                                     "--- PASS: ", "--- FAIL: ", "--- SKIP: ", "ok  \t",
                                                     "FAIL\t",     "?   \t",     "ok      ",   "FAIL    "};
    constexpr std::array<std::string_view, 4> Weak{"panic: test timed out after ",
                                                   "testing: warning: ", "goos: ", "pkg: "};
    int signs = 0;
    int weak = 0;
    for (const std::string_view line : headLines(head, 2000)) {
        const auto starts = [line](std::string_view sign) { return line.starts_with(sign); };
        signs += std::ranges::any_of(Signs, starts) ? 1 : 0;
        const bool isBenchmark = line.starts_with("Benchmark") && line.find(" ns/op") != std::string_view::npos;
        weak += std::ranges::any_of(Weak, starts) || isBenchmark ? 1 : 0;
    }
    if (signs >= 2)
        return {70, tr("Lines that go test prints, without time stamps")};
    return signs + weak > 0 ? SniffResult{30 + 10 * std::min(signs + weak, 3), tr("A few lines that go test prints")}
                            : SniffResult{};
}

std::unique_ptr<CarrierSession> GoTestCarrier::open(const SourceHead &) const
{
    return std::make_unique<UnstampedSession>();
}

ImporterInfo GoroutineDumpCarrier::info() const
{
    return {"goroutine-dump", tr("Goroutine dump"), SourceKind::ThreadDump, TimeBasis::None};
}

SniffResult GoroutineDumpCarrier::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head, 20);
    const auto first = std::ranges::find_if(
        lines, [](std::string_view line) { return !line.empty() && !line.starts_with("SIGQUIT"); });
    if (first == lines.end() || !isGoroutineHeader(*first))
        return {};
    return {85, tr("It begins with a goroutine and its stack")};
}

std::unique_ptr<CarrierSession> GoroutineDumpCarrier::open(const SourceHead &) const
{
    return std::make_unique<UnstampedSession>();
}

} // namespace faultline
