// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/jvm/jvmthreads.h"

#include "importers/core/facts.h"
#include "models/core/translate.h"
#include "models/core/views.h"

namespace faultline {

namespace {

constexpr qint64 MostThreadLines = 300;
constexpr qsizetype MostThreadBytes = 16 * 1024;
constexpr size_t MostThreadFacts = 20'000;

std::string_view between(std::string_view text, std::string_view from, char to)
{
    const size_t start = text.find(from);
    if (start == std::string_view::npos)
        return {};
    text.remove_prefix(start + from.size());
    return text.substr(0, text.find(to));
}

/// `"http-nio-8080-exec-1" #23 [4711] daemon prio=5 os_prio=0 cpu=12.34ms elapsed=103.21s tid=0x… nid=0x2f03 waiting for monitor entry [0x…]`
/// (HotSpot: Thread::print_on, JavaThread::print_on). Threads of the VM itself have neither number nor stack.
struct ThreadHeader {
    std::string_view name;
    qint64 id = 0;
    std::string_view doing; ///< "waiting for monitor entry", "runnable"
};

std::optional<ThreadHeader> readThreadHeader(std::string_view text)
{
    if (!text.starts_with('"'))
        return std::nullopt;
    const size_t quote = text.rfind("\" ", text.find("tid=0x"));
    const std::string_view nid = between(text, " nid=", '\0');
    if (quote == std::string_view::npos || quote == 0 || nid.empty())
        return std::nullopt;
    ThreadHeader header;
    header.name = text.substr(1, quote - 1);
    const size_t space = nid.find(' ');
    if (space != std::string_view::npos) {
        header.doing = nid.substr(space + 1, nid.find(" [", space) - space - 1);
        header.doing = header.doing.substr(0, header.doing.find_last_not_of(' ') + 1);
    }
    const QByteArray number = leadingNumber(between(text.substr(quote), "#", ' '));
    header.id = number.isEmpty() ? toBytes(nid.substr(0, space), 20).toLongLong(nullptr, 0) : number.toLongLong();
    return header;
}

class JvmThreadsSession final : public RecogniserSession
{
public:
    void trigger(int trigger, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        if (trigger == 0)
            thread(line, lines, sink);
        else if (line.payload.starts_with("Found one Java-level deadlock:")
                 || line.payload.starts_with("Found a total of "))
            deadlock(line, lines, sink);
    }
    void finish(LineReader &, TextSink &) override {}

private:
    void thread(const TextLine &line, LineReader &lines, TextSink &sink)
    {
        const auto header = readThreadHeader(line.payload);
        if (!header)
            return;
        if (sink.evidence.threads.size() >= JvmThreadsRecogniser::MostThreads) {
            if (!std::exchange(m_isFull, true))
                sink.note(Severity::Warning, Code::LimitReached, line,
                          tr("More threads than %1; the rest is not kept").arg(JvmThreadsRecogniser::MostThreads));
            return;
        }
        Thread thread;
        thread.id = header->id;
        thread.line = line.number;
        thread.state = toBytes(header->doing, 128);
        const QByteArray subject = "thread/" + toBytes(header->name, 200);
        const TextLine place{line.number, line.byteOffset, {}, {}, line.time};
        fact(sink, place, subject, "id", QByteArray::number(thread.id));
        readStack(thread, subject, place, lines, sink);
        fact(sink, place, subject, "state", thread.state);
        sink.evidence.threads.push_back(std::move(thread));
    }

    /// "   java.lang.Thread.State: BLOCKED (on object monitor)", "\tat a.B.c(B.java:12)", "\t- waiting to lock <0x…> (a java.lang.Object)"
    static void readStack(Thread &thread, const QByteArray &subject, TextLine place, LineReader &lines, TextSink &sink)
    {
        const qint64 first = thread.line + 1;
        for (qint64 number = first; number < first + MostThreadLines; ++number) {
            const auto next = lines.line(number);
            const std::string_view text = next ? trimmed(next->payload) : std::string_view();
            place.number = number;
            if (text.starts_with("java.lang.Thread.State: ")) {
                thread.state = toBytes(text.substr(24), 128);
            } else if (text.starts_with("at ")) {
                if (thread.stack.size() > MostThreadBytes)
                    continue;
                if (!thread.stack.isEmpty())
                    thread.stack += '\n';
                thread.stack += toBytes(text.substr(3, text.find('(') - 3));
            } else if (text.starts_with("- waiting to lock ") || text.starts_with("- waiting on ")
                       || text.starts_with("- parking to wait for ")) {
                fact(sink, place, subject, "waits_for", toBytes(between(text, "<", '>')));
            } else if (text.starts_with("- locked ")) {
                fact(sink, place, subject, "holds", toBytes(between(text, "<", '>')));
            } else if (!text.starts_with("- ")) {
                return;
            }
        }
    }

    /// `"a":` then `  waiting to lock monitor 0x… (object 0x…, a java.lang.Object),` then `  which is held by "b"`
    static void deadlock(const TextLine &line, LineReader &lines, TextSink &sink)
    {
        constexpr qint64 MostLines = 200;
        TextLine place{line.number, line.byteOffset, {}, {}, line.time};
        QByteArray thread;
        for (qint64 number = line.number + 1; number <= place.number + MostLines && number <= line.number + MostLines;
             ++number) {
            const auto next = lines.line(number);
            if (!next || next->payload.starts_with("Java stack information"))
                return;
            const std::string_view text = trimmed(next->payload);
            place.number = number;
            if (text.starts_with('"') && text.ends_with("\":"))
                thread = toBytes(text.substr(1, text.size() - 3), 200);
            else if (const auto holder = between(text, "held by \"", '"'); !holder.empty() && !thread.isEmpty())
                fact(sink, place, "deadlock", thread, toBytes(holder, 200));
        }
    }

    static void fact(TextSink &sink, const TextLine &line, const QByteArray &subject, const QByteArray &key,
                     const QByteArray &value)
    {
        if (!value.isEmpty() && sink.evidence.facts.size() < MostThreadFacts)
            addFact(sink, line, subject, key, value);
    }

    bool m_isFull = false;
};

} // namespace

bool JvmThreadsRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log
           || kind == SourceKind::Journal || kind == SourceKind::ThreadDump;
}

std::vector<QByteArray> JvmThreadsRecogniser::triggers() const
{
    return {R"(" .*tid=0x[0-9a-f]+ nid=)", R"(Found (?:one Java-level deadlock:|a total of [0-9]+ deadlock))"};
}

std::unique_ptr<RecogniserSession> JvmThreadsRecogniser::open() const
{
    return std::make_unique<JvmThreadsSession>();
}

} // namespace faultline
