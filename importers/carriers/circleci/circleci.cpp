// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/circleci/circleci.h"

#include "importers/carriers/circleci/circlejson.h"
#include "importers/carriers/plain/plain.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "models/core/translate.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

/// The shell that CircleCI shows as the first line of a `run` step.
bool isShellLine(std::string_view line)
{
    return line.starts_with("#!/") && line.find("sh -e") != std::string_view::npos;
}

class CircleCiSession final : public CarrierSession
{
    enum Mark { Shell, ExitCode, NoOutput, Cancel };

public:
    CircleCiSession(std::shared_ptr<const LineDecoder> decoder, const StampFormat &format,
                    const std::optional<Stamp> &example)
        : m_decoder(std::move(decoder))
        , m_format(format)
        , m_example(example)
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        const std::string_view text = line.payload;
        if (mark == Shell && isShellLine(text))
            beginStep(line, lines, sink);
        else if (mark == ExitCode)
            exitCode(text, line, sink);
        else if (mark == NoOutput && text.starts_with("Too long with no output"))
            m_steps.judge(sink, line, Outcome::Failed);
        else if (mark == Cancel && text.size() < 200)
            m_steps.judge(sink, line, Outcome::Cancelled);
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        describeClock(m_format, m_example, evidence);
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, evidence);
        const bool whole = m_sawCode;
        if (whole)
            m_steps.end(sink, end);
        else
            m_steps.stop(sink, end);
        addJob(m_spans, sink, "job", end, m_steps.worst() == Outcome::Passed ? Outcome::Unknown : m_steps.worst());
    }

private:
    void beginStep(const TextLine &line, LineReader &lines, TextSink &sink)
    {
        constexpr qint64 MostAhead = 8;
        QByteArray name;
        const TextLine first = line;
        const QByteArray shell = toBytes(line.payload);
        for (qint64 ahead = 1; ahead <= MostAhead && name.isEmpty(); ++ahead) {
            const auto next = lines.line(line.number + ahead);
            if (!next)
                break;
            name = toBytes(next->payload).trimmed();
            if (name.startsWith('#'))
                name.clear();
        }
        if (name.isEmpty())
            name = shell;
        m_sawCode = false;
        m_steps.begin(sink, std::string_view(name.constData(), static_cast<size_t>(name.size())), first);
    }

    /// "Exited with code exit status 1" (build agent), "CircleCI received exit code 1" (task agent); both stand at a step's end.
    void exitCode(std::string_view text, const TextLine &line, TextSink &sink)
    {
        QByteArray code;
        for (const std::string_view words :
             {std::string_view("Exited with code exit status "), std::string_view("Exited with code "),
              std::string_view("CircleCI received exit code ")}) {
            if (text.starts_with(words)) {
                code = leadingNumber(text.substr(words.size()));
                break;
            }
        }
        if (code.isEmpty())
            return;
        const bool again = std::exchange(m_sawCode, true);
        m_steps.judge(sink, line, code == "0" ? Outcome::Passed : Outcome::Failed, again ? QByteArray() : code);
    }

    std::shared_ptr<const LineDecoder> m_decoder;
    StampFormat m_format;
    std::optional<Stamp> m_example;
    SpanTree m_spans;
    StepList m_steps{m_spans};
    bool m_sawCode = false;
};

std::optional<Stamp> firstStamp(const StampFormat &format, const std::vector<std::string_view> &lines)
{
    for (const std::string_view line : lines) {
        if (const auto stamp = format.read(line))
            return stamp;
    }
    return std::nullopt;
}

std::vector<QByteArray> patterns()
{
    return {"#!/[a-z/]*sh -e", "(?:Exited with code |CircleCI received exit code )",
            "Too long with no output \\(exceeded",
            "(?:Step was canceled|The (?:job|step|build) was canceled|Canceled due to )"};
}

} // namespace

ImporterInfo CircleCiCarrier::info() const
{
    return {"circleci", tr("CircleCI step output"), SourceKind::CiLog, TimeBasis::None};
}

