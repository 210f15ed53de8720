// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/searchlines.h"

#include "models/bytes/linewalker.h"
#include "models/core/translate.h"
#include "models/evidence/controlbytes.h"

#include <atomic>

namespace faultline {

namespace {

std::unexpected<Error> shrunk(const SourceEvidence &source, qint64 line)
{
    return failure(Code::NotReadable,
                   tr("The file is shorter than when it was read: lines from %1 on are gone").arg(line),
                   tr("Read it again"), source.text->bytes().name(), {line, 0, -1});
}

/// One thread's part of a search.
class SearchWorker
{
public:
    SearchWorker(const SourceEvidence &source, const LineMatcher &matcher, SearchDepth depth, const CancelToken &cancel,
                 std::atomic<qint64> &gaveUp)
        : m_source(source)
        , m_matcher(matcher)
        , m_depth(depth)
        , m_cancel(cancel)
        , m_gaveUp(gaveUp)
        , m_scratch(matcher.makeScratch())
    {
    }
    ~SearchWorker() { m_gaveUp += m_scratch->gaveUp(); }
    Q_DISABLE_COPY_MOVE(SearchWorker)

    Result<void> look(const TextChunk &chunk, std::vector<qint64> &found)
    {
        if (chunk.byteCount > MostWholeLineBytes)
            return lookAtLongLines(chunk, found);
        m_buffer.resize(chunk.byteCount);
        const auto got = m_source.text->bytes().read(chunk.byteOffset,
                                                     std::span(m_buffer.data(), static_cast<size_t>(chunk.byteCount)));
        if (!got)
            return std::unexpected(got.error());
        const LineMatcher::Lines lines{
            {m_buffer.constData(), static_cast<size_t>(*got)}, chunk.byteOffset, chunk.lines.first};
        if (m_depth == SearchDepth::Candidates)
            m_matcher.candidates(lines, *m_scratch, found);
        else
            m_matcher.match(lines, m_source, *m_scratch, found);
        if (*got < chunk.byteCount)
            return shrunk(m_source, chunk.lines.first + countLineFeeds(lines.bytes));
        return {};
    }

private:
    /// Blocks this large hold a line that is; each line for itself.
    Result<void> lookAtLongLines(const TextChunk &chunk, std::vector<qint64> &found)
    {
        LineWalker walker(m_source.text->bytes(), chunk.byteOffset, chunk.lines.first, MostWholeLineBytes);
        qint64 line = chunk.lines.first;
        for (; line <= chunk.lines.last && walker.next(); ++line) {
            if (m_cancel.isCancelled())
                return {};
            const auto kept = static_cast<qint64>(walker.bytes().size());
            if (walker.fullLength() <= kept) {
                m_matcher.match({walker.bytes(), walker.byteOffset(), line}, m_source, *m_scratch, found);
                // An empty line is no line to match().
                if (kept == 0 && m_matcher.matches({}, *m_scratch))
                    found.push_back(line);
                continue;
            }
            m_truths.assign(m_matcher.plan().terms().size(), SearchPlan::Truth::No);
            if (const auto looked = lookAtPieces(walker); !looked)
                return looked;
            if (m_matcher.plan().judge(m_truths) == SearchPlan::Truth::Yes)
                found.push_back(line);
        }
        return line <= chunk.lines.last ? Result<void>(shrunk(m_source, line)) : Result<void>();
    }

    Result<void> lookAtPieces(const LineWalker &line)
    {
        for (qint64 at = 0; !m_cancel.isCancelled(); at += MostWholeLineBytes - PieceOverlapBytes) {
            const auto bytes = m_source.text->bytes().bytes(line.byteOffset() + at,
                                                            std::min(MostWholeLineBytes, line.fullLength() - at));
            if (!bytes)
                return std::unexpected(bytes.error());
            const bool isLast = at + MostWholeLineBytes >= line.fullLength();
            m_matcher.matchPiece(
                {{bytes->constData(), static_cast<size_t>(bytes->size())}, line.byteOffset(), at == 0, isLast},
                *m_source.decoder, *m_scratch, m_truths);
            if (isLast)
                break;
        }
        return {};
    }

    const SourceEvidence &m_source;
    const LineMatcher &m_matcher;
    SearchDepth m_depth;
    const CancelToken &m_cancel;
    std::atomic<qint64> &m_gaveUp;
    std::unique_ptr<LineMatcher::Scratch> m_scratch;
    QByteArray m_buffer;
    std::vector<SearchPlan::Truth> m_truths;
};

} // namespace

PassEnd searchLines(const SourceEvidence &source, const LineMatcher &matcher, LineRange range, int threads,
                    const CancelToken &cancel, const FoundLines &found, SearchDepth depth)
{
    if (!source.text || !source.decoder)
        return {};
    std::atomic<qint64> gaveUp = 0;
    PassEnd end = passOverChunks(
        *source.text, range, threads, cancel,
        [&]() -> ChunkWorker {
            return [worker = std::make_shared<SearchWorker>(source, matcher, depth, cancel, gaveUp)](
                       const TextChunk &chunk, std::vector<qint64> &lines) { return worker->look(chunk, lines); };
        },
        found);
    end.gaveUp = gaveUp;
    return end;
}

PassEnd filterLines(const SourceEvidence &source, LineRange range, int threads, const CancelToken &cancel,
                    const std::function<bool(const TimedLine &line)> &takes, const FoundLines &found)
{
    constexpr qint64 LinesAtOnce = 256;
    if (!source.text || !source.decoder)
        return {};
    const ChunkWorker worker = [&](const TextChunk &chunk, std::vector<qint64> &lines) -> Result<void> {
        const qint64 last = std::min(chunk.lines.last, range.last);
        for (qint64 line = std::max(chunk.lines.first, range.first); line <= last;) {
            const auto decoded = decodeLines(source, line, std::min(LinesAtOnce, last - line + 1));
            if (decoded.empty())
                return shrunk(source, line);
            for (const TimedLine &one : decoded) {
                if (takes(one))
                    lines.push_back(one.raw.number);
            }
            line += static_cast<qint64>(decoded.size());
            if (cancel.isCancelled())
                return {};
        }
        return {};
    };
    return passOverChunks(*source.text, range, threads, cancel, [&] { return worker; }, found);
}

} // namespace faultline
