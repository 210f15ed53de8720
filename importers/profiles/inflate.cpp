// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/inflate.h"

#include <algorithm>
#include <limits>

#include <zlib.h>

namespace faultline {

bool isGzip(QByteArrayView bytes)
{
    return bytes.startsWith("\x1f\x8b");
}

Inflated inflateGzip(QByteArrayView bytes, qsizetype most)
{
    constexpr qsizetype Step = 256 * 1024;
    constexpr int GzipWindow = 15 + 16;
    Inflated result;
    z_stream stream{};
    if (inflateInit2(&stream, GzipWindow) != Z_OK)
        return result;
    qsizetype given = 0;
    int status = Z_OK;
    for (;;) {
        if (stream.avail_in == 0 && given < bytes.size()) {
            const qsizetype part = std::min<qsizetype>(bytes.size() - given, std::numeric_limits<int>::max());
            // zlib reads only; its interface is older than const.
            stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data() + given));
            stream.avail_in = static_cast<uInt>(part);
            given += part;
        }
        const qsizetype held = result.bytes.size();
        if (held >= most) {
            result.capped = true;
            break;
        }
        const qsizetype room = std::min(Step, most - held);
        result.bytes.resize(held + room);
        stream.next_out = reinterpret_cast<Bytef *>(result.bytes.data() + held);
        stream.avail_out = static_cast<uInt>(room);
        status = inflate(&stream, Z_NO_FLUSH);
        result.bytes.truncate(held + room - static_cast<qsizetype>(stream.avail_out));
        if (status == Z_STREAM_END) {
            if (stream.avail_in == 0 && given >= bytes.size()) {
                result.whole = true;
                break;
            }
            if (inflateReset(&stream) != Z_OK)
                break;
            continue;
        }
        if (status != Z_OK || (stream.avail_in == 0 && given >= bytes.size() && stream.avail_out > 0))
            break;
    }
    inflateEnd(&stream);
    return result;
}

} // namespace faultline
