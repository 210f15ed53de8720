// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logfollower.h"
#include "importers/core/registry.h"
#include "models/bytes/linewalker.h"
#include "models/core/views.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>

#include <atomic>
#include <charconv>
#include <chrono>
#include <thread>

namespace faultline::test {

/// What came of a log that was followed while it was written.
struct FollowOutcome {
    qint64 bytesWritten = 0;
    qint64 linesWritten = 0;
    double secondsWriting = 0;
    qint64 linesSeen = 0;       ///< Of the text the follower ended with.
    qint64 linesWrong = 0;      ///< Of these, those that are not what was written.
    qint64 stretchesMissed = 0; ///< Where what was told to be new did not go on where the last telling ended.
    int tellings = 0;
    qint64 mostBehindBytes = 0; ///< Written but not yet told, when a telling came.
    double secondsToLast = 0;   ///< From the end of writing until the last line was told.
};

/// Writes numbered lines of 20 to 180 bytes in pieces that end anywhere, evenly in time.
class LineFlood
{
public:
    LineFlood(const QString &path, qint64 bytesPerSecond, double duration)
        : m_path(path)
        , m_bytesPerSecond(bytesPerSecond)
        , m_seconds(duration)
    {
    }
    static void addLine(qint64 number, QByteArray &into)
    {
        static const std::string Padding(200, '.');
        char digits[24];
        into.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr - digits);
        into.append(' ').append(Padding.data(), 20 + number * 7919 % 161).append('\n');
    }
    bool first()
    {
        QByteArray line;
        addLine(++lines, line);
        return append(line);
    }
    void run()
    {
        using namespace std::chrono;
        constexpr auto Step = milliseconds(5);
        const auto begin = steady_clock::now();
        QByteArray waiting;
        for (int step = 1; std::chrono::duration<double>(steady_clock::now() - begin).count() < m_seconds; ++step) {
            const auto due = static_cast<qint64>(static_cast<double>(m_bytesPerSecond)
                                                 * std::chrono::duration<double>(step * Step).count());
            while (written + waiting.size() < due)
                addLine(++lines, waiting);
            const qint64 now = std::max<qint64>(0, std::min<qint64>(due - written, waiting.size()));
            if (!append(waiting.first(now)))
                return;
            waiting.remove(0, now);
            std::this_thread::sleep_until(begin + step * Step);
        }
        append(waiting);
        seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
        isDone = true;
    }

    std::atomic<qint64> written = 0;
    std::atomic<qint64> lines = 0;
    std::atomic<bool> isDone = false;
    double seconds = 0; ///< Once it is done.

private:
    bool append(const QByteArray &bytes)
    {
        if (!m_file.isOpen()) {
            m_file.setFileName(m_path);
            if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
                return false;
        }
        written += bytes.size();
        return m_file.write(bytes) == bytes.size();
    }

    QString m_path;
    qint64 m_bytesPerSecond;
    double m_seconds;
    QFile m_file;
};

/// Follows a new file at `path` while so many bytes a second are added to it, then holds every line against what was written.
inline FollowOutcome followUnderLoad(const QString &path, qint64 bytesPerSecond, double seconds)
{
    FollowOutcome outcome;
    LineFlood flood(path, bytesPerSecond, seconds);
    if (!flood.first())
        return outcome;
    const auto read = importPaths({path}, {std::make_shared<const Registry>(), nullptr, nullptr}, {});
    if (!read)
        return outcome;
    std::shared_ptr<const SourceEvidence> evidence = read->sources.at(0);
    LogFollower follower;
    QEventLoop loop;
    QElapsedTimer sinceEnd;
    QObject::connect(&follower, &LogFollower::grown, &loop,
                     [&](int, const std::shared_ptr<const SourceEvidence> &grown, qint64 firstChanged) {
                         ++outcome.tellings;
                         outcome.mostBehindBytes =
                             std::max(outcome.mostBehindBytes, flood.written - grown->text->bytes().size());
                         // The last line may have been told before its LF came.
                         if (firstChanged != evidence->lineCount() && firstChanged != evidence->lineCount() + 1)
                             ++outcome.stretchesMissed;
                         evidence = grown;
                     });
    follower.setSources({{0, evidence}});
    {
        const std::jthread writer([&flood] { flood.run(); });
        QElapsedTimer sinceStart;
        sinceStart.start();
        const auto most = static_cast<qint64>(seconds * 1000) + 60'000;
        while (!sinceStart.hasExpired(most)) {
            loop.processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
            if (flood.isDone && !sinceEnd.isValid())
                sinceEnd.start();
            if (flood.isDone && evidence->text->bytes().size() >= flood.written)
                break;
        }
    }
    outcome.secondsToLast = sinceEnd.isValid() ? static_cast<double>(sinceEnd.nsecsElapsed()) / 1e9 : -1;
    outcome.bytesWritten = flood.written;
    outcome.linesWritten = flood.lines;
    outcome.secondsWriting = flood.seconds;
    outcome.linesSeen = evidence->lineCount();
    LineWalker walker(evidence->text->bytes(), 0, 1, TextStore::BlockBytes);
    for (QByteArray expected; walker.next(); expected.resize(0)) {
        LineFlood::addLine(walker.number(), expected);
        if (viewOf(expected) != std::string(walker.bytes()) + '\n')
            ++outcome.linesWrong;
    }
    if (walker.number() != outcome.linesSeen) // the index and the file must agree
        outcome.linesWrong += std::abs(walker.number() - outcome.linesSeen);
    return outcome;
}

} // namespace faultline::test
