// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/wideencodings.h"

#include "models/core/translate.h"

#include <QStringDecoder>

#include <algorithm>
#include <array>
#include <optional>

namespace faultline {

namespace {

std::optional<QStringConverter::Encoding> wideEncoding(QByteArrayView head)
{
    if (head.startsWith(QByteArrayView("\xff\xfe\0\0", 4)))
        return QStringConverter::Utf32LE;
    if (head.startsWith(QByteArrayView("\0\0\xfe\xff", 4)))
        return QStringConverter::Utf32BE;
    if (head.startsWith("\xff\xfe"))
        return QStringConverter::Utf16LE;
    if (head.startsWith("\xfe\xff"))
        return QStringConverter::Utf16BE;
    // Without BOM: mostly ASCII, so that of every two bytes one is NUL and the other printable; binary numbers have NULs too.
    const QByteArrayView start = head.first(std::min<qsizetype>(head.size(), 4096));
    std::array<qsizetype, 2> nul{};
    std::array<qsizetype, 2> printable{};
    for (qsizetype i = 0; i < start.size(); ++i) {
        const char c = start[i];
        nul[static_cast<size_t>(i % 2)] += c == '\0' ? 1 : 0;
        printable[static_cast<size_t>(i % 2)] += (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t' ? 1 : 0;
    }
    const qsizetype half = start.size() / 2;
    const auto isText = [&](size_t text, size_t zero) {
        return half >= 16 && nul[zero] * 10 >= half * 7 && printable[text] * 10 >= half * 7;
    };
    if (isText(0, 1))
        return QStringConverter::Utf16LE;
    if (isText(1, 0))
        return QStringConverter::Utf16BE;
    return std::nullopt;
}

} // namespace

std::shared_ptr<const ByteSource> narrowed(const std::shared_ptr<const ByteSource> &bytes, QByteArrayView head,
                                           std::vector<Note> &notes)
{
    const auto encoding = wideEncoding(head);
    if (!encoding)
        return nullptr;
    const auto wide = bytes->bytes(0, MostWideBytes);
    if (!wide)
        return nullptr;
    QStringDecoder decoder(*encoding);
    const QString text = decoder.decode(*wide);
    addNote(notes, {Severity::Info,
                    Code::BadEncoding,
                    {},
                    tr("Converted from %1; byte offsets are into the converted text")
                        .arg(QString::fromLatin1(QStringConverter::nameForEncoding(*encoding))),
                    1});
    if (decoder.hasError())
        addNote(notes, {Severity::Warning, Code::BadEncoding, {}, tr("Some characters could not be converted"), 1});
    if (bytes->size() > MostWideBytes)
        addNote(notes, {Severity::Warning,
                        Code::LimitReached,
                        {},
                        tr("Only the first %1 bytes were converted").arg(MostWideBytes),
                        1});
    return memorySource(bytes->name(), text.toUtf8(), bytes->modified());
}

namespace {

/// CR as LF; nothing is copied.
class CarriageReturns final : public ByteSource
{
public:
    explicit CarriageReturns(std::shared_ptr<const ByteSource> bytes)
        : m_bytes(std::move(bytes))
    {
    }
    QString name() const override { return m_bytes->name(); }
    qint64 size() const override { return m_bytes->size(); }
    std::optional<TimeNs> modified() const override { return m_bytes->modified(); }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        auto got = m_bytes->read(byteOffset, into);
        if (got)
            std::ranges::replace(into.first(static_cast<size_t>(*got)), '\r', '\n');
        return got;
    }

private:
    std::shared_ptr<const ByteSource> m_bytes;
};

} // namespace

std::shared_ptr<const ByteSource> withLineFeeds(const std::shared_ptr<const ByteSource> &bytes, QByteArrayView head,
                                                std::vector<Note> &notes)
{
    constexpr qint64 BlockBytes = 1024 * 1024;
    constexpr qint64 MostSearched = 256 * BlockBytes;
    constexpr qsizetype LeastLines = 2;
    // Binary data has a CR now and then; so has a bar of progress, which is one line.
    if (head.contains('\n') || head.count('\r') < LeastLines || head.contains('\0') || head.contains('\x1b'))
        return nullptr;
    for (qint64 offset = head.size(); offset < std::min(bytes->size(), MostSearched); offset += BlockBytes) {
        const auto block = bytes->bytes(offset, BlockBytes);
        if (!block || block->contains('\n'))
            return nullptr;
    }
    addNote(notes, {Severity::Info, Code::BadEncoding, {}, tr("Lines end with carriage returns alone"), 1});
    return std::make_shared<CarriageReturns>(bytes);
}

} // namespace faultline
