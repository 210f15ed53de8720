// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/textimporter.h"

#include "importers/core/relayprefix.h"
#include "importers/core/textevents.h"
#include "importers/core/textlines.h"
#include "importers/core/textscan.h"
#include "models/core/translate.h"

#include <algorithm>
#include <numeric>

namespace faultline {

namespace {

/// One reading of one text: takes the scanner's chunks in order and lets the carrier, the signatures and the recognisers see their lines.
class TextReading
{
public:
    struct Recognition {
        std::unique_ptr<RecogniserSession> session;
        int firstTrigger = 0; ///< In the scan patterns.
        int triggers = 0;
    };

    TextReading(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence, const ImportContext &context,
                CarrierSession &carrier)
        : m_evidence(evidence)
        , m_carrier(carrier)
        , m_lines(bytes, carrier.decoder())
        , m_sink{evidence, context.cancel}
        , m_events(context.signatures.get(), evidence, m_lines)
        , m_signatures(context.signatures ? static_cast<int>(context.signatures->signatures().size()) : 0)
    {
    }

    void setMarks(int first, int count)
    {
        m_firstMark = m_signatures + first;
        m_marks = count;
    }
    void add(std::unique_ptr<RecogniserSession> session, int firstTrigger, int triggers)
    {
        m_recognitions.push_back({std::move(session), m_signatures + firstTrigger, triggers});
    }

    void consume(const ScannedChunk &chunk)
    {
        m_lines.addBlocks(chunk.blocks, m_lineBase);
        m_lines.hold(chunk.byteOffset, chunk.lineBytes());
        noteEncoding(chunk);
        if (m_carrier.wantsEachLine()) {
            passEachLine(chunk);
        } else {
            for (const ScannedLine &scanned : chunk.lines)
                dispatch(chunk, scanned);
        }
        m_lines.hold(0, {});
        m_lineBase += chunk.lineCount;
        m_reached = chunk.byteOffset + chunk.byteCount;
        if (chunk.byteCount > 0)
            m_textEnd = m_reached;
    }

    /// After all chunks: tells where the text ended before the size that its source had when it was opened.
    void noteShrunk(qint64 size)
    {
        if (m_reached < size)
            addNote(m_evidence.notes,
                    {Severity::Warning,
                     Code::Truncated,
                     {0, 0, m_textEnd},
                     tr("The file became shorter while it was read: of %1 bytes, the first %2 were there")
                         .arg(size)
                         .arg(m_textEnd),
                     1});
    }

    void finish(const std::shared_ptr<const ByteSource> &bytes)
    {
        const qint64 lineCount = m_lineBase - 1;
        m_lines.setLineCount(lineCount);
        m_evidence.text = std::make_shared<TextStore>(bytes, m_lines.blocks(), lineCount);
        m_evidence.decoder = m_carrier.decoder();
        findRange();
        m_events.finish();
        for (Recognition &recognition : m_recognitions)
            recognition.session->finish(m_lines, m_sink);
        m_carrier.finish(m_lines, m_sink);
        std::ranges::stable_sort(m_evidence.events, {}, &Event::line);
        nestSpans(m_evidence.spans);
        if (m_evidence.coverage.empty() && m_evidence.first && m_evidence.last)
            m_evidence.coverage.push_back({{}, m_evidence.first, m_evidence.last, CoverageHow::Stated});
    }

private:
    void passEachLine(const ScannedChunk &chunk)
    {
        const std::string_view text = chunk.lineBytes();
        auto found = chunk.lines.begin();
        qint64 line = 0;
        for (size_t at = 0; at < text.size(); ++line) {
            const size_t end = std::min(text.find('\n', at), text.size());
            const std::string_view raw = text.substr(at, std::min(end - at, size_t(TextStore::MostLineBytes)));
            m_carrier.eachLine(m_lineBase + line, chunk.byteOffset + static_cast<qint64>(at), raw);
            if (found != chunk.lines.end() && found->line == line)
                dispatch(chunk, *found++);
            at = end + 1;
        }
    }

