// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/inflatedstream.h"
#include "importers/core/spansource.h"
#include "models/core/translate.h"

#include <algorithm>

#include <zstd.h>
#include <zstd_errors.h>

namespace faultline {

namespace {

struct ZstdEnd {
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};
/// Takes windows of up to 128 MiB, as the zstd program does unless told otherwise.
using ZstdContext = std::unique_ptr<ZSTD_DCtx, ZstdEnd>;

/// Where a frame begins.
struct ZstdPlace {
    qint64 out = 0;
    qint64 in = 0;
};

class ZstdSource final : public SpanSource
{
public:
    ZstdSource(std::shared_ptr<const ByteSource> packed, std::vector<ZstdPlace> places, qint64 size,
               std::shared_ptr<SpanCache> cache)
        : SpanSource(std::move(packed), startsOf(places), size, std::move(cache))
        , m_places(std::move(places))
    {
    }

protected:
    Result<QByteArray> inflateSpan(size_t index, qint64 count) const override
    {
        const ZstdContext context(ZSTD_createDCtx());
        PackedInput input(packed(), m_places[index].in);
        QByteArray out(count, Qt::Uninitialized);
        ZSTD_outBuffer to{out.data(), static_cast<size_t>(count), 0};
        ZSTD_inBuffer from{nullptr, 0, 0};
        while (to.pos < to.size) {
            const size_t before = to.pos;
            const size_t status = ZSTD_decompressStream(context.get(), &to, &from);
            if (ZSTD_isError(status))
                return changed(input.position() - static_cast<qint64>(from.size - from.pos));
            if (to.pos > before || from.pos < from.size)
                continue;
            const auto piece = input.next();
            if (!piece)
                return std::unexpected(piece.error());
            if (piece->empty())
                return changed(input.position());
            from = {piece->data(), piece->size(), 0};
        }
        return out;
    }

private:
    std::vector<ZstdPlace> m_places;
};

/// One pass over a file from its begin.
class ZstdPass
{
public:
    ZstdPass(const std::shared_ptr<const ByteSource> &bytes, const InflateTools &tools, bool keepsAll)
        : m_bytes(bytes)
        , m_tools(tools)
        , m_output(tools, keepsAll)
        , m_context(ZSTD_createDCtx())
        , m_input(*bytes, 0)
    {
    }

    InflatedStream run()
    {
        InflatedStream result;
        m_places.emplace_back();
        result.copied = inflateAll(result.problem);
        if (m_output.isDropped() && result.copied != Copied::Cancelled)
            result.indexed = std::make_shared<ZstdSource>(m_bytes, std::move(m_places), m_output.size(), m_tools.cache);
        return result;
    }
    /// Whether frames are too large: what run() gave is of no use then.
    bool isHopeless() const { return m_output.isHopeless(); }

private:
    qint64 position() const { return m_input.position() - static_cast<qint64>(m_from.size - m_from.pos); }

    Copied damaged(QString &problem, const QString &what) const
    {
        problem = damageText(what, position());
        return Copied::Damaged;
    }

    Copied inflateAll(QString &problem)
    {
        std::vector<char> out(256 * 1024);
        bool betweenFrames = true;
        bool isDrained = true; // nothing more comes without more input
        for (;;) {
            if (m_tools.cancel.isCancelled())
                return Copied::Cancelled;
            if (m_from.pos == m_from.size && isDrained) {
                const auto piece = m_input.next();
                if (!piece)
                    return damaged(problem, piece.error().message);
                if (piece->empty())
                    return betweenFrames ? Copied::Whole : damaged(problem, tr("The compressed data breaks off"));
                m_from = {piece->data(), piece->size(), 0};
            }
            if (betweenFrames && m_output.wantsPlace()) {
                m_places.push_back({m_output.size(), position()});
                m_output.placeMade();
            }
            ZSTD_outBuffer to{out.data(), out.size(), 0};
            const size_t status = ZSTD_decompressStream(m_context.get(), &to, &m_from);
            const Copied put = m_output.put(std::span(out).first(to.pos), problem);
            if (put != Copied::Whole || m_output.isHopeless())
                return put;
            if (ZSTD_isError(status) && ZSTD_getErrorCode(status) == ZSTD_error_checksum_wrong) {
                problem = checksumText(position());
                return Copied::Damaged;
            }
            if (ZSTD_isError(status))
                return damaged(
                    problem,
                    tr("The compressed data is damaged (%1)").arg(QString::fromUtf8(ZSTD_getErrorName(status))));
            betweenFrames = status == 0;
            isDrained = betweenFrames || to.pos < to.size;
        }
    }

    std::shared_ptr<const ByteSource> m_bytes;
    const InflateTools &m_tools;
    StreamOutput m_output;
    ZstdContext m_context;
    PackedInput m_input;
    ZSTD_inBuffer m_from{nullptr, 0, 0};
    std::vector<ZstdPlace> m_places;
};

} // namespace

InflatedStream inflateZstd(const std::shared_ptr<const ByteSource> &bytes, const InflateTools &tools)
{
    return inflateInPasses<ZstdPass>(bytes, tools);
}

} // namespace faultline
