// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/jvm/jvmcarriers.h"

#include "importers/carriers/plain/plain.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "importers/core/wallclock.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {

/// Lines without stamps, and one line that tells when all of it was written.
class OneStampSession : public CarrierSession
{
public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void finish(LineReader &, TextSink &sink) override { describe(sink.evidence); }

protected:
    void setTime(const WallTime &time)
    {
        if (!m_time)
            m_time = time;
    }
    std::optional<SourceTime> time() const { return m_time ? std::optional(m_time->sourceTime()) : std::nullopt; }
    void describe(SourceEvidence &evidence) const
    {
        evidence.basis = !m_time                     ? TimeBasis::None
                         : !m_time->zoneSeconds      ? TimeBasis::Local
                         : *m_time->zoneSeconds == 0 ? TimeBasis::Utc
                                                     : TimeBasis::Zoned;
        if (!m_time)
            return;
        if (m_time->zoneSeconds)
            evidence.zone = zoneText(*m_time->zoneSeconds);
        evidence.first = evidence.last = m_time->sourceTime();
        evidence.resolutionNs = NsPerSecond;
        const SourceInterval whole{*evidence.first, *evidence.last};
        for (Event &event : evidence.events)
            event.time = event.time ? event.time : whole;
        for (Fact &fact : evidence.facts)
            fact.time = fact.time ? fact.time : whole;
    }

private:
    std::shared_ptr<const LineDecoder> m_decoder = std::make_shared<StampedDecoder>(StampFormat());
    std::optional<WallTime> m_time;
};

/// jstack: "2026-05-04 10:00:00" alone on the line before "Full thread dump OpenJDK 64-Bit Server VM (21+35 mixed mode):"
class ThreadDumpSession final : public OneStampSession
{
public:
    void mark(int, const TextLine &line, LineReader &lines, TextSink &) override
    {
        if (!line.payload.starts_with("Full thread dump") || line.number < 2)
            return;
        const auto before = lines.line(line.number - 1);
        Cursor cursor(before ? before->payload : std::string_view());
        if (const auto time = takeIsoTime(cursor))
            setTime(*time);
    }
};

/// "Time: Mon May  4 10:00:00 2026 UTC elapsed time: 12.345678 seconds (0d 0h 0m 12s)"; before JDK 11 "time: Mon May  4 10:00:00 2026",
/// "timezone: UTC" and "elapsed time: 12.345678 seconds" on lines of their own.
class HsErrSession final : public OneStampSession
{
public:
    void mark(int, const TextLine &line, LineReader &, TextSink &) override
    {
        Cursor cursor(line.payload);
        if (cursor.take("elapsed time: ")) {
            m_elapsed = takeSeconds(cursor);
        } else if (cursor.take("Time: ") || cursor.take("time: ")) {
            auto time = takeCtime(cursor);
            if (!time)
                return;
            cursor.blanks();
            time->zoneSeconds = zoneOfAbbreviation(cursor.word());
            cursor.blanks();
            if (cursor.take("elapsed time: "))
                m_elapsed = takeSeconds(cursor);
            setTime(*time);
        }
    }
    void finish(LineReader &lines, TextSink &sink) override
    {
        describe(sink.evidence);
        // The JVM's life, which ended badly; the file is about nothing else.
        Span life;
        life.kind = SpanKind::State;
        life.name = "JVM";
        life.outcome = Outcome::Failed;
        life.line = 1;
        life.lastLine = std::max<qint64>(1, lines.lineCount());
        life.end = time();
        if (life.end && m_elapsed)
            life.start = *life.end - *m_elapsed;
        sink.evidence.spans.push_back(std::move(life));
    }

private:
    static std::optional<DurationNs> takeSeconds(Cursor &cursor)
    {
        const auto whole = cursor.number(9);
        if (!whole)
            return std::nullopt;
        return *whole * NsPerSecond + (cursor.take('.') ? cursor.nanos().value_or(0) : 0);
    }

    std::optional<DurationNs> m_elapsed;
};

} // namespace

ImporterInfo JvmThreadDumpCarrier::info() const
{
    return {"jvm-thread-dump", tr("JVM thread dump"), SourceKind::ThreadDump, TimeBasis::None};
}

SniffResult JvmThreadDumpCarrier::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head, 20);
    const auto isHead = [](std::string_view line) {
        return line.starts_with("Full thread dump ") && line.ends_with("):");
    };
    return std::ranges::any_of(lines, isHead) ? SniffResult{85, tr("It begins with the head of a JVM's thread dump")}
                                              : SniffResult{};
}

std::vector<QByteArray> JvmThreadDumpCarrier::marks() const
{
    return {"Full thread dump .*\\):"};
}

std::unique_ptr<CarrierSession> JvmThreadDumpCarrier::open(const SourceHead &) const
{
    return std::make_unique<ThreadDumpSession>();
}

ImporterInfo HsErrCarrier::info() const
{
    return {"hs-err", tr("Fatal error log of a JVM"), SourceKind::Log, TimeBasis::Local};
}

SniffResult HsErrCarrier::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head, 6);
    const auto isHead = [](std::string_view line) {
        return line.starts_with("# A fatal error has been detected by the Java Runtime Environment")
               || line.starts_with("# There is insufficient memory for the Java Runtime Environment");
    };
    return !lines.empty() && lines.front() == "#" && std::ranges::any_of(lines, isHead)
               ? SniffResult{90, tr("It begins as the JVM begins the log of a fatal error")}
               : SniffResult{};
}

std::vector<QByteArray> HsErrCarrier::marks() const
{
    return {"[Tt]ime: [A-Z][a-z][a-z] [A-Z][a-z][a-z] ", "elapsed time: [0-9.]+ seconds"};
}

std::unique_ptr<CarrierSession> HsErrCarrier::open(const SourceHead &) const
{
    return std::make_unique<HsErrSession>();
}

} // namespace faultline