    void dispatch(const ScannedChunk &chunk, const ScannedLine &scanned)
    {
        const qint64 number = m_lineBase + scanned.line;
        const std::string_view raw(chunk.text.constData() + scanned.textFrom, static_cast<size_t>(scanned.textLength));
        const auto patterns = std::span(chunk.patterns).subspan(scanned.firstPattern, scanned.patternCount);
        TextLine line = m_lines.lineInHand(number, scanned.byteOffset, raw);
        bool marked = false;
        for (const int pattern : patterns) {
            if (pattern >= m_firstMark && pattern < m_firstMark + m_marks) {
                m_carrier.mark(pattern - m_firstMark, line, m_lines, m_sink);
                marked = true;
            }
        }
        if (marked) // the decoder may know more now
            line = m_lines.lineInHand(number, scanned.byteOffset, raw);
        for (const int pattern : patterns) {
            if (pattern < m_signatures)
                m_events.add(pattern, line);
        }
        if (const size_t prefix = relayPrefixLength(line.payload); prefix > 0)
            line.payload.remove_prefix(prefix); // a recogniser knows the program, not who passed its lines on
        for (Recognition &recognition : m_recognitions) {
            for (const int pattern : patterns) {
                if (pattern >= recognition.firstTrigger && pattern < recognition.firstTrigger + recognition.triggers)
                    recognition.session->trigger(pattern - recognition.firstTrigger, line, m_lines, m_sink);
            }
        }
    }

    void noteEncoding(const ScannedChunk &chunk)
    {
        const auto note = [this](Severity severity, Code code, qint64 line, const QString &text) {
            addNote(m_evidence.notes, {severity, code, {line, 0, -1}, text, 1});
        };
        if (chunk.cutLine >= 0)
            note(Severity::Warning, Code::LimitReached, m_lineBase + chunk.cutLine,
                 tr("A line is longer than %1 bytes; only its start was searched").arg(TextStore::MostLineBytes));
        if (chunk.firstNulLine >= 0 && !std::exchange(m_notedNul, true))
            note(Severity::Warning, Code::BadEncoding, m_lineBase + chunk.firstNulLine,
                 tr("NUL bytes in the text, from this line on"));
        if (chunk.firstBadUtf8Line >= 0 && !std::exchange(m_notedUtf8, true))
            note(Severity::Warning, Code::BadEncoding, m_lineBase + chunk.firstBadUtf8Line,
                 tr("Bytes that are not UTF-8, from this line on"));
    }

    /// First and last stamp, from the first and last stamped lines near the ends.
    void findRange()
    {
        constexpr qint64 MostLines = 20'000;
        constexpr qint64 MostBytes = 4 * 1024 * 1024;
        const auto decoder = m_carrier.decoder();
        if (!decoder->hasStamps())
            return;
        LineWalker head(m_evidence.text->bytes(), 0, 1, TextStore::BlockBytes);
        while (!m_evidence.first && head.next() && head.number() <= MostLines && head.byteOffset() <= MostBytes)
            m_evidence.first = decoder->decode(head.bytes(), head.byteOffset()).time;
        if (!m_evidence.first)
            return;
        for (int blocks = 1; blocks <= MostBytes / TextStore::BlockBytes && !m_evidence.last; blocks *= 4) {
            const TextBlock from = m_evidence.text->blockOf(m_lineBase - 1, blocks);
            LineWalker tail(m_evidence.text->bytes(), from.byteOffset, from.firstLine, TextStore::BlockBytes);
            while (tail.next()) {
                if (const auto time = decoder->decode(tail.bytes(), tail.byteOffset()).time)
                    m_evidence.last = time;
            }
        }
        if (!m_evidence.last)
            m_evidence.last = m_evidence.first;
    }

