// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/ulimit/ulimit.h"

#include "importers/core/cursor.h"

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

QByteArray bytesOf(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

class UlimitSession : public RecogniserSession
{
public:
    void trigger(int, const TextLine &line, LineReader &, TextSink &sink) override
    {
        std::string_view text = line.payload;
        while (text.ends_with(' ') || text.ends_with('\r'))
            text.remove_suffix(1);
        const size_t blank = text.rfind(' ');
        if (blank == std::string_view::npos)
            return;
        const std::string_view value = text.substr(blank + 1);
        Cursor number(value);
        const auto amount = number.number(18);
        if (value != "unlimited" && !(amount && number.atEnd()))
            return;
        // "(kbytes, -v)" or "-v: address space (kb)": the option's letter follows a dash.
        const size_t dash = std::min(text.find("-") == 0 ? 0 : text.find(", -"), text.find("(-"));
        if (dash == std::string_view::npos)
            return;
        const size_t letter = text.find('-', dash) + 1;
        if (letter >= text.size())
            return;
        for (const Limit &limit : Limits) {
            if (text[letter] != limit.option)
                continue;
            add(line, sink, limit.key, value);
            if (limit.unit > 0 && amount && *amount < 9'000'000'000'000) {
                const bool kilobytes = text.contains("kbytes") || text.contains("(kb)") || text.contains("kB");
                const bool blocks = text.contains("blocks");
                const qint64 unit = kilobytes ? 1024 : blocks ? limit.option == 'c' ? 512 : 1024 : limit.unit;
                add(line, sink, limit.key + QByteArray("_bytes"), QByteArray::number(*amount * unit).toStdString());
            }
        }
    }
    void finish(LineReader &, TextSink &) override {}

private:
    static void add(const TextLine &line, TextSink &sink, const QByteArray &key, std::string_view value)
    {
        constexpr size_t MostFacts = 100'000;
        if (sink.evidence.facts.size() > MostFacts)
            return;
        Fact fact;
        fact.line = line.number;
        if (line.time)
            fact.time = SourceInterval{*line.time, *line.time};
        fact.subject = "ulimit";
        fact.key = key;
        fact.value = bytesOf(value);
        sink.evidence.facts.push_back(std::move(fact));
    }
};

} // namespace

bool Ulimit::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::Log || kind == SourceKind::TestOutput;
}

std::vector<QByteArray> Ulimit::triggers() const
{
    return {R"(\((kbytes|blocks|seconds|512 bytes|bytes|microseconds), -[a-zA-Z]\) +(unlimited|[0-9]+))",
            R"((open files|max user processes|file locks) +\(-[a-z]\) +(unlimited|[0-9]+))",
            R"(^-[a-z]: [a-z -]+(\([a-z0-9 -]+\))? +(unlimited|[0-9]+))"};
}

std::unique_ptr<RecogniserSession> Ulimit::open() const
{
    return std::make_unique<UlimitSession>();
}

} // namespace faultline
