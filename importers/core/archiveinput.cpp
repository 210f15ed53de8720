// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/archiveinput.h"

#include "models/core/translate.h"

#include <array>

#include <archive.h>
#include <archive_entry.h>

namespace faultline {

ArchiveInput::ArchiveInput(const ByteSource &bytes)
    : m_bytes(bytes)
    , m_archive(archive_read_new())
    , m_buffer(128 * 1024, Qt::Uninitialized)
{
}

ArchiveInput::~ArchiveInput()
{
    archive_read_free(m_archive);
}

bool ArchiveInput::open(ContainerKind kind)
{
    switch (kind) {
    case ContainerKind::Zip: archive_read_support_format_zip(m_archive); break;
    case ContainerKind::Tar: archive_read_support_format_tar(m_archive); break;
    case ContainerKind::Bzip2: archive_read_support_filter_bzip2(m_archive); break;
    case ContainerKind::Xz: archive_read_support_filter_xz(m_archive); break;
    case ContainerKind::Zstd:
    case ContainerKind::Gzip:
    case ContainerKind::None: return false;
    }
    if (!isArchive(kind)) {
        archive_read_support_format_raw(m_archive);
        archive_read_support_format_empty(m_archive);
    }
    archive_read_set_callback_data(m_archive, this);
    archive_read_set_read_callback(m_archive, [](archive *, void *self, const void **buffer) -> la_ssize_t {
        return static_cast<ArchiveInput *>(self)->read(buffer);
    });
    archive_read_set_seek_callback(m_archive, [](archive *, void *self, la_int64_t offset, int whence) -> la_int64_t {
        return static_cast<ArchiveInput *>(self)->seek(offset, whence);
    });
    archive_read_set_skip_callback(m_archive, [](archive *, void *self, la_int64_t request) -> la_int64_t {
        return static_cast<ArchiveInput *>(self)->skip(request);
    });
    return archive_read_open1(m_archive) == ARCHIVE_OK;
}

QString ArchiveInput::error() const
{
    const char *text = archive_error_string(m_archive);
    return text ? QString::fromUtf8(text) : tr("not readable");
}

qint64 ArchiveInput::read(const void **buffer)
{
    const auto got = m_bytes.read(m_at, std::span(m_buffer.data(), static_cast<size_t>(m_buffer.size())));
    if (!got) {
        archive_set_error(m_archive, EIO, "%s", qPrintable(got.error().message));
        return ARCHIVE_FATAL;
    }
    m_at += *got;
    *buffer = m_buffer.constData();
    return *got;
}

qint64 ArchiveInput::skip(qint64 request)
{
    const qint64 step = std::clamp<qint64>(request, 0, std::max<qint64>(0, m_bytes.size() - m_at));
    m_at += step;
    return step;
}

qint64 ArchiveInput::seek(qint64 offset, int whence)
{
    const qint64 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? m_at : m_bytes.size();
    if (offset < -base || offset > m_bytes.size() - base)
        return ARCHIVE_FATAL;
    m_at = base + offset;
    return m_at;
}

Copied copyBytes(std::span<const char> bytes, SpillWriter &writer, InflateBudget &budget, QString &problem)
{
    if (!budget.take(static_cast<qint64>(bytes.size())))
        return Copied::Spent;
    if (const auto appended = writer.append(bytes); !appended) {
        problem = appended.error().message;
        return Copied::NoRoom;
    }
    return Copied::Whole;
}

Copied copyEntry(ArchiveInput &input, SpillWriter &writer, InflateBudget &budget, const CancelToken &cancel,
                 QString &problem)
{
    static constexpr std::array<char, 64 * 1024> Zeros{};
    for (;;) {
        if (cancel.isCancelled())
            return Copied::Cancelled;
        const void *data = nullptr;
        size_t size = 0;
        la_int64_t offset = 0;
        const int status = archive_read_data_block(input.handle(), &data, &size, &offset);
        if (status == ARCHIVE_EOF)
            return Copied::Whole;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
            problem = input.error();
            return status == ARCHIVE_FATAL ? Copied::Fatal : Copied::Damaged;
        }
        while (writer.size() < offset) { // a hole of a sparse file
            const auto hole = static_cast<size_t>(std::min<qint64>(offset - writer.size(), std::ssize(Zeros)));
            if (const Copied done = copyBytes(std::span(Zeros).first(hole), writer, budget, problem);
                done != Copied::Whole)
                return done;
        }
        if (const Copied done = copyBytes({static_cast<const char *>(data), size}, writer, budget, problem);
            done != Copied::Whole)
            return done;
    }
}

} // namespace faultline
