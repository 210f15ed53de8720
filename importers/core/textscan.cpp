// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/textscan.h"

#include "models/evidence/controlbytes.h"
#include "models/evidence/linedecoder.h"

#include <simdjson.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

namespace faultline {

namespace {

size_t lineEnd(std::string_view bytes, size_t from)
{
    const auto *end = static_cast<const char *>(std::memchr(bytes.data() + from, '\n', bytes.size() - from));
    return end ? static_cast<size_t>(end - bytes.data()) : bytes.size();
}

/// Where the line begins that the end of the bytes is in.
size_t lineStart(std::string_view bytes)
{
    const auto *before = static_cast<const char *>(::memrchr(bytes.data(), '\n', bytes.size()));
    return before ? static_cast<size_t>(before - bytes.data()) + 1 : 0;
}

/// The first line for which `test` holds, from 0; -1 where none.
template<typename Test>
qint64 firstLineWhere(std::string_view piece, const Test &test)
{
    qint64 line = 0;
    for (size_t from = 0; from < piece.size(); ++line) {
        const size_t end = lineEnd(piece, from);
        if (test(piece.substr(from, end - from)))
            return line;
        from = end + 1;
    }
    return -1;
}

/// Scans chunks one after another with buffers of its own; one a thread.
class ChunkScanner
{
public:
    explicit ChunkScanner(const TextScan &scan)
        : m_scan(scan)
        , m_scratch(scan.scanner ? scan.scanner->makeScratch() : nullptr)
    {
    }

    /// Fills the chunk, which is empty.
    Result<void> scanChunk(qint64 index, ScannedChunk &chunk)
    {
        const auto text = load(index, chunk);
        if (!text)
            return std::unexpected(text.error());
        for (size_t from = 0; from < text->size();) {
            size_t end = std::min(from + static_cast<size_t>(TextStore::BlockBytes), text->size());
            if (end < text->size())
                end = std::min(lineEnd(*text, end - 1) + 1, text->size());
            scanPiece(text->substr(from, end - from), static_cast<qint64>(from), chunk);
            from = end;
        }
        return {};
    }

private:
    struct Match {
        qint64 end;
        int pattern;
    };

    /// The lines that start in the chunk, the last one whole up to the cap.
    Result<std::string_view> load(qint64 index, ScannedChunk &chunk)
    {
        const qint64 first = index * TextScan::ChunkBytes;
        const qint64 from = std::max<qint64>(0, first - 1); // the byte before tells whether a line starts right here
        chunk.text.resize(first + TextScan::ChunkBytes - from);
        const auto got = m_scan.bytes.read(from, std::span(chunk.text.data(), static_cast<size_t>(chunk.text.size())));
        if (!got)
            return std::unexpected(got.error());
        const bool atEnd = *got < chunk.text.size();
        chunk.text.truncate(*got);
        std::string_view text(chunk.text.constData(), static_cast<size_t>(*got));
        size_t start = 0;
        if (index > 0)
            start = text.empty() ? 0 : lineEnd(text, 0) + 1;
        chunk.byteOffset = from + static_cast<qint64>(start);
        if (start >= text.size()) {
            // A line that starts just at the next chunk's border belongs to that one.
            chunk.byteOffset = std::min(chunk.byteOffset, from + *got);
            return std::string_view();
        }
        if (!atEnd && !text.ends_with('\n')) {
            const size_t lastLf = text.rfind('\n');
            const qint64 lastLine = lastLf == std::string_view::npos || lastLf < start
                                        ? static_cast<qint64>(start)
                                        : static_cast<qint64>(lastLf) + 1;
            if (const auto done = extend(from, lastLine, chunk); !done)
                return std::unexpected(done.error());
            text = std::string_view(chunk.text.constData(), static_cast<size_t>(chunk.text.size()));
        }
        text.remove_prefix(start);
        chunk.byteCount = static_cast<qint64>(text.size());
        return text;
    }

    /// Reads on to the end of the last line, or to the cap.
    Result<void> extend(qint64 from, qint64 lastLine, ScannedChunk &chunk)
    {
        constexpr qint64 MostStep = 64 * 1024;
        for (qint64 step = 4 * 1024;; step = std::min(2 * step, MostStep)) {
            const qint64 have = chunk.text.size();
            if (have - lastLine >= TextStore::MostLineBytes) {
                chunk.cutLine = 0; // its number is set when it is counted
                return {};
            }
            chunk.text.resize(have + step);
            const auto got =
                m_scan.bytes.read(from + have, std::span(chunk.text.data() + have, static_cast<size_t>(step)));
            if (!got)
                return std::unexpected(got.error());
            chunk.text.truncate(have + *got);
            const auto *end =
                static_cast<const char *>(std::memchr(chunk.text.constData() + have, '\n', static_cast<size_t>(*got)));
            if (end)
                chunk.text.truncate(end - chunk.text.constData() + 1);
            if (end || *got < step)
                return {};
        }
    }

