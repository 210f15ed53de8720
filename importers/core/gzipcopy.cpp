// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/gzipcopy.h"

#include "models/core/translate.h"

#include <algorithm>
#include <array>

#include <zlib.h>

namespace faultline {

namespace {

/// zlib's stream with its end.
class GzipStream
{
public:
    GzipStream()
    {
        constexpr int GzipWindow = 15 + 16;
        m_isOpen = inflateInit2(&stream, GzipWindow) == Z_OK;
    }
    ~GzipStream()
    {
        if (m_isOpen)
            inflateEnd(&stream);
    }
    Q_DISABLE_COPY_MOVE(GzipStream)
    bool isOpen() const { return m_isOpen; }

    z_stream stream{};

private:
    bool m_isOpen;
};

} // namespace

Copied copyGzip(const ByteSource &bytes, SpillWriter &writer, InflateBudget &budget, const CancelToken &cancel,
                QString &problem)
{
    std::vector<char> in(64 * 1024);
    std::vector<char> out(256 * 1024);
    GzipStream gzip;
    qint64 at = 0;
    bool betweenMembers = true;
    const auto damaged = [&](const QString &what) {
        problem = tr("%1 at byte %2 of the compressed file; what came before was read")
                      .arg(what)
                      .arg(at - static_cast<qint64>(gzip.stream.avail_in));
        return Copied::Damaged;
    };
    if (!gzip.isOpen())
        return damaged(tr("Not readable"));
    for (;;) {
        if (cancel.isCancelled())
            return Copied::Cancelled;
        if (gzip.stream.avail_in == 0) {
            const auto got = bytes.read(at, in);
            if (!got)
                return damaged(got.error().message);
            if (*got == 0)
                return betweenMembers && at > 0 ? Copied::Whole : damaged(tr("The compressed data breaks off"));
            at += *got;
            gzip.stream.next_in = reinterpret_cast<Bytef *>(in.data());
            gzip.stream.avail_in = static_cast<uInt>(*got);
        }
        if (betweenMembers && gzip.stream.total_in == 0 && at > static_cast<qint64>(gzip.stream.avail_in)
            && *gzip.stream.next_in != 0x1f) {
            // Tapes pad with zeros; other bytes after a member belong to nobody.
            return *gzip.stream.next_in == 0 ? Copied::Whole : damaged(tr("Bytes that are not gzip follow"));
        }
        betweenMembers = false;
        gzip.stream.next_out = reinterpret_cast<Bytef *>(out.data());
        gzip.stream.avail_out = static_cast<uInt>(out.size());
        const int status = inflate(&gzip.stream, Z_NO_FLUSH);
        const size_t inflated = out.size() - gzip.stream.avail_out;
        if (const Copied put = copyBytes(std::span(out).first(inflated), writer, budget, problem); put != Copied::Whole)
            return put;
        if (status == Z_STREAM_END) {
            betweenMembers = true;
            if (inflateReset(&gzip.stream) != Z_OK)
                return damaged(tr("Not readable"));
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            return damaged(tr("The compressed data is damaged"));
        }
    }
}

} // namespace faultline
