// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/evidence/evidence.h"

#include <QFuture>
#include <QObject>
#include <QRegularExpression>

namespace faultline {

struct SearchQuery {
    QString text;
    bool isRegex = false;
    bool caseSensitive = false;

    bool operator==(const SearchQuery &) const = default;
    /// The expression that finds it in a line; may be invalid for a regular expression, whose errorString() then says why.
    QRegularExpression expression() const;
};

/// Finds lines of a source in a worker and hands them over as they come, in order.
class LogSearch final : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t MostHits = 2'000'000;

    explicit LogSearch(QObject *parent = nullptr);
    ~LogSearch() override;

    /// Stops what runs and starts anew. An empty or invalid query only stops.
    void start(std::shared_ptr<const SourceEvidence> source, const SearchQuery &query);
    void stop();

    bool isRunning() const { return m_isRunning; }
    /// Line numbers so far, ascending.
    const std::vector<qint64> &hits() const { return m_hits; }
    bool isCapped() const { return m_hits.size() >= MostHits; }
    /// The hit after (before) a line, round about where `wrap`; 0 where there is none (yet).
    qint64 next(qint64 line, bool forward, bool wrap) const;

Q_SIGNALS:
    /// New hits, or the end of the search.
    void changed();

private:
    void collect(quint64 generation, std::vector<qint64> found, bool isLast);

    std::vector<qint64> m_hits;
    CancelToken m_cancel;
    QList<QFuture<void>> m_futures;
    quint64 m_generation = 0;
    bool m_isRunning = false;
};

} // namespace faultline