    void scanPiece(std::string_view piece, qint64 at, ScannedChunk &chunk)
    {
        const qint64 firstLine = chunk.lineCount;
        chunk.blocks.push_back({chunk.byteOffset + at, firstLine});
        m_survey.lookAt(piece);
        chunk.lineCount += m_survey.lineFeeds() + (piece.ends_with('\n') ? 0 : 1);
        if (chunk.cutLine >= 0)
            chunk.cutLine = chunk.lineCount - 1; // always the chunk's last
        if (chunk.firstNulLine < 0 && m_survey.hasNul())
            chunk.firstNulLine = firstLine + firstLineWhere(piece, [](std::string_view line) {
                                     return line.find('\0') != std::string_view::npos;
                                 });
        if (chunk.firstBadUtf8Line < 0 && !m_survey.isAscii() && !simdjson::validate_utf8(piece.data(), piece.size())) {
            const qint64 bad = firstLineWhere(
                piece, [](std::string_view line) { return !simdjson::validate_utf8(line.data(), line.size()); });
            if (bad >= 0 && firstLine + bad != chunk.cutLine) // a cut may go through a character
                chunk.firstBadUtf8Line = firstLine + bad;
        }
        if (!m_scan.scanner)
            return;
        std::string_view scanned = piece;
        if (m_scan.rewrite && m_scan.rewrite(piece, m_rewritten)) {
            scanned = std::string_view(m_rewritten.constData(), static_cast<size_t>(m_rewritten.size()));
        } else if (!m_survey.controls().empty()) {
            stripTerminalControl(piece, true, m_rewritten, &m_survey);
            scanned = std::string_view(m_rewritten.constData(), static_cast<size_t>(m_rewritten.size()));
        }
        findMatches(scanned);
        keepLines(scanned, piece, at, firstLine, chunk);
    }

    /// Fills m_matches, in order of lines.
    void findMatches(std::string_view scanned)
    {
        m_matches.clear();
        bool sorted = true;
        m_scan.scanner->scan(scanned, *m_scratch, [&](int pattern, qint64 end) {
            if (end <= 0 || std::cmp_greater(end, scanned.size()))
                return;
            sorted = sorted && (m_matches.empty() || m_matches.back().end <= end);
            m_matches.push_back({end, pattern});
        });
        if (!sorted)
            std::ranges::stable_sort(m_matches, {}, &Match::end);
    }

    /// Where a line begins and ends in what was scanned, and begins in the piece as it stands: the same unless the text was rewritten.
    struct LinePlace {
        qint64 line = 0;
        size_t scanned = 0;
        size_t scannedEnd = 0;
        size_t raw = 0;
    };

    /// On to the line that holds the byte at `last`. False where a rewrite has more lines than it was given.
    bool advance(LinePlace &place, size_t last, std::string_view scanned, std::string_view piece) const
    {
        if (last <= place.scannedEnd)
            return true;
        const std::string_view passed = scanned.substr(place.scanned, last - place.scanned);
        const qint64 lines = countLineFeeds(passed);
        place.line += lines;
        place.scanned += lineStart(passed);
        place.scannedEnd = lineEnd(scanned, last);
        const bool isSame = scanned.data() == piece.data();
        place.raw = isSame ? place.scanned : m_survey.skipLines(piece, place.raw, lines);
        return place.raw < piece.size();
    }

    void keepLines(std::string_view scanned, std::string_view piece, qint64 at, qint64 firstLine, ScannedChunk &chunk)
    {
        const bool isSame = scanned.data() == piece.data();
        LinePlace place;
        place.scannedEnd = lineEnd(scanned, 0);
        for (const auto &[end, pattern] : m_matches) {
            if (!advance(place, static_cast<size_t>(end) - 1, scanned, piece))
                break;
            const qint64 line = firstLine + place.line;
            if (chunk.lines.empty() || chunk.lines.back().line != line) {
                const size_t rawEnd = isSame ? place.scannedEnd : lineEnd(piece, place.raw);
                const auto length = static_cast<qint64>(rawEnd - place.raw);
                const qsizetype kept = std::min(length, TextStore::MostLineBytes);
                chunk.lines.push_back({line, chunk.byteOffset + at + static_cast<qint64>(place.raw), length,
                                       piece.data() + place.raw - chunk.text.constData(), kept, chunk.patterns.size(),
                                       0});
            }
            ScannedLine &kept = chunk.lines.back();
            const auto known = chunk.patterns.begin() + static_cast<std::ptrdiff_t>(kept.firstPattern);
            if (std::find(known, chunk.patterns.end(), pattern) == chunk.patterns.end()) {
                chunk.patterns.push_back(pattern);
                ++kept.patternCount;
            }
        }
    }

