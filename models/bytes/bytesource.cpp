// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/bytesource.h"

#include "models/bytes/growntext.h"
#include "models/bytes/largepages.h"
#include "models/core/translate.h"

#include <QFile>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faultline {

namespace {

/// A case may have more files than a process may have open: so many stay open, the others are opened for each read.
constexpr int MostOpen = 400;
std::atomic<int> openFiles = 0;

class FileSource final : public ByteSource
{
public:
    FileSource(QString path, int descriptor, const struct stat &info)
        : m_path(std::move(path))
        , m_descriptor(descriptor)
        , m_device(info.st_dev)
        , m_inode(info.st_ino)
        , m_size(info.st_size)
        , m_modified{info.st_mtim.tv_sec * NsPerSecond + info.st_mtim.tv_nsec}
    {
        if (++openFiles > MostOpen) {
            --openFiles;
            ::close(std::exchange(m_descriptor, -1));
        }
    }
    ~FileSource() override
    {
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
            --openFiles;
        }
    }
    Q_DISABLE_COPY_MOVE(FileSource)

    QString name() const override { return m_path; }
    qint64 size() const override { return m_size; }
    std::optional<TimeNs> modified() const override { return m_modified; }

    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        if (m_descriptor >= 0)
            return read(m_descriptor, byteOffset, into);
        const int descriptor = ::open(QFile::encodeName(m_path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        struct stat info{};
        if (descriptor < 0 || ::fstat(descriptor, &info) != 0) {
            const QString error = QString::fromLocal8Bit(std::strerror(errno));
            if (descriptor >= 0)
                ::close(descriptor);
            return failure(Code::NotReadable, error, {}, m_path, {0, 0, byteOffset});
        }
        const bool isSame = info.st_dev == m_device && info.st_ino == m_inode;
        auto got = isSame ? read(descriptor, byteOffset, into) : Result<qint64>(0);
        ::close(descriptor);
        return got;
    }

private:
    Result<qint64> read(int descriptor, qint64 byteOffset, std::span<char> into) const
    {
        qint64 done = 0;
        while (std::cmp_less(done, into.size())) {
            const ssize_t got =
                ::pread(descriptor, into.data() + done, into.size() - static_cast<size_t>(done), byteOffset + done);
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return failure(Code::NotReadable, QString::fromLocal8Bit(std::strerror(errno)), {}, m_path,
                               {0, 0, byteOffset + done});
            if (got == 0)
                break;
            done += got;
        }
        return done;
    }

    QString m_path;
    int m_descriptor; ///< -1: opened for each read.
    dev_t m_device;
    ino_t m_inode;
    qint64 m_size;
    TimeNs m_modified;
};

class MemorySource final : public ByteSource
{
public:
    MemorySource(QString name, QByteArray bytes, std::optional<TimeNs> modified)
        : m_name(std::move(name))
        , m_bytes(std::move(bytes))
        , m_modified(modified)
    {
    }

    QString name() const override { return m_name; }
    qint64 size() const override { return m_bytes.size(); }
    std::optional<TimeNs> modified() const override { return m_modified; }

    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        const qint64 left = std::max<qint64>(0, m_bytes.size() - byteOffset);
        const qint64 count = std::min<qint64>(left, static_cast<qint64>(into.size()));
        if (count > 0)
            std::memcpy(into.data(), m_bytes.constData() + byteOffset, static_cast<size_t>(count));
        return count;
    }

private:
    QString m_name;
    QByteArray m_bytes;
    std::optional<TimeNs> m_modified;
};

} // namespace

Result<QByteArray> ByteSource::bytes(qint64 byteOffset, qint64 count) const
{
    count = std::clamp<qint64>(count, 0, std::max<qint64>(0, size() - byteOffset));
    QByteArray buffer(count, Qt::Uninitialized);
    preferLargePages(buffer.data(), static_cast<size_t>(buffer.size()));
    const auto got = read(byteOffset, std::span(buffer.data(), static_cast<size_t>(buffer.size())));
    if (!got)
        return std::unexpected(got.error());
    buffer.truncate(*got);
    return buffer;
}

Result<std::shared_ptr<const ByteSource>> openFile(const QString &path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        const bool missing = errno == ENOENT;
        return failure(missing ? Code::NotFound : Code::NotReadable, QString::fromLocal8Bit(std::strerror(errno)),
                       missing ? tr("Check the path") : tr("Check the file's permissions"), path);
    }
    struct stat info{};
    if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(descriptor);
        return failure(Code::NotReadable, tr("Not a regular file"),
                       tr("Devices, sockets and pipes are not read; save their content to a file"), path);
    }
    return std::make_shared<FileSource>(path, descriptor, info);
}

bool isWholeFile(const ByteSource &bytes)
{
    return dynamic_cast<const FileSource *>(&bytes) != nullptr;
}

std::shared_ptr<const ByteSource> memorySource(QString name, QByteArray bytes, std::optional<TimeNs> modified)
{
    return std::make_shared<MemorySource>(std::move(name), std::move(bytes), modified);
}

} // namespace faultline
