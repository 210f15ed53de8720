// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/inflatedstream.h"
#include "importers/core/spansource.h"
#include "models/core/translate.h"

#include <algorithm>
#include <array>

#include <zlib.h>

namespace faultline {

namespace {

constexpr int GzipFormat = 15 + 16; ///< Window bits as inflateInit2() takes them: header and checksum are zlib's.
constexpr int RawFormat = -15;
constexpr qint64 WindowBytes = 32 * 1024;
constexpr qint64 TrailerBytes = 8; ///< Checksum and length behind each member.

/// zlib's stream with its end.
class GzipStream
{
public:
    explicit GzipStream(int format) { m_isOpen = inflateInit2(&stream, format) == Z_OK; }
    ~GzipStream()
    {
        if (m_isOpen)
            inflateEnd(&stream);
    }
    Q_DISABLE_COPY_MOVE(GzipStream)
    bool isOpen() const { return m_isOpen; }
    void give(std::span<char> bytes)
    {
        stream.next_in = reinterpret_cast<Bytef *>(bytes.data());
        stream.avail_in = static_cast<uInt>(bytes.size());
    }

    z_stream stream{};

private:
    bool m_isOpen;
};

/// Where inflating can begin: at a member, or between two deflate blocks with the bytes that the next one may point back to.
struct GzipPlace {
    qint64 out = 0;
    qint64 in = 0; ///< The first whole byte.
    int bits = 0;  ///< Of the byte before it, so many belong to what follows.
    bool isMember = true;
    QByteArray window; ///< Packed by compress2().
};

QByteArray packedWindow(z_stream &stream)
{
    std::array<Bytef, WindowBytes> window{};
    uInt length = 0;
    if (inflateGetDictionary(&stream, window.data(), &length) != Z_OK || length == 0)
        return {};
    QByteArray packed(static_cast<qsizetype>(compressBound(length)), Qt::Uninitialized);
    auto size = static_cast<uLongf>(packed.size());
    if (compress2(reinterpret_cast<Bytef *>(packed.data()), &size, window.data(), length, Z_BEST_SPEED) != Z_OK)
        return {};
    packed.truncate(static_cast<qsizetype>(size));
    packed.squeeze();
    return packed;
}

class GzipSource final : public SpanSource
{
public:
    GzipSource(std::shared_ptr<const ByteSource> packed, std::vector<GzipPlace> places, qint64 size,
               std::shared_ptr<SpanCache> cache)
        : SpanSource(std::move(packed), startsOf(places), size, std::move(cache))
        , m_places(std::move(places))
    {
    }

protected:
    Result<QByteArray> inflateSpan(size_t index, qint64 count) const override
    {
        const GzipPlace &place = m_places[index];
        GzipStream gzip(place.isMember ? GzipFormat : RawFormat);
        if (!gzip.isOpen() || !resume(gzip.stream, place))
            return changed(place.in);
        QByteArray out(count, Qt::Uninitialized);
        gzip.stream.next_out = reinterpret_cast<Bytef *>(out.data());
        gzip.stream.avail_out = static_cast<uInt>(count);
        PackedInput input(packed(), place.in);
        bool isRaw = !place.isMember;
        qint64 toSkip = 0; // of a trailer that zlib was not told to read
        while (gzip.stream.avail_out > 0) {
            if (gzip.stream.avail_in == 0) {
                const auto piece = input.next();
                if (!piece)
                    return std::unexpected(piece.error());
                if (piece->empty())
                    return changed(input.position());
                gzip.give(*piece);
            }
            const auto skipped = static_cast<uInt>(std::min<qint64>(toSkip, gzip.stream.avail_in));
            gzip.stream.next_in += skipped;
            gzip.stream.avail_in -= skipped;
            toSkip -= skipped;
            if (gzip.stream.avail_in == 0)
                continue;
            const int status = inflate(&gzip.stream, Z_NO_FLUSH);
            if (status == Z_STREAM_END) {
                toSkip = std::exchange(isRaw, false) ? TrailerBytes : 0;
                if (inflateReset2(&gzip.stream, GzipFormat) != Z_OK)
                    return changed(input.position());
            } else if (status != Z_OK && status != Z_BUF_ERROR && gzip.stream.avail_out > 0) {
                return changed(input.position() - gzip.stream.avail_in);
            }
        }
        return out;
    }

private:
    bool resume(z_stream &stream, const GzipPlace &place) const
    {
        if (place.isMember)
            return true;
        if (place.bits > 0) {
            const auto before = packed().bytes(place.in - 1, 1);
            if (!before || before->isEmpty()
                || inflatePrime(&stream, place.bits, static_cast<unsigned char>(before->front()) >> (8 - place.bits))
                       != Z_OK)
                return false;
        }
        if (place.window.isEmpty())
            return true;
        std::array<Bytef, WindowBytes> window{};
        uLongf length = window.size();
        return uncompress(window.data(), &length, reinterpret_cast<const Bytef *>(place.window.constData()),
                          static_cast<uLong>(place.window.size()))
                   == Z_OK
               && inflateSetDictionary(&stream, window.data(), static_cast<uInt>(length)) == Z_OK;
    }