    const TextScan &m_scan;
    std::unique_ptr<Scanner::Scratch> m_scratch;
    ControlSurvey m_survey;
    QByteArray m_rewritten;
    std::vector<Match> m_matches;
};

/// Deals out chunks to threads and hands their results on in order.
class ChunkQueue
{
public:
    ChunkQueue(const TextScan &scan, const TextScan::Consumer &consume)
        : m_scan(scan)
        , m_consume(consume)
        , m_total((scan.bytes.size() + TextScan::ChunkBytes - 1) / TextScan::ChunkBytes)
        , m_slots(static_cast<size_t>(std::max(1, scan.threads)) * 2)
    {
    }

    void work()
    {
        ChunkScanner scanner(m_scan);
        std::unique_lock lock(m_mutex);
        for (;;) {
            m_room.wait(lock, [this] {
                return m_stopped || m_next >= m_total || m_next < m_drained + static_cast<qint64>(m_slots.size());
            });
            if (m_stopped || m_next >= m_total)
                return;
            const qint64 index = m_next++;
            ScannedChunk chunk = takeUsed();
            lock.unlock();
            const auto done = scanner.scanChunk(index, chunk);
            lock.lock();
            if (!done)
                stop(done.error());
            else
                slot(index) = std::move(chunk);
            drain(lock);
        }
    }

    Result<void> result() const
    {
        if (m_error)
            return std::unexpected(*m_error);
        return {};
    }

private:
    std::optional<ScannedChunk> &slot(qint64 index) { return m_slots[static_cast<size_t>(index) % m_slots.size()]; }

    /// An empty chunk, with the memory of one that was handed on where there is one.
    ScannedChunk takeUsed()
    {
        if (m_used.empty())
            return {};
        ScannedChunk chunk = std::move(m_used.back());
        m_used.pop_back();
        return chunk;
    }

    void stop(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
        m_stopped = true;
        m_room.notify_all();
    }

    void drain(std::unique_lock<std::mutex> &lock)
    {
        if (m_draining)
            return;
        m_draining = true;
        while (!m_stopped && m_drained < m_total && slot(m_drained)) {
            ScannedChunk chunk = std::move(*slot(m_drained));
            slot(m_drained).reset();
            lock.unlock();
            m_consume(chunk);
            const qint64 size = m_scan.bytes.size();
            if (m_scan.progress)
                m_scan.progress(std::min(size, (m_drained + 1) * TextScan::ChunkBytes), size);
            chunk.clear();
            lock.lock();
            m_used.push_back(std::move(chunk));
            ++m_drained;
            m_room.notify_all();
            if (m_scan.cancel.isCancelled())
                stop({Code::Cancelled, {}, {}, {}, {}});
        }
        m_draining = false;
    }

    const TextScan &m_scan;
    const TextScan::Consumer &m_consume;
    qint64 m_total;
    std::mutex m_mutex;
    std::condition_variable m_room;
    std::vector<std::optional<ScannedChunk>> m_slots;
    std::vector<ScannedChunk> m_used;
    qint64 m_next = 0;
    qint64 m_drained = 0;
    bool m_draining = false;
    bool m_stopped = false;
    std::optional<Error> m_error;
};

} // namespace

void ScannedChunk::clear()
{
    byteOffset = 0;
    byteCount = 0;
    lineCount = 0;
    blocks.clear();
    lines.clear();
    patterns.clear();
    text.resize(0);
    cutLine = -1;
    firstNulLine = -1;
    firstBadUtf8Line = -1;
}

Result<void> TextScan::run(const Consumer &consume) const
{
    if (cancel.isCancelled())
        return failure(Code::Cancelled, {});
    ChunkQueue queue(*this, consume);
    {
        std::vector<std::jthread> others;
        const qint64 useful = bytes.size() / ChunkBytes + 1;
        for (qint64 i = 1; i < std::min<qint64>(threads, useful); ++i)
            others.emplace_back([&queue] { queue.work(); });
        queue.work();
    }
    return queue.result();
}

} // namespace faultline
