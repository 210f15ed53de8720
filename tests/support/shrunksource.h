// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/bytesource.h"

#include <algorithm>

namespace faultline::test {

/// A file of which only the first `left` bytes are there since it was opened.
class ShrunkSource final : public ByteSource
{
public:
    ShrunkSource(QByteArray bytes, qint64 left)
        : m_bytes(std::move(bytes))
        , m_left(left)
    {
    }
    QString name() const override { return QStringLiteral("shrunk.log"); }
    qint64 size() const override { return m_bytes.size(); }
    std::optional<TimeNs> modified() const override { return {}; }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        const qint64 count = std::clamp<qint64>(m_left - byteOffset, 0, static_cast<qint64>(into.size()));
        std::copy_n(m_bytes.constData() + std::min(byteOffset, m_left), count, into.data());
        return count;
    }

private:
    QByteArray m_bytes;
    qint64 m_left;
};

} // namespace faultline::test
