// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/scanner.h"

#include "models/core/translate.h"
#include "models/signatures/engines.h"

#include <cstring>

namespace faultline {

LineHits::LineHits(size_t patternCount)
    : m_lineEndOf(patternCount, -1)
{
}

void LineHits::begin(std::string_view bytes)
{
    m_bytes = bytes;
    m_lineEnd = -1;
    std::ranges::fill(m_lineEndOf, -1);
}

bool LineHits::isNew(int pattern, qint64 endOffset)
{
    // A match never holds LF, so its last byte is in the line that it hit.
    const qint64 inside = endOffset - 1;
    if (inside < m_lineStart || inside > m_lineEnd || m_lineEnd < 0) {
        const char *from = m_bytes.data() + inside;
        const void *lineFeed = std::memchr(from, '\n', m_bytes.size() - static_cast<size_t>(inside));
        m_lineStart = inside;
        m_lineEnd =
            lineFeed ? static_cast<const char *>(lineFeed) - m_bytes.data() : static_cast<qint64>(m_bytes.size());
    }
    qint64 &seen = m_lineEndOf[static_cast<size_t>(pattern)];
    if (seen == m_lineEnd)
        return false;
    seen = m_lineEnd;
    return true;
}

bool haveEngine(ScannerEngine engine)
{
#ifdef FAULTLINE_HAVE_HYPERSCAN
    constexpr bool hyperscan = true;
#else
    constexpr bool hyperscan = false;
#endif
#ifdef FAULTLINE_HAVE_RE2
    constexpr bool re2 = true;
#else
    constexpr bool re2 = false;
#endif
    return (hyperscan && engine != ScannerEngine::Re2) || (re2 && engine != ScannerEngine::Hyperscan);
}

Result<std::vector<ScanForm>> scanForms(const std::vector<QByteArray> &patterns)
{
    std::vector<ScanForm> forms;
    forms.reserve(patterns.size());
    for (const QByteArray &pattern : patterns) {
        auto form = pattern.isEmpty() ? ScanForm() : scanForm(pattern);
        if (!form)
            return std::unexpected(form.error());
        forms.push_back(std::move(*form));
    }
    return forms;
}

Result<std::shared_ptr<const Scanner>> makeScanner(const std::vector<QByteArray> &patterns, ScannerEngine engine,
                                                   const QStringList &cacheFolders)
{
    Result<std::shared_ptr<const Scanner>> scanner =
        failure(Code::Unsupported, tr("This build does not have that engine"));
#ifdef FAULTLINE_HAVE_HYPERSCAN
    if (engine != ScannerEngine::Re2)
        scanner = makeHyperscanScanner(patterns, cacheFolders);
#else
    Q_UNUSED(cacheFolders)
#endif
#ifdef FAULTLINE_HAVE_RE2
    if (!scanner && engine != ScannerEngine::Hyperscan)
        scanner = makeRe2Scanner(patterns);
#endif
    return scanner;
}

} // namespace faultline