    std::vector<GzipPlace> m_places;
};

/// One pass over a file from its begin.
class GzipPass
{
public:
    GzipPass(const std::shared_ptr<const ByteSource> &bytes, const InflateTools &tools, bool keepsAll)
        : m_bytes(bytes)
        , m_tools(tools)
        , m_output(tools, keepsAll)
        , m_gzip(GzipFormat)
        , m_input(*bytes, 0)
    {
    }

    InflatedStream run()
    {
        InflatedStream result;
        m_places.emplace_back();
        result.copied = m_gzip.isOpen() ? inflateAll(result.problem) : Copied::Damaged;
        if (m_output.isDropped() && result.copied != Copied::Cancelled)
            result.indexed = std::make_shared<GzipSource>(m_bytes, std::move(m_places), m_output.size(), m_tools.cache);
        return result;
    }
    /// Whether places to begin at lie too far apart: what run() gave is of no use then.
    bool isHopeless() const { return m_output.isHopeless(); }

private:
    qint64 position() const { return m_input.position() - static_cast<qint64>(m_gzip.stream.avail_in); }

    Copied damaged(QString &problem, const QString &what) const
    {
        problem = damageText(what, position());
        return Copied::Damaged;
    }

    Copied inflateAll(QString &problem)
    {
        std::vector<char> out(256 * 1024);
        z_stream &stream = m_gzip.stream;
        bool betweenMembers = true;
        for (;;) {
            if (m_tools.cancel.isCancelled())
                return Copied::Cancelled;
            if (stream.avail_in == 0) {
                const auto piece = m_input.next();
                if (!piece)
                    return damaged(problem, piece.error().message);
                if (piece->empty())
                    return betweenMembers && m_input.position() > 0
                               ? Copied::Whole
                               : damaged(problem, tr("The compressed data breaks off"));
                m_gzip.give(*piece);
            }
            if (betweenMembers && position() > 0 && *stream.next_in != 0x1f) {
                // Tapes pad with zeros; other bytes after a member belong to nobody.
                return *stream.next_in == 0 ? Copied::Whole : damaged(problem, tr("Bytes that are not gzip follow"));
            }
            if (betweenMembers && m_output.wantsPlace())
                addPlace(true);
            betweenMembers = false;
            stream.next_out = reinterpret_cast<Bytef *>(out.data());
            stream.avail_out = static_cast<uInt>(out.size());
            const int status = inflate(&stream, Z_BLOCK);
            const Copied put = m_output.put(std::span(out).first(out.size() - stream.avail_out), problem);
            if (put != Copied::Whole || m_output.isHopeless())
                return put;
            if (status == Z_STREAM_END) {
                betweenMembers = true;
                if (inflateReset(&stream) != Z_OK)
                    return damaged(problem, tr("Not readable"));
            } else if (status != Z_OK && status != Z_BUF_ERROR) {
                if (!isChecksumWrong())
                    return damaged(problem, tr("The compressed data is damaged"));
                problem = checksumText(position());
                return Copied::Damaged;
            } else if (isBetweenBlocks() && m_output.wantsPlace()) {
                addPlace(false);
            }
        }
    }

    /// All came out, but it is not what went in. zlib, inflate.c, states CHECK and LENGTH
    bool isChecksumWrong() const
    {
        const std::string_view told(m_gzip.stream.msg ? m_gzip.stream.msg : "");
        return told == "incorrect data check" || told == "incorrect length check";
    }

    /// At a block's end that is not the last of its member. zlib.h, inflate(), data_type
    bool isBetweenBlocks() const { return (m_gzip.stream.data_type & 0xC0) == 0x80; }

    void addPlace(bool isMember)
    {
        GzipPlace place{m_output.size(), position(), 0, isMember, {}};
        if (!isMember) {
            place.bits = m_gzip.stream.data_type & 7;
            place.window = packedWindow(m_gzip.stream);
        }
        m_windowBytes += place.window.size();
        m_places.push_back(std::move(place));
        m_output.placeMade();
        if (m_windowBytes > m_tools.limits.mostWindowBytes)
            thinOut();
    }

    /// Every second place goes: a longer file has places further apart, not more of them.
    void thinOut()
    {
        std::vector<GzipPlace> kept;
        m_windowBytes = 0;
        for (size_t i = 0; i < m_places.size(); i += 2) {
            m_windowBytes += m_places[i].window.size();
            kept.push_back(std::move(m_places[i]));
        }
        m_places = std::move(kept);
        m_output.widenSpans(m_places.back().out);
    }

    std::shared_ptr<const ByteSource> m_bytes;
    const InflateTools &m_tools;
    StreamOutput m_output;
    GzipStream m_gzip;
    PackedInput m_input;
    std::vector<GzipPlace> m_places;
    qint64 m_windowBytes = 0;
};

} // namespace

InflatedStream inflateGzip(const std::shared_ptr<const ByteSource> &bytes, const InflateTools &tools)
{
    return inflateInPasses<GzipPass>(bytes, tools);
}

} // namespace faultline
