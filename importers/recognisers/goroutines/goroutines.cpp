// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/goroutines/goroutines.h"

#include "importers/core/facts.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

constexpr int MostStackLines = 250;
constexpr qsizetype MostStackBytes = 16 * 1024;
constexpr qsizetype MostBytesInAll = 32 * 1024 * 1024;

/// "goroutine 58 [chan receive, 9 minutes, locked to thread]:", "goroutine 20 gp=0xc0000a08c0 m=nil [GC worker (idle)]:"
/// (runtime: traceback.go, goroutineheader)
std::optional<Thread> readHeader(std::string_view text)
{
    constexpr std::string_view Word = "goroutine ";
    if (!text.starts_with(Word) || !text.ends_with("]:"))
        return std::nullopt;
    const QByteArray id = leadingNumber(text.substr(Word.size()));
    const size_t open = text.find('[');
    if (id.isEmpty() || open == std::string_view::npos)
        return std::nullopt;
    Thread thread;
    thread.id = id.toLongLong();
    std::string_view states = text.substr(open + 1, text.size() - open - 3);
    const size_t comma = states.find(", ");
    thread.state = toBytes(states.substr(0, comma), 128);
    while (comma != std::string_view::npos && !states.empty()) {
        const size_t next = states.find(", ");
        const std::string_view part = states.substr(0, next);
        if (part.ends_with(" minutes"))
            thread.waitNs = std::min<qint64>(leadingNumber(part).toLongLong(), 1'000'000) * NsPerMinute;
        if (next == std::string_view::npos)
            break;
        states.remove_prefix(next + 2);
    }
    return thread;
}

/// The function of a frame's line: "net/http.(*Server).Serve(0xc0…)" without its arguments.
std::string_view functionOf(std::string_view frame)
{
    if (!frame.ends_with(')'))
        return frame;
    int depth = 0;
    for (size_t at = frame.size(); at > 0; --at) {
        depth += frame[at - 1] == ')' ? 1 : frame[at - 1] == '(' ? -1 : 0;
        if (depth == 0)
            return frame.substr(0, at - 1);
    }
    return frame;
}

class GoroutinesSession final : public RecogniserSession
{
public:
    void trigger(int, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        auto thread = readHeader(line.payload);
        if (!thread)
            return;
        thread->line = line.number;
        if (sink.evidence.threads.size() >= GoroutinesRecogniser::MostGoroutines || m_bytes > MostBytesInAll) {
            if (!std::exchange(m_isFull, true))
                sink.note(Severity::Warning, Code::LimitReached, line,
                          tr("More goroutines than are kept; the first %1 are").arg(sink.evidence.threads.size()));
            return;
        }
        readStack(*thread, lines);
        m_bytes += thread->stack.size() + 128;
        sink.evidence.threads.push_back(std::move(*thread));
    }
    void finish(LineReader &, TextSink &) override {}

private:
    /// Pairs of lines: the function, then a tab and "file:line +0x1d"; the last pair may be "created by f in goroutine 1".
    static void readStack(Thread &thread, LineReader &lines)
    {
        for (qint64 number = thread.line + 1; number <= thread.line + MostStackLines; ++number) {
            const auto next = lines.line(number);
            if (!next || next->payload.empty() || next->payload.starts_with("goroutine "))
                return;
            std::string_view text = next->payload;
            if (text.starts_with('\t') || text.starts_with("...additional frames elided"))
                continue;
            const bool isCreator = text.starts_with("created by ");
            const bool isFrame = isCreator
                                 || (text.ends_with(')') && text.find('(') != std::string_view::npos
                                     && text.find(": ") == std::string_view::npos);
            if (!isFrame)
                return;
            if (thread.stack.size() > MostStackBytes)
                continue;
            text = isCreator ? text.substr(0, text.find(" in goroutine ")) : functionOf(text);
            if (!thread.stack.isEmpty())
                thread.stack += '\n';
            thread.stack += toBytes(text);
        }
    }

    qsizetype m_bytes = 0;
    bool m_isFull = false;
};

} // namespace

bool GoroutinesRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log
           || kind == SourceKind::Journal || kind == SourceKind::ThreadDump;
}

std::vector<QByteArray> GoroutinesRecogniser::triggers() const
{
    return {"goroutine [0-9]+ .{0,80}\\["};
}

std::unique_ptr<RecogniserSession> GoroutinesRecogniser::open() const
{
    return std::make_unique<GoroutinesSession>();
}

} // namespace faultline
