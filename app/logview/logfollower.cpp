// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logfollower.h"

#include <QFile>
#include <QFileInfo>
#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>
#include <utility>

#include <sys/stat.h>

namespace faultline {

namespace {

constexpr int SettleMs = 200;
constexpr int PollMs = 2000;

/// The evidence with a text that goes on. Its events stay those of what was read.
std::shared_ptr<const SourceEvidence> grownEvidence(const SourceEvidence &evidence, const GrownText &grown)
{
    auto next = std::make_shared<SourceEvidence>(evidence);
    next->text = grown.text;
    next->byteCount = grown.text->bytes().size();
    next->modified = grown.text->bytes().modified();
    if (const auto lines = decodeLines(*next, grown.text->lineCount(), 1); !lines.empty() && lines.front().time)
        next->last = std::max(next->last.value_or(*lines.front().time), *lines.front().time);
    return next;
}

} // namespace

LogFollower::LogFollower(QObject *parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    m_settle.setSingleShot(true);
    m_settle.setInterval(SettleMs);
    m_poll.setInterval(PollMs);
    connect(&m_settle, &QTimer::timeout, this, &LogFollower::lookAtAll);
    connect(&m_poll, &QTimer::timeout, this, &LogFollower::lookAtAll);
    const auto later = [this] {
        if (!m_settle.isActive())
            m_settle.start();
    };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, later);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, later);
}

LogFollower::~LogFollower()
{
    m_cancel.cancel();
    m_pool.waitForDone();
}

void LogFollower::setSources(const std::vector<std::pair<int, std::shared_ptr<const SourceEvidence>>> &sources)
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    ++m_generation;
    m_watched.clear();
    if (const QStringList paths = m_watcher.files() + m_watcher.directories(); !paths.isEmpty())
        m_watcher.removePaths(paths);
    QStringList paths;
    for (const auto &[source, evidence] : sources) {
        if (m_watched.size() >= MostWatched)
            break;
        if (!evidence || !evidence->text || !isWholeFile(evidence->text->bytes()))
            continue;
        const QFileInfo file(evidence->text->bytes().name());
        m_watched.push_back({source, evidence, file.absoluteFilePath(), {}, State::AsRead, 0, 0, false, false});
        // The folder tells of a file that comes back under its name, as rotated logs do.
        paths << file.absoluteFilePath() << file.absolutePath();
    }
    paths.removeDuplicates();
    if (!paths.isEmpty())
        m_watcher.addPaths(paths);
    m_watched.empty() ? m_poll.stop() : m_poll.start();
    lookAtAll();
    Q_EMIT stateChanged();
}

void LogFollower::lookAtAll()
{
    for (size_t i = 0; i < m_watched.size(); ++i)
        look(i);
}

void LogFollower::look(size_t index)
{
    Watched &watched = m_watched[index];
    watched.isDue = watched.isBusy;
    if (std::exchange(watched.isBusy, true))
        return;
    m_pool.start([this, index, watched, generation = m_generation, cancel = m_cancel] {
        const Look found = lookAt(watched, cancel);
        QMetaObject::invokeMethod(
            this,
            [this, index, found, generation] {
                if (generation == m_generation)
                    take(index, found);
            },
            Qt::QueuedConnection);
    });
}

/// In a worker.
LogFollower::Look LogFollower::lookAt(const Watched &watched, const CancelToken &cancel)
{
    Look look{watched.mark, watched.addedLines > 0 ? State::Grown : State::AsRead, nullptr, 0, 0};
    const TextStore &text = *watched.evidence->text;
    struct stat info{};
    if (::stat(QFile::encodeName(watched.path).constData(), &info) != 0 || !S_ISREG(info.st_mode)) {
        look.state = State::Gone;
        return look;
    }
    if (!look.mark) {
        if (auto mark = markOf(text))
            look.mark = std::move(*mark);
        else
            return look;
    }
    if (info.st_size < look.mark->size) {
        look.state = State::Shrunk;
        look.missingBytes = look.mark->size - info.st_size;
        return look;
    }
    const auto modified = text.bytes().modified();
    const bool isTouched = modified && info.st_mtim.tv_sec * NsPerSecond + info.st_mtim.tv_nsec != modified->ns;
    if (!isTouched && info.st_size == look.mark->size)
        return look;
    const auto grown = grownText(text, *look.mark, cancel);
    if (!grown && grown.error().code != Code::Cancelled)
        look.state = State::Changed;
    if (grown && !*grown && isTouched)
        look.state = State::Changed;
    if (grown && *grown) {
        look.state = State::Grown;
        look.mark = (*grown)->mark;
        look.firstChanged = (*grown)->firstChanged;
        look.evidence = grownEvidence(*watched.evidence, **grown);
    }
    return look;
}

void LogFollower::take(size_t index, const Look &found)
{
    Watched &watched = m_watched[index];
    watched.isBusy = false;
    watched.mark = found.mark;
    watched.missingBytes = found.missingBytes;
    const State before = std::exchange(watched.state, found.state);
    if (found.state != State::Gone && !m_watcher.files().contains(watched.path))
        m_watcher.addPath(watched.path);
    if (watched.isDue && !m_settle.isActive())
        m_settle.start();
    const int source = watched.source;
    if (found.evidence) {
        watched.addedLines += found.evidence->lineCount() - watched.evidence->lineCount();
        watched.evidence = found.evidence;
        Q_EMIT grown(source, found.evidence, found.firstChanged); // `watched` may be gone after it
    }
    if (found.evidence || found.state != before)
        Q_EMIT stateChanged();
}

} // namespace faultline
