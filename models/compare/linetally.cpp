// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/linetally.h"

#include "models/bytes/linewalker.h"
#include "models/compare/mask.h"

#include <cstring>

namespace faultline {

namespace {

constexpr qint64 MostLineBytes = 16 * 1024;

bool hasControl(std::string_view text)
{
    return std::memchr(text.data(), '\x1b', text.size()) || std::memchr(text.data(), '\r', text.size());
}

} // namespace

quint64 LineTally::keyOf(std::string_view payload)
{
    thread_local QByteArray mask;
    thread_local QByteArray plain;
    if (!payload.empty() && hasControl(payload)) {
        stripTerminalControl(payload, false, plain);
        maskLine(std::string_view(plain.constData(), static_cast<size_t>(plain.size())), mask);
    } else {
        maskLine(payload, mask);
    }
    return mask.isEmpty() ? 0 : qHashBits(mask.constData(), static_cast<size_t>(mask.size()), 0);
}

bool LineTally::isCounted(const SourceEvidence &source)
{
    return source.text && source.decoder
           && (source.kind == SourceKind::CiLog || source.kind == SourceKind::TestOutput
               || source.kind == SourceKind::Log || source.kind == SourceKind::Journal
               || source.kind == SourceKind::KernelLog);
}

LineTally::LineTally(const Evidence &evidence, const CancelToken &cancel)
{
    for (size_t s = 0; s < evidence.sources.size(); ++s)
        if (isCounted(*evidence.sources[s]))
            count(static_cast<int>(s), *evidence.sources[s], cancel);
}

void LineTally::count(int index, const SourceEvidence &source, const CancelToken &cancel)
{
    constexpr qint64 LinesBetweenLooks = 4096;
    LineWalker walker(source.text->bytes(), 0, 1, MostLineBytes);
    while (walker.next()) {
        if (walker.number() % LinesBetweenLooks == 0 && cancel.isCancelled())
            return;
        const DecodedLine decoded = source.decoder->decode(walker.bytes(), walker.byteOffset());
        addCacheUse(decoded.payload, index, walker.number(), m_caches);
        const quint64 key = keyOf(decoded.payload);
        if (key == 0)
            continue;
        if (m_entries.size() >= MostEntries && !m_entries.contains(key)) {
            m_isFull = true;
            continue;
        }
        Entry &entry = m_entries[key];
        if (entry.count++ == 0) {
            entry.source = index;
            entry.line = walker.number();
        }
    }
}

} // namespace faultline
