// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/journal/journalentry.h"

#include "importers/carriers/dmesg/kernelline.h"
#include "models/core/translate.h"

#include <algorithm>
#include <limits>

namespace faultline {

namespace {
constexpr size_t MostBoots = 1000;

void addClockFact(const QByteArray &boot, const char *key, qint64 ns, qint64 realtimeNs, qint64 line,
                  const QByteArray &host, TextSink &sink)
{
    Fact fact;
    fact.line = line;
    fact.time = SourceInterval{{realtimeNs}, {realtimeNs}};
    fact.subject = "boot/" + boot;
    fact.key = key;
    fact.value = QByteArray::number(ns);
    fact.identity = Identity::ofHost(host);
    sink.evidence.facts.push_back(std::move(fact));
}

void addClockStep(qint64 ns, qint64 realtimeNs, qint64 line, const QByteArray &host, TextSink &sink)
{
    Event event;
    event.line = event.lastLine = line;
    event.time = SourceInterval{{realtimeNs}, {realtimeNs}};
    event.signature = "clock.step";
    event.role = Role::Context;
    event.severity = Severity::Warning;
    const QByteArray seconds = QByteArray::number(toSeconds(ns), 'f', 3);
    event.text = "The host's clock was set by " + (ns > 0 ? '+' + seconds : seconds) + " s";
    event.fields = {{"seconds", seconds}};
    event.identity.host = host;
    sink.evidence.events.push_back(std::move(event));
}
} // namespace

std::optional<qint64> microsOf(std::string_view text)
{
    Cursor cursor(text);
    // Up to the year 2096: sums and differences of two of them stay within the range.
    constexpr qint64 MostMicros = std::numeric_limits<qint64>::max() / NsPerMicrosecond / 2;
    const auto number = cursor.number(16);
    if (!number || !cursor.atEnd() || *number > MostMicros - MostMicros / 8)
        return std::nullopt;
    return *number * NsPerMicrosecond;
}

std::optional<SourceTime> JournalEntry::time() const
{
    if (fromKernel && realtimeNs && monotonicNs && sourceMonotonicNs)
        // Never after it was received: the boot-time clock has run on while the machine slept.
        return SourceTime{std::min(*realtimeNs, *realtimeNs - *monotonicNs + *sourceMonotonicNs)};
    if (sourceRealtimeNs)
        return SourceTime{*sourceRealtimeNs};
    if (realtimeNs)
        return SourceTime{*realtimeNs};
    return std::nullopt;
}

Severity JournalEntry::level() const
{
    return priority < 0 ? Severity::Info : severityOfPriority(priority);
}

void JournalEntry::setField(std::string_view name, std::string_view value)
{
    if (name == "PRIORITY") {
        if (value.size() == 1 && Cursor::isDigit(value[0]))
            priority = value[0] - '0';
        return;
    }
    if (!name.starts_with('_'))
        return;
    if (name == "__REALTIME_TIMESTAMP")
        realtimeNs = microsOf(value);
    else if (name == "__MONOTONIC_TIMESTAMP")
        monotonicNs = microsOf(value);
    else if (name == "_SOURCE_REALTIME_TIMESTAMP")
        sourceRealtimeNs = microsOf(value);
    // Since systemd 257 kernel lines carry the boot-time clock, which runs on while the machine sleeps; the pair above does not.
    else if (name == "_SOURCE_MONOTONIC_TIMESTAMP")
        sourceMonotonicNs = microsOf(value);
    else if (name == "_SOURCE_BOOTTIME_TIMESTAMP" && !sourceMonotonicNs)
        sourceMonotonicNs = microsOf(value);
    else if (name == "_TRANSPORT")
        fromKernel = value == "kernel";
    else if (name == "_HOSTNAME")
        host = value;
    else if (name == "_BOOT_ID")
        bootId = value;
}

QByteArray bytesOfArray(std::string_view array)
{
    QByteArray bytes;
    Cursor cursor(array);
    if (!cursor.take('['))
        return bytes;
    for (;;) {
        cursor.blanks();
        const auto byte = cursor.number(3);
        if (!byte || *byte > 255)
            return bytes;
        bytes.append(static_cast<char>(*byte));
        cursor.blanks();
        if (!cursor.take(','))
            return bytes;
    }
}

void BootClocks::observe(const JournalEntry &entry, qint64 line, TextSink &sink)
{
    if (!entry.host.empty()) {
        const QByteArrayView name(entry.host.data(), static_cast<qsizetype>(entry.host.size()));
        m_oneHost = m_oneHost && (m_host.isEmpty() || m_host == name);
        if (m_host.isEmpty())
            m_host = name.toByteArray();
    }
    if (entry.bootId.empty() || !entry.realtimeNs || !entry.monotonicNs)
        return;
    const QByteArray boot(entry.bootId.data(), static_cast<qsizetype>(entry.bootId.size()));
    const qint64 offset = *entry.realtimeNs - *entry.monotonicNs;
    const auto known = m_offsets.find(boot);
    if (known == m_offsets.end()) {
        if (m_offsets.size() >= MostBoots)
            return;
        m_offsets.emplace(boot, offset);
        addClockFact(boot, "realtime_minus_monotonic_ns", offset, *entry.realtimeNs, line, m_host, sink);
        return;
    }
    const DurationNs step = offset - known->second;
    known->second = offset;
    if (std::abs(step) < LeastStep)
        return;
    addClockFact(boot, "clock_step_ns", step, *entry.realtimeNs, line, m_host, sink);
    addClockStep(step, *entry.realtimeNs, line, m_host, sink);
    addNote(sink.evidence.notes, {Severity::Info,
                                  Code::BadTimestamp,
                                  {line, 0, -1},
                                  tr("The host's clock was set here: wall times before and after do not join"),
                                  1});
}

} // namespace faultline
