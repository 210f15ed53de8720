// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/jvm/hserr.h"

#include "importers/core/facts.h"

#include <array>

namespace faultline {

namespace {

constexpr size_t MostErrorFacts = 2000;

/// A line that begins with `start` states the rest under `key`. HotSpot: vmError.cpp, os_linux.cpp, osContainer_linux.cpp.
struct Stated {
    const char *trigger;
    std::string_view start;
    const char *key;
};
constexpr std::array<Stated, 17> StatedLines{{
    {"# JRE version: ", "# JRE version: ", "jre"},
    {"# Java VM: ", "# Java VM: ", "vm"},
    {"# Core dump will be written", "# Core dump will be written", "core_dump"},
    {"# Failed to write core dump", "# Failed to write core dump", "core_dump"},
    {"Command Line: ", "Command Line: ", "command_line"},
    {"Time: .* elapsed time: ", "Time: ", "time"},
    {"Host: .* cores?, ", "Host: ", "host"},
    {"Current thread \\(0x", "Current thread ", "thread"},
    {"siginfo: si_signo: ", "siginfo: ", "siginfo"},
    {"Memory: [0-9]+k page, ", "Memory: ", "memory"},
    {"container_type: cgroup", "container_type: ", "container_type"},
    {"memory_limit_in_bytes: ", "memory_limit_in_bytes: ", "container.memory_limit"},
    {"memory_usage_in_bytes: ", "memory_usage_in_bytes: ", "container.memory_usage"},
    {"memory_max_usage_in_bytes: ", "memory_max_usage_in_bytes: ", "container.memory_max_usage"},
    {"MemTotal: +[0-9]+ kB", "MemTotal:", "meminfo.total"},
    {"MemAvailable: +[0-9]+ kB", "MemAvailable:", "meminfo.available"},
    {"max_map_count\\)?: ", "/proc/sys/vm/max_map_count", "max_map_count"},
}};

std::string_view valueIn(std::string_view text)
{
    const size_t from = text.find_first_not_of(" \t:");
    const size_t to = text.find_last_not_of(" \t\r");
    return from == std::string_view::npos ? std::string_view() : text.substr(from, to - from + 1);
}

class HsErrSession final : public RecogniserSession
{
public:
    void trigger(int trigger, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        if (trigger == 0) {
            head(line, lines, sink);
            return;
        }
        const Stated &stated = StatedLines[static_cast<size_t>(trigger - 1)];
        if (!m_hasHead || !line.payload.starts_with(stated.start))
            return; // the words alone stand in other texts too
        fact(line, stated.key, valueIn(line.payload.substr(stated.start.size())), sink);
    }
    void finish(LineReader &, TextSink &) override {}

private:
    /// "# A fatal error has been detected by the Java Runtime Environment:", then "#  SIGSEGV (0xb) at pc=0x…, pid=123, tid=456", or
    /// "#  Internal Error (file.cpp:12), pid=…", or "# There is insufficient memory …" with what was asked for; later "# Problematic frame:".
    void head(const TextLine &line, LineReader &lines, TextSink &sink)
    {
        constexpr qint64 MostLines = 40;
        m_hasHead = true;
        TextLine place{line.number, line.byteOffset, {}, {}, line.time};
        bool isFrame = false;
        for (qint64 number = place.number; number < place.number + MostLines; ++number) {
            const auto next = lines.line(number);
            if (!next || !next->payload.starts_with('#'))
                return;
            const std::string_view text = valueIn(next->payload.substr(1));
            TextLine at = place;
            at.number = number;
            if (std::exchange(isFrame, text == "Problematic frame"))
                fact(at, "frame", text, sink);
            isFrame = isFrame || text.starts_with("Problematic frame");
            if (text.starts_with("SIG") || text.starts_with("EXCEPTION_") || text.starts_with("Internal Error")) {
                const size_t end = text.find(text.starts_with("Internal") ? ',' : ' ');
                fact(at, text.starts_with("Internal") ? "error" : "signal", text.substr(0, end), sink);
                if (const size_t pid = text.find("pid="); pid != std::string_view::npos)
                    fact(at, "pid", [&] { return text.substr(pid + 4, text.find(',', pid) - pid - 4); }(), sink);
            } else if (text.starts_with("Native memory allocation")) {
                fact(at, "allocation", text, sink);
            } else if (text.starts_with("guarantee(") || text.starts_with("assert(") || text.starts_with("fatal error:")
                       || text.starts_with("Error:")) {
                fact(at, "error", text, sink);
            }
        }
    }

    void fact(const TextLine &line, const char *key, std::string_view value, TextSink &sink)
    {
        if (value.empty() || m_facts >= MostErrorFacts)
            return;
        ++m_facts;
        addFact(sink, line, "jvm", key, toBytes(value));
    }

    bool m_hasHead = false;
    size_t m_facts = 0;
};

} // namespace

bool HsErrRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

std::vector<QByteArray> HsErrRecogniser::triggers() const
{
    std::vector<QByteArray> triggers{
        "# (?:A fatal error has been detected by the Java Runtime|There is insufficient memory for the Java Runtime)"};
    for (const Stated &stated : StatedLines)
        triggers.emplace_back(stated.trigger);
    return triggers;
}

std::unique_ptr<RecogniserSession> HsErrRecogniser::open() const
{
    return std::make_unique<HsErrSession>();
}

} // namespace faultline
