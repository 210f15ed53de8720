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
        , m_next(blockOf(m_range.first))
    {
    }

    LineRange range() const { return m_range; }

    std::optional<TextChunk> take()
    {
        const std::span<const TextBlock> blocks = m_text.blocks();
        if (m_range.first > m_range.last || m_next >= blocks.size() || blocks[m_next].firstLine > m_range.last)
            return std::nullopt;
        const size_t first = m_next++;
        while (m_next < blocks.size() && endOf(m_next) - blocks[first].byteOffset <= ChunkBytes
               && blocks[m_next].firstLine <= m_range.last)
            ++m_next;
        const qint64 lastLine = m_next < blocks.size() ? blocks[m_next].firstLine - 1 : m_text.lineCount();
        return TextChunk{blocks[first].byteOffset,
                         endOf(m_next - 1) - blocks[first].byteOffset,
                         {blocks[first].firstLine, lastLine}};
    }

private:
    size_t blockOf(qint64 line) const
    {
        const auto after = std::ranges::upper_bound(m_text.blocks(), line, {}, &TextBlock::firstLine);
        return static_cast<size_t>(std::max<std::ptrdiff_t>(after - m_text.blocks().begin() - 1, 0));
    }
    qint64 endOf(size_t block) const
    {
        return block + 1 < m_text.blocks().size() ? m_text.blocks()[block + 1].byteOffset : m_text.bytes().size();
    }

    const TextStore &m_text;
    LineRange m_range;
    size_t m_next;
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