SniffResult CircleCiCarrier::sniff(const SourceHead &head) const
{
    constexpr std::array<std::string_view, 6> Signs{
        "Exited with code exit status ", "CircleCI received exit code ",       "Build-agent version ",
        "Launch-agent version ",         "Using build environment variables:", "Too long with no output (exceeded "};
    bool shell = false;
    bool first = true;
    int signs = 0;
    const auto note = [&](std::string_view raw) {
        const QByteArray text = withoutTerminalControl(raw.substr(0, 256));
        const std::string_view line(text.constData(), static_cast<size_t>(text.size()));
        if (line.empty())
            return;
        // Only where the text begins with it: scripts of other systems show it too.
        shell = shell || (first && isShellLine(line) && line.find("-eo pipefail") != std::string_view::npos);
        first = false;
        signs += std::ranges::any_of(Signs, [line](std::string_view sign) { return line.starts_with(sign); }) ? 1 : 0;
    };
    for (const std::string_view line : headLines(head))
        note(line);
    if (shell && signs > 0)
        return {92, tr("It begins with the shell of a CircleCI step and ends with its exit code")};
    if (signs >= 2 || shell)
        return {shell ? 78 : 86, tr("It reads like the output of a CircleCI step")};
    return signs == 1 ? SniffResult{60, tr("One line reads like CircleCI's")} : SniffResult{};
}

std::vector<QByteArray> CircleCiCarrier::marks() const
{
    return patterns();
}

std::unique_ptr<CarrierSession> CircleCiCarrier::open(const SourceHead &head) const
{
    const auto lines = headLines(head);
    const StampFormat format = StampFormat::detect(lines, head.modified);
    return std::make_unique<CircleCiSession>(std::make_shared<StampedDecoder>(format), format,
                                             firstStamp(format, lines));
}

ImporterInfo CircleCiJsonCarrier::info() const
{
    return {"circleci-json", tr("CircleCI step output (JSON of the API)"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult CircleCiJsonCarrier::sniff(const SourceHead &head) const
{
    const QByteArray text = head.bytes.trimmed();
    const auto holds = [&text](QByteArrayView word) { return text.contains(word); };
    if (text.startsWith('{') && holds("\"steps\"") && holds("\"actions\"") && holds("\"bash_command\"")
        && holds("\"has_output\""))
        return {92, tr("A build with steps and actions, as CircleCI's API v1.1 gives it")};
    if (!text.startsWith('[') || !text.sliced(1).trimmed().startsWith('{'))
        return {};
    const auto typed =
        holds(R"("type":"out")") || holds(R"("type":"err")") || holds(R"("type": "out")") || holds(R"("type": "err")");
    if (!holds("\"message\""))
        return {};
    // A first message of many lines fills the head.
    if (!holds("\"time\"") && text.startsWith(R"([{"message":")") && head.size > head.bytes.size())
        return {60, tr("An array of messages, as CircleCI's API gives a step's output")};
    if (!holds("\"time\"") || !typed)
        return {};
    return {90, tr("An array of messages with type and time, as CircleCI's API gives a step's output")};
}

std::vector<QByteArray> CircleCiJsonCarrier::marks() const
{
    return patterns();
}

std::unique_ptr<CarrierSession> CircleCiJsonCarrier::open(const SourceHead &head) const
{
    const auto lines = headLines(head);
    const StampFormat format = StampFormat::detect(lines, head.modified);
    return std::make_unique<CircleCiSession>(std::make_shared<CircleLineDecoder>(), format, firstStamp(format, lines));
}

std::shared_ptr<const ByteSource> CircleCiJsonCarrier::unpack(const std::shared_ptr<const ByteSource> &bytes,
                                                              std::vector<Note> &notes) const
{
    constexpr qint64 MostBytes = 16 * 1024 * 1024; // the API cuts a step's output far below
    if (bytes->size() > MostBytes) {
        addNote(notes, {Severity::Warning,
                        Code::LimitReached,
                        {},
                        tr("The array is larger than %1 bytes; only its start was read").arg(MostBytes),
                        1});
    }
    const auto json = bytes->bytes(0, MostBytes);
    if (!json)
        return nullptr;
    auto lines = circleLines(*json, notes);
    if (!lines)
        return nullptr;
    addNote(notes,
            {Severity::Info, Code::Ok, {}, tr("Lines are counted in the step's output, not in the JSON around it"), 1});
    return memorySource(bytes->name(), std::move(*lines), bytes->modified());
}

} // namespace faultline
