// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/ulimit/ulimit.h"

#include "importers/core/cursor.h"
#include "importers/core/facts.h"
#include "models/core/views.h"

#include <array>

namespace faultline {

namespace {

struct Limit {
    char option;
    std::string_view words; ///< What its line says of it, in any of the shells.
    const char *key;
    qint64 unit; ///< Bytes or plain, of bash; 0: not a size.
};

// bash: builtins/ulimit.def
constexpr std::array Limits{Limit{'c', "core", "core_file_size", 512},
                            Limit{'d', "data", "data_seg_size", 1024},
                            Limit{'f', "file size", "file_size", 1024},
                            Limit{'l', "locked", "max_locked_memory", 1024},
                            Limit{'m', "memory size", "max_memory_size", 1024},
                            Limit{'n', "open files", "open_files", 0},
                            Limit{'s', "stack", "stack_size", 1024},
                            Limit{'t', "time", "cpu_time", 0},
                            Limit{'u', "processes", "max_user_processes", 0},
                            Limit{'v', "virtual", "virtual_memory", 1024},
                            Limit{'x', "locks", "file_locks", 0}};

// dash and other shells after Kenneth Almquist's: src/miscbltin.c
struct BareLimit {
    std::string_view name;
    const char *key;
    qint64 unit;
};
constexpr std::array BareLimits{BareLimit{"time(seconds)", "cpu_time", 0},
                                BareLimit{"file(blocks)", "file_size", 512},
                                BareLimit{"data(kbytes)", "data_seg_size", 1024},
                                BareLimit{"stack(kbytes)", "stack_size", 1024},
                                BareLimit{"coredump(blocks)", "core_file_size", 512},
                                BareLimit{"memory(kbytes)", "max_memory_size", 1024},
                                BareLimit{"locked memory(kbytes)", "max_locked_memory", 1024},
                                BareLimit{"process", "max_user_processes", 0},
                                BareLimit{"nofiles", "open_files", 0},
                                BareLimit{"vmemory(kbytes)", "virtual_memory", 1024},
                                BareLimit{"locks", "file_locks", 0}};

class UlimitSession : public RecogniserSession
{
public:
    void trigger(int, const TextLine &line, LineReader &, TextSink &sink) override
    {
        constexpr size_t MostFacts = 100'000;
        if (sink.evidence.facts.size() > MostFacts)
            return;
        for (const auto &[key, value] : readUlimitLine(line.payload))
            addFact(sink, line, "ulimit", key, value);
    }
    void finish(LineReader &, TextSink &) override {}
};

Fields withBytes(const char *key, std::string_view value, std::optional<qint64> amount, qint64 unit)
{
    constexpr qint64 MostAmount = 9'000'000'000'000;
    Fields fields{{key, bytesOf(value)}};
    if (unit > 0 && amount && *amount < MostAmount)
        fields.emplace_back(key + QByteArray("_bytes"), QByteArray::number(*amount * unit));
    return fields;
}

} // namespace

Fields readUlimitLine(std::string_view text)
{
    while (text.ends_with(' ') || text.ends_with('\r'))
        text.remove_suffix(1);
    const size_t blank = text.rfind(' ');
    if (blank == std::string_view::npos)
        return {};
    const std::string_view value = text.substr(blank + 1);
    Cursor number(value);
    const auto amount = number.number(18);
    if (value != "unlimited" && !(amount && number.atEnd()))
        return {};
    for (const BareLimit &limit : BareLimits)
        if (text.starts_with(limit.name) && text.find_first_not_of(' ', limit.name.size()) == blank + 1)
            return withBytes(limit.key, value, amount, limit.unit);
    // "(kbytes, -v)" or "-v: address space (kb)": the option's letter follows a dash.
    const size_t dash = std::min(text.find("-") == 0 ? 0 : text.find(", -"), text.find("(-"));
    const size_t letter = dash == std::string_view::npos ? dash : text.find('-', dash) + 1;
    if (letter >= text.size())
        return {};
    for (const Limit &limit : Limits) {
        if (text[letter] != limit.option)
            continue;
        const bool kilobytes = text.contains("kbytes") || text.contains("(kb)") || text.contains("kB");
        const bool blocks = text.contains("blocks");
        const qint64 unit = limit.unit == 0 ? 0
                            : kilobytes     ? 1024
                            : blocks        ? limit.option == 'c' ? 512 : 1024
                                            : limit.unit;
        return withBytes(limit.key, value, amount, unit);
    }
    return {};
}

bool Ulimit::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::Log || kind == SourceKind::TestOutput;
}

std::vector<QByteArray> Ulimit::triggers() const
{
    return {R"(\((kbytes|blocks|seconds|512 bytes|bytes|microseconds), -[a-zA-Z]\) +(unlimited|[0-9]+))",
            R"((open files|max user processes|file locks) +\(-[a-z]\) +(unlimited|[0-9]+))",
            R"(^(nofiles|vmemory\(kbytes\)|locked memory\(kbytes\)|coredump\(blocks\)) +(unlimited|[0-9]+) *$)",
            R"(^-[a-z]: [a-z -]+(\([a-z0-9 -]+\))? +(unlimited|[0-9]+))"};
}

std::unique_ptr<RecogniserSession> Ulimit::open() const
{
    return std::make_unique<UlimitSession>();
}

} // namespace faultline
