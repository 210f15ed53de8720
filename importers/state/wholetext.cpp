// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/wholetext.h"

#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "models/bytes/textstore.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

/// Lines as they stand, without times.
class BareDecoder : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        DecodedLine decoded;
        decoded.payload = bareLine(line, byteOffset);
        return decoded;
    }
    bool hasStamps() const override { return false; }
};

} // namespace

std::optional<WholeText> WholeText::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence)
{
    WholeText text;
    auto content = bytes->bytes(0, std::min(bytes->size(), MostBytes));
    if (!content) {
        addNote(evidence, Severity::Error, content.error().code, {}, content.error().message);
        return std::nullopt;
    }
    text.m_bytes = std::move(*content);
    std::vector<TextBlock> blocks;
    for (qsizetype start = 0; start < text.m_bytes.size();) {
        text.m_starts.push_back(start);
        if (blocks.empty() || start - blocks.back().byteOffset >= TextStore::BlockBytes)
            blocks.push_back({start, static_cast<qint64>(text.m_starts.size())});
        const qsizetype end = text.m_bytes.indexOf('\n', start);
        start = end < 0 ? text.m_bytes.size() : end + 1;
    }
    if (bytes->size() > MostBytes)
        addNote(evidence, Severity::Warning, Code::LimitReached, text.position(text.lineCount()),
                tr("Only the first %1 MB were read").arg(MostBytes / 1024 / 1024));
    if (blocks.empty())
        blocks.push_back({0, 1});
    evidence.text = std::make_shared<TextStore>(bytes, std::move(blocks), text.lineCount());
    evidence.decoder = std::make_shared<BareDecoder>();
    return text;
}

std::string_view WholeText::line(qint64 number) const
{
    if (number < 1 || number > lineCount())
        return {};
    const qsizetype start = m_starts[static_cast<size_t>(number - 1)];
    const qsizetype end = number == lineCount() ? m_bytes.size() : m_starts[static_cast<size_t>(number)];
    std::string_view line(m_bytes.constData() + start, static_cast<size_t>(end - start));
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    return bareLine(line, start);
}

qint64 WholeText::lineAt(qsizetype byteOffset, qint64 near) const
{
    constexpr qint64 Steps = 16;
    const auto startOf = [this](qint64 number) { return m_starts[static_cast<size_t>(number - 1)]; };
    if (near >= 1 && near <= lineCount() && startOf(near) <= byteOffset) {
        for (qint64 step = 0; step < Steps; ++step, ++near)
            if (near == lineCount() || startOf(near + 1) > byteOffset)
                return near;
    }
    const auto after = std::ranges::upper_bound(m_starts, byteOffset);
    return std::max<qint64>(1, after - m_starts.begin());
}

Position WholeText::position(qint64 number, qint64 column) const
{
    const bool known = number >= 1 && number <= lineCount();
    return {number, column, known ? static_cast<qint64>(m_starts[static_cast<size_t>(number - 1)]) + column - 1 : -1};
}

} // namespace faultline
