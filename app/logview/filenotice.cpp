// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/filenotice.h"

#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int SettleMs = 250;
} // namespace

FileNotice::FileNotice(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"fileNotice"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(10, 2, 8, 4);
    row->setSpacing(6);
    auto *sign = new QLabel(this);
    sign->setPixmap(icon(u"warning"_s, themeColors(palette()).warning).pixmap(16, 16));
    row->addWidget(sign);
    m_text = new QLabel(this);
    m_text->setObjectName(u"fileNoticeText"_s);
    m_text->setTextFormat(Qt::PlainText);
    row->addWidget(m_text, 1);
    auto *again = new QToolButton(this);
    again->setObjectName(u"readAgain"_s);
    again->setText(tr("Read again"));
    again->setAutoRaise(true);
    row->addWidget(again);
    hide();
    m_settle.setSingleShot(true);
    m_settle.setInterval(SettleMs);
    connect(again, &QToolButton::clicked, this, &FileNotice::readAgainWanted);
    connect(&m_settle, &QTimer::timeout, this, &FileNotice::look);
    const auto later = [this] {
        if (!m_settle.isActive())
            m_settle.start();
    };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, later);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, later);
}

void FileNotice::setSource(const std::shared_ptr<const SourceEvidence> &source)
{
    if (const QStringList watched = m_watcher.files() + m_watcher.directories(); !watched.isEmpty())
        m_watcher.removePaths(watched);
    m_state = State::AsRead;
    m_path.clear();
    hide();
    if (!source || !source->text)
        return;
    const QFileInfo file(source->text->bytes().name());
    if (!file.isFile() || file.size() == 0)
        return;
    m_path = file.absoluteFilePath();
    m_size = source->text->bytes().size();
    m_modified = source->text->bytes().modified();
    // The folder tells of a file that comes back under its name, as rotated logs do.
    m_watcher.addPaths({m_path, file.absolutePath()});
    look();
}

void FileNotice::look()
{
    if (m_path.isEmpty())
        return;
    struct stat info{};
    const bool isThere = ::stat(QFile::encodeName(m_path).constData(), &info) == 0 && S_ISREG(info.st_mode);
    if (isThere && !m_watcher.files().contains(m_path))
        m_watcher.addPath(m_path);
    const QLocale locale;
    State state = State::AsRead;
    QString text;
    if (!isThere) {
        state = State::Gone;
        text = tr("This file is gone; what was read of it may not be readable to its end");
    } else if (info.st_size > m_size) {
        state = State::Grown;
        text = tr("This file has grown by %1 since it was read").arg(locale.formattedDataSize(info.st_size - m_size));
    } else if (info.st_size < m_size) {
        state = State::Shrunk;
        text = tr("This file is %1 shorter than when it was read; its last lines are gone")
                   .arg(locale.formattedDataSize(m_size - info.st_size));
    } else if (m_modified && info.st_mtim.tv_sec * NsPerSecond + info.st_mtim.tv_nsec != m_modified->ns) {
        state = State::Changed;
        text = tr("This file was written to since it was read; its lines may be others");
    }
    m_text->setText(text);
    setVisible(state != State::AsRead);
    if (std::exchange(m_state, state) != state)
        Q_EMIT stateChanged();
}

} // namespace faultline
