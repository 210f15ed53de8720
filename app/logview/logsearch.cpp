// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logsearch.h"

#include <QByteArrayMatcher>
#include <QElapsedTimer>
#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>

namespace faultline {

namespace {

constexpr qint64 ChunkLines = 256;
constexpr int HandOverMs = 50;

/// Whether a line holds the text; literals are looked for in bytes, which spares decoding of nearly all lines.
class Matcher
{
public:
    explicit Matcher(const SearchQuery &query)
        : m_expression(query.expression())
    {
        const bool isAscii = std::ranges::all_of(query.text, [](QChar c) { return c.unicode() < 0x80; });
        if (query.isRegex || (!query.caseSensitive && !isAscii))
            return;
        m_isLiteral = true;
        m_ignoresCase = !query.caseSensitive;
        const QByteArray needle = query.text.toUtf8();
        m_literal.setPattern(m_ignoresCase ? needle.toLower() : needle);
    }

    bool matches(const QByteArray &line) const
    {
        if (m_isLiteral)
            return m_literal.indexIn(m_ignoresCase ? line.toLower() : line) >= 0;
        return m_expression.matchView(QString::fromUtf8(line)).hasMatch();
    }

private:
    QRegularExpression m_expression;
    QByteArrayMatcher m_literal;
    bool m_isLiteral = false;
    bool m_ignoresCase = false;
};

QByteArray searchedText(const SourceEvidence &source, const RawLine &line)
{
    const std::string_view raw(line.bytes.constData(), static_cast<size_t>(line.bytes.size()));
    const std::string_view payload = source.decoder ? source.decoder->decode(raw, line.byteOffset).payload : raw;
    if (payload.find_first_of("\x1b\r") != std::string_view::npos)
        return withoutTerminalControl(payload);
    return QByteArray::fromRawData(payload.data(), static_cast<qsizetype>(payload.size()));
}

} // namespace

QRegularExpression SearchQuery::expression() const
{
    auto options = QRegularExpression::UseUnicodePropertiesOption | QRegularExpression::PatternOptions();
    if (!caseSensitive)
        options |= QRegularExpression::CaseInsensitiveOption;
    return QRegularExpression(isRegex ? text : QRegularExpression::escape(text), options);
}

LogSearch::LogSearch(QObject *parent)
    : QObject(parent)
{
}

LogSearch::~LogSearch()
{
    m_cancel.cancel();
    for (QFuture<void> &future : m_futures)
        future.waitForFinished();
}

void LogSearch::start(std::shared_ptr<const SourceEvidence> source, const SearchQuery &query)
{
    stop();
    m_hits.clear();
    if (!source || !source->text || query.text.isEmpty() || !query.expression().isValid()) {
        Q_EMIT changed();
        return;
    }
    m_isRunning = true;
    m_cancel = CancelToken();
    m_futures.removeIf([](const QFuture<void> &future) { return future.isFinished(); });
    m_futures.append(QtConcurrent::run([this, source, query, cancel = m_cancel, generation = m_generation] {
        const Matcher matcher(query);
        std::vector<qint64> found;
        QElapsedTimer sinceHandOver;
        sinceHandOver.start();
        const auto handOver = [&](bool isLast) {
            QMetaObject::invokeMethod(
                this, [this, generation, found, isLast] { collect(generation, found, isLast); }, Qt::QueuedConnection);
            found.clear();
            sinceHandOver.restart();
        };
        size_t count = 0;
        const qint64 lineCount = source->lineCount();
        for (qint64 first = 1; first <= lineCount && count < MostHits; first += ChunkLines) {
            const auto lines = source->text->lines(first, ChunkLines);
            if (!lines)
                break;
            for (const RawLine &line : *lines) {
                if (cancel.isCancelled())
                    return;
                if (count < MostHits && matcher.matches(searchedText(*source, line))) {
                    found.push_back(line.number);
                    ++count;
                }
            }
            if (!found.empty() && sinceHandOver.hasExpired(HandOverMs))
                handOver(false);
        }
        handOver(true);
    }));
}

void LogSearch::stop()
{
    m_cancel.cancel();
    ++m_generation; // what the worker still hands over is dropped
    m_isRunning = false;
}

void LogSearch::collect(quint64 generation, std::vector<qint64> found, bool isLast)
{
    if (generation != m_generation)
        return;
    m_hits.insert(m_hits.end(), found.begin(), found.end());
    if (isLast)
        m_isRunning = false;
    Q_EMIT changed();
}

qint64 LogSearch::next(qint64 line, bool forward, bool wrap) const
{
    if (m_hits.empty())
        return 0;
    if (forward) {
        const auto after = std::ranges::upper_bound(m_hits, line);
        if (after != m_hits.end())
            return *after;
        return wrap ? m_hits.front() : 0;
    }
    const auto notBefore = std::ranges::lower_bound(m_hits, line);
    if (notBefore != m_hits.begin())
        return *(notBefore - 1);
    return wrap ? m_hits.back() : 0;
}

} // namespace faultline
