// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/spillfile.h"

#include "models/core/translate.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace faultline {

namespace {

QString lastError()
{
    return QString::fromLocal8Bit(std::strerror(errno));
}

int openNameless(const QByteArray &folder)
{
#ifdef O_TMPFILE
    const int nameless = ::open(folder.constData(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (nameless >= 0)
        return nameless;
#endif
    QByteArray name = QByteArray(folder).append("/faultline-XXXXXX");
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0)
        ::unlink(name.constData());
    return named;
}

class SpilledSource final : public ByteSource
{
public:
    SpilledSource(std::shared_ptr<const SpillFile> file, qint64 byteOffset, qint64 size, QString name,
                  std::optional<TimeNs> modified)
        : m_file(std::move(file))
        , m_byteOffset(byteOffset)
        , m_size(size)
        , m_name(std::move(name))
        , m_modified(modified)
    {
    }

    QString name() const override { return m_name; }
    qint64 size() const override { return m_size; }
    std::optional<TimeNs> modified() const override { return m_modified; }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        const qint64 left = std::max<qint64>(0, m_size - byteOffset);
        const auto count = static_cast<size_t>(std::min<qint64>(left, static_cast<qint64>(into.size())));
        return m_file->read(m_byteOffset + byteOffset, into.first(count));
    }

private:
    std::shared_ptr<const SpillFile> m_file;
    qint64 m_byteOffset;
    qint64 m_size;
    QString m_name;
    std::optional<TimeNs> m_modified;
};

} // namespace

SpillFile::SpillFile(int descriptor)
    : m_descriptor(descriptor)
{
}

SpillFile::~SpillFile()
{
    ::close(m_descriptor);
}

Result<std::shared_ptr<SpillFile>> SpillFile::create()
{
    QByteArrayList folders{"/var/tmp", QFile::encodeName(QDir::tempPath())};
    if (const char *wanted = std::getenv("TMPDIR"); wanted && *wanted)
        folders.prepend(wanted);
    for (const QByteArray &folder : std::as_const(folders)) {
        if (const int descriptor = openNameless(folder); descriptor >= 0)
            return std::make_shared<SpillFile>(descriptor);
    }
    return failure(Code::NotReadable, tr("No temporary file can be made: %1").arg(lastError()),
                   tr("Set TMPDIR to a folder that can be written"));
}

Result<void> SpillFile::append(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(m_descriptor, bytes.data(), bytes.size(), m_size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return failure(Code::LimitReached, tr("The temporary file cannot grow: %1").arg(lastError()),
                           tr("Set TMPDIR to a folder with more room"));
        m_size += written;
        bytes = bytes.subspan(static_cast<size_t>(written));
    }
    return {};
}

void SpillFile::truncate(qint64 size)
{
    Q_ASSERT(size <= m_size);
    m_size = size;
    // Where it fails, the bytes behind the end are written over.
    std::ignore = ::ftruncate(m_descriptor, size);
}

Result<qint64> SpillFile::read(qint64 byteOffset, std::span<char> into) const
{
    qint64 done = 0;
    while (std::cmp_less(done, into.size())) {
        const ssize_t got =
            ::pread(m_descriptor, into.data() + done, into.size() - static_cast<size_t>(done), byteOffset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(Code::NotReadable, lastError());
        if (got == 0)
            break;
        done += got;
    }
    return done;
}

std::shared_ptr<const ByteSource> spilledSource(std::shared_ptr<const SpillFile> file, qint64 byteOffset, qint64 size,
                                                QString name, std::optional<TimeNs> modified)
{
    return std::make_shared<SpilledSource>(std::move(file), byteOffset, size, std::move(name), modified);
}

SpillWriter::SpillWriter(std::shared_ptr<SpillFile> &file, qint64 &memoryLeft)
    : m_file(file)
    , m_memoryLeft(memoryLeft)
{
}

Result<void> SpillWriter::spill(std::span<const char> bytes)
{
    if (!m_file) {
        auto made = SpillFile::create();
        if (!made)
            return std::unexpected(std::move(made.error()));
        m_file = std::move(*made);
    }
    if (m_spilledAt < 0)
        m_spilledAt = m_file->size();
    return m_file->append(bytes);
}

Result<void> SpillWriter::append(std::span<const char> bytes)
{
    const auto count = static_cast<qint64>(bytes.size());
    if (m_spilledAt < 0 && m_size + count <= std::min(MostInMemory, m_memoryLeft)) {
        m_held.append(bytes.data(), count);
        m_size += count;
        return {};
    }
    if (!m_held.isEmpty()) {
        if (auto put = spill(std::span(m_held.constData(), static_cast<size_t>(m_held.size()))); !put)
            return put;
        m_held = QByteArray();
    }
    if (auto put = spill(bytes); !put)
        return put;
    m_size += count;
    return {};
}

void SpillWriter::drop()
{
    m_held = QByteArray();
    m_size = 0;
    if (const qint64 from = std::exchange(m_spilledAt, -1); from >= 0)
        m_file->truncate(from);
}

Result<std::shared_ptr<const ByteSource>> SpillWriter::finish(const QString &name, std::optional<TimeNs> modified)
{
    if (m_spilledAt < 0) {
        m_held.squeeze();
        m_memoryLeft -= m_held.size();
        return memorySource(name, std::move(m_held), modified);
    }
    return spilledSource(m_file, m_spilledAt, m_size, name, modified);
}

} // namespace faultline
