// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/bytesource.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faultline {

namespace {

class FileSource final : public ByteSource
{
public:
    FileSource(QString path, int descriptor, qint64 size, TimeNs modified)
        : m_path(std::move(path))
        , m_descriptor(descriptor)
        , m_size(size)
        , m_modified(modified)
    {
    }
    ~FileSource() override { ::close(m_descriptor); }
    Q_DISABLE_COPY_MOVE(FileSource)

    QString name() const override { return m_path; }
    qint64 size() const override { return m_size; }
    std::optional<TimeNs> modified() const override { return m_modified; }

    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        qint64 done = 0;
        while (std::cmp_less(done, into.size())) {
            const ssize_t got =
                ::pread(m_descriptor, into.data() + done, into.size() - static_cast<size_t>(done), byteOffset + done);
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

private:
    QString m_path;
    int m_descriptor;
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
    const auto got = read(byteOffset, std::span(buffer.data(), static_cast<size_t>(buffer.size())));
    if (!got)
        return std::unexpected(got.error());
    buffer.truncate(*got);
    return buffer;
}

Result<std::shared_ptr<const ByteSource>> openFile(const QString &path)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("faultline::ByteSource", text); };
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
    const TimeNs modified{info.st_mtim.tv_sec * NsPerSecond + info.st_mtim.tv_nsec};
    return std::make_shared<FileSource>(path, descriptor, info.st_size, modified);
}

std::shared_ptr<const ByteSource> memorySource(QString name, QByteArray bytes, std::optional<TimeNs> modified)
{
    return std::make_shared<MemorySource>(std::move(name), std::move(bytes), modified);
}

} // namespace faultline
