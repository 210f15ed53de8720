// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/textchunks.h"

#include <QThread>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

namespace faultline {

namespace {

constexpr qint64 ChunkBytes = 512 * 1024;

/// Cuts the blocks into chunks; a block is never cut.
class Chunks
{
public:
    Chunks(const TextStore &text, LineRange range)
        : m_text(text)
        , m_range{std::max<qint64>(range.first, 1), std::min(range.last, text.lineCount())}
    {
        if (m_range.first <= m_range.last)
            m_next = text.blockOf(m_range.first);
    }

    LineRange range() const { return m_range; }

    std::optional<TextChunk> take()
    {
        if (!m_next || m_next->firstLine > m_range.last)
            return std::nullopt;
        const TextBlock first = *m_next;
        do {
            m_next = blockAfter(*m_next);
        } while (m_next && m_next->firstLine <= m_range.last
                 && endOf(blockAfter(*m_next)) - first.byteOffset <= ChunkBytes);
        return TextChunk{first.byteOffset,
                         endOf(m_next) - first.byteOffset,
                         {first.firstLine, m_next ? m_next->firstLine - 1 : m_text.lineCount()}};
    }

private:
    std::optional<TextBlock> blockAfter(const TextBlock &block) const
    {
        const auto isSame = [&](qint64 line) { return m_text.blockOf(line).firstLine == block.firstLine; };
        qint64 same = block.firstLine;
        qint64 step = 64;
        while (same + step <= m_text.lineCount() && isSame(same + step)) {
            same += step;
            step *= 2;
        }
        qint64 other = std::min(same + step, m_text.lineCount());
        if (other <= same || isSame(other))
            return std::nullopt;
        while (other - same > 1) {
            const qint64 middle = same + (other - same) / 2;
            if (isSame(middle))
                same = middle;
            else
                other = middle;
        }
        return m_text.blockOf(other);
    }
    qint64 endOf(const std::optional<TextBlock> &next) const { return next ? next->byteOffset : m_text.bytes().size(); }

    const TextStore &m_text;
    LineRange m_range;
    std::optional<TextBlock> m_next;
};

} // namespace

PassEnd passOverChunks(const TextStore &text, LineRange range, int threads, const CancelToken &cancel,
                       const std::function<ChunkWorker()> &makeWorker, const FoundLines &found)
{
    struct Done {
        std::vector<qint64> lines;
        qint64 lastLine = 0;
        std::optional<Error> error;
    };
    Chunks chunks(text, range);
    PassEnd end;
    std::mutex mutex; // over all that follows
    std::map<qint64, Done> waiting;
    qint64 taken = 0;
    qint64 told = 0;

    const auto work = [&] {
        const ChunkWorker worker = makeWorker();
        for (;;) {
            std::unique_lock lock(mutex);
            if (end.error || cancel.isCancelled())
                return;
            const auto chunk = chunks.take();
            if (!chunk)
                return;
            const qint64 index = taken++;
            lock.unlock();
            Done done;
            const auto result = worker(*chunk, done.lines);
            std::erase_if(done.lines,
                          [range = chunks.range()](qint64 line) { return line < range.first || line > range.last; });
            done.lastLine = std::min(chunk->lines.last, chunks.range().last);
            if (!result)
                done.error = result.error();
            lock.lock();
            waiting.emplace(index, std::move(done));
            for (auto next = waiting.begin();
                 next != waiting.end() && next->first == told && !end.error && !cancel.isCancelled();
                 next = waiting.erase(next), ++told) {
                found(std::move(next->second.lines), next->second.lastLine);
                end.error = next->second.error;
            }
        }
    };
    {
        std::vector<std::jthread> others;
        for (int i = 1; i < threads; ++i)
            others.emplace_back(work);
        work();
    }
    end.isCancelled = cancel.isCancelled();
    return end;
}

int passThreads()
{
    constexpr int Most = 8;
    return std::clamp(QThread::idealThreadCount(), 1, Most);
}

} // namespace faultline