    SourceEvidence &m_evidence;
    CarrierSession &m_carrier;
    TextLines m_lines;
    TextSink m_sink;
    TextEvents m_events;
    int m_signatures;
    int m_firstMark = 0;
    int m_marks = 0;
    std::vector<Recognition> m_recognitions;
    qint64 m_lineBase = 1; ///< Number of the next chunk's first line.
    qint64 m_reached = 0;  ///< Where the last chunk ended.
    qint64 m_textEnd = 0;  ///< Where the last chunk with a line ended.
    bool m_notedNul = false;
    bool m_notedUtf8 = false;
};

Result<SourceHead> readHead(const ByteSource &bytes)
{
    auto head = bytes.bytes(0, SourceHead::MostBytes);
    if (!head)
        return std::unexpected(head.error());
    return SourceHead{bytes.name(), std::move(*head), bytes.size(), bytes.modified()};
}

} // namespace

TextImporter::TextImporter(const Carrier &carrier, int firstMark, std::vector<PlannedRecogniser> recognisers)
    : m_carrier(carrier)
    , m_firstMark(firstMark)
    , m_recognisers(std::move(recognisers))
{
}

TextImporter::~TextImporter() = default;

std::vector<TextImporter::PlannedRecogniser> TextImporter::recognisersFor(SourceKind kind) const
{
    std::vector<PlannedRecogniser> result;
    std::ranges::copy_if(m_recognisers, std::back_inserter(result), [this, kind](const PlannedRecogniser &planned) {
        return planned.recogniser->appliesTo(kind) && m_carrier.wantsRecogniser(planned.recogniser->id());
    });
    return result;
}

std::vector<bool> TextImporter::wantedPatterns(const SignatureSet *signatures, SourceKind kind) const
{
    const size_t signatureCount = signatures ? signatures->signatures().size() : 0;
    std::vector<bool> wanted(signatureCount, false);
    for (size_t signature = 0; signature < signatureCount; ++signature)
        wanted[signature] = signatures->appliesTo(static_cast<int>(signature), kind);
    const auto want = [&wanted, signatureCount](int first, size_t count) {
        const size_t from = signatureCount + static_cast<size_t>(first);
        if (wanted.size() < from + count)
            wanted.resize(from + count, false);
        std::fill_n(wanted.begin() + static_cast<std::ptrdiff_t>(from), count, true);
    };
    want(m_firstMark, m_carrier.marks().size());
    for (const auto &[recogniser, firstTrigger] : recognisersFor(kind))
        want(firstTrigger, recogniser->triggers().size());
    return wanted;
}

ImportOutcome TextImporter::read(const std::shared_ptr<const ByteSource> &file, SourceEvidence &evidence,
                                 const ImportContext &context) const
{
    const std::shared_ptr<const ByteSource> unpacked = m_carrier.unpack(file, evidence.notes);
    const std::shared_ptr<const ByteSource> &bytes = unpacked ? unpacked : file;
    const auto fail = [&evidence](const Error &error) {
        addNote(evidence.notes, {Severity::Error, error.code, error.position, error.message, 1});
        return ImportOutcome::Broken;
    };
    const auto head = readHead(*bytes);
    if (!head)
        return fail(head.error());
    const auto session = m_carrier.open(*head);
    TextReading reading(bytes, evidence, context, *session);
    reading.setMarks(m_firstMark, static_cast<int>(m_carrier.marks().size()));
    for (const auto &[recogniser, firstTrigger] : recognisersFor(evidence.kind))
        reading.add(recogniser->open(), firstTrigger, static_cast<int>(recogniser->triggers().size()));
    std::shared_ptr<const Scanner> scanner;
    if (context.scanners) {
        auto made = context.scanners->scannerFor(wantedPatterns(context.signatures.get(), evidence.kind));
        if (!made)
            return fail(made.error());
        scanner = std::move(*made);
    }
    const TextScan scan{*bytes,
                        scanner.get(),
                        [this](std::string_view lines, QByteArray &into) { return m_carrier.scanText(lines, into); },
                        context.threads,
                        context.cancel,
                        context.progress};
    const auto done = scan.run([&reading](const ScannedChunk &chunk) { reading.consume(chunk); });
    if (!done && done.error().code == Code::Cancelled)
        return ImportOutcome::Cancelled;
    reading.finish(bytes);
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    if (!done)
        return fail(done.error());
    reading.noteShrunk(bytes->size());
    if (context.forced && evidence.lineCount() > 0 && info().basis != TimeBasis::None && session->decoder()->hasStamps()
        && !evidence.first) {
        addNote(evidence.notes, {Severity::Error,
                                 Code::BadTimestamp,
                                 {1, 1, 0},
                                 tr("No line has a time stamp as a %1 has").arg(info().title),
                                 1});
    }
    return ImportOutcome::Read;
}

void nestSpans(std::vector<Span> &spans)
{
    std::vector<int> order(spans.size());
    std::iota(order.begin(), order.end(), 0);
    const auto at = [&spans](int index) -> Span & { return spans[static_cast<size_t>(index)]; };
    std::ranges::stable_sort(order, [&at](int a, int b) {
        if (at(a).line != at(b).line)
            return at(a).line < at(b).line;
        return at(a).lastLine != at(b).lastLine ? at(a).lastLine > at(b).lastLine : at(a).kind < at(b).kind;
    });
    std::vector<int> around; // jobs, steps and sections that hold the span in hand
    for (const int index : order) {
        Span &span = at(index);
        while (!around.empty() && at(around.back()).lastLine < span.line)
            around.pop_back();
        if (span.parent < 0) {
            const auto holds = [&](int other) {
                return at(other).lastLine >= span.lastLine && at(other).kind <= span.kind;
            };
            const auto found = std::find_if(around.rbegin(), around.rend(), holds);
            span.parent = found == around.rend() ? -1 : *found;
        }
        if (span.kind == SpanKind::Job || span.kind == SpanKind::Step || span.kind == SpanKind::Section)
            around.push_back(index);
    }
}

} // namespace faultline
