// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/inflatedstream.h"

#include "models/core/translate.h"

namespace faultline {

QString damageText(const QString &what, qint64 packedOffset)
{
    return tr("%1 at byte %2 of the compressed file; what came before was read").arg(what).arg(packedOffset);
}

QString checksumText(qint64 packedOffset)
{
    return tr("The checksum before byte %1 of the compressed file does not fit: something before it is damaged, and "
              "what was "
              "read may be wrong from there on")
        .arg(packedOffset);
}

StreamOutput::StreamOutput(const InflateTools &tools, bool keepsAll)
    : m_tools(tools)
    , m_keepsAll(keepsAll)
    , m_span(tools.limits.spanBytes)
{
}

Copied StreamOutput::put(std::span<const char> bytes, QString &problem)
{
    const auto count = static_cast<qint64>(bytes.size());
    if (!m_isDropped) {
        const Copied put = copyBytes(bytes, m_tools.writer, m_tools.budget, problem);
        const bool isFull =
            put == Copied::NoRoom || (put == Copied::Whole && m_size + count > m_tools.limits.mostPutAside);
        if (m_keepsAll || !isFull) {
            m_size += put == Copied::Whole ? count : 0;
            return put;
        }
        m_tools.writer.drop();
        m_isDropped = true;
    } else if (!m_tools.budget.take(count)) {
        return Copied::Spent;
    }
    m_size += count;
    return Copied::Whole;
}

void StreamOutput::widenSpans(qint64 lastPlace)
{
    m_span *= 2;
    m_lastPlace = lastPlace;
}

} // namespace faultline
