// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/notes.h"
#include "importers/profiles/legacyprofile.h"
#include "models/core/saturate.h"
#include "models/core/translate.h"

#include <bit>
#include <cstring>

namespace faultline {

namespace {

constexpr quint64 MostCpuDepth = 4'096;

} // namespace

LegacyCpuProfile::LegacyCpuProfile(QByteArrayView bytes, SourceEvidence &evidence, const ImportContext &context)
    : m_bytes(bytes)
    , m_evidence(evidence)
    , m_context(context)
{
}

quint64 LegacyCpuProfile::word(QByteArrayView bytes, qsizetype index, Words words)
{
    const bool swap = words.big != (std::endian::native == std::endian::big);
    if (words.size == 4) {
        quint32 value = 0;
        std::memcpy(&value, bytes.data() + index * 4, sizeof value);
        return swap ? std::byteswap(value) : value;
    }
    quint64 value = 0;
    std::memcpy(&value, bytes.data() + index * 8, sizeof value);
    return swap ? std::byteswap(value) : value;
}

/// Header: 0, 3, 0 (C++) or 1 (Java), the period in µs, 0.
LegacyCpuProfile::Words LegacyCpuProfile::wordsOf(QByteArrayView head)
{
    for (const Words words : {Words{8, false}, Words{4, false}, Words{8, true}, Words{4, true}}) {
        if (head.size() < 5 * words.size)
            continue;
        const auto at = [&](qsizetype index) { return word(head, index, words); };
        if (at(0) == 0 && at(1) == 3 && at(2) <= 1 && at(3) > 0 && at(3) < 10'000'000 && at(4) == 0)
            return words;
    }
    return {};
}

bool LegacyCpuProfile::looksLike(QByteArrayView head)
{
    return wordsOf(head).size > 0;
}

qsizetype LegacyCpuProfile::samples(Words words)
{
    const qsizetype count = m_bytes.size() / words.size;
    const auto at = [&](qsizetype index) { return word(m_bytes, index, words); };
    std::vector<StackFrame> frames;
    qsizetype index = 5;
    while (index + 2 <= count) {
        const quint64 hits = at(index);
        const quint64 depth = at(index + 1);
        if (depth == 0 || depth > static_cast<quint64>(count - index - 2)) {
            addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::Truncated,
                    {0, 0, index * words.size}, tr("The profile breaks off or is damaged here"));
            return m_bytes.size();
        }
        index += 2;
        if (hits == 0 && depth == 1 && at(index) == 0)
            return (index + 1) * words.size;
        frames.clear();
        quint64 stack = 0;
        quint64 leaf = 0;
        for (quint64 i = 0; i < std::min(depth, MostCpuDepth); ++i) {
            quint64 address = at(index + static_cast<qsizetype>(i));
            if (i > 0 && !m_isJava)
                --address; // what is on the stack is where the call returns to
            if (i == 1 && !m_isJava && leaf == address + 1)
                continue; // the signal handler's frame says again where the leaf is
            if (i == 0)
                leaf = address;
            stack = mixed(stack, address);
            if (const qint32 function = m_symbols.byAddress(address); function >= 0)
                frames.push_back({function, 0});
        }
        const auto value = static_cast<qint64>(std::min<quint64>(hits, std::numeric_limits<qint32>::max()));
        m_builder.add(frames, std::array{value, saturatedMultiply(value, m_builder.period)}, stack, frames.size());
        index += static_cast<qsizetype>(depth);
        if ((index & 0xFFF) == 0 && m_context.cancel.isCancelled())
            return m_bytes.size();
    }
    addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::Truncated, {0, 0, m_bytes.size()},
            tr("The profile breaks off or is damaged here"));
    return m_bytes.size();
}

void LegacyCpuProfile::text(std::string_view text)
{
    while (!text.empty()) {
        const size_t end = text.find('\n');
        takeJavaSymbol(text.substr(0, end), m_symbols);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

ImportOutcome LegacyCpuProfile::read()
{
    const Words words = wordsOf(m_bytes);
    m_evidence.basis = TimeBasis::None;
    if (words.size == 0)
        return ImportOutcome::NotThisFormat;
    constexpr qint64 NsPerTick = 1'000; // the header counts µs
    m_isJava = word(m_bytes, 2, words) == 1;
    m_builder.period = saturatedMultiply(
        static_cast<qint64>(std::min<quint64>(word(m_bytes, 3, words), std::numeric_limits<qint64>::max())), NsPerTick);
    m_builder.periodType = "cpu/nanoseconds";
    m_builder.setTypes({{"samples", "count"}, {"cpu", "nanoseconds"}});
    const qsizetype end = samples(words);
    if (m_context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    if (m_isJava && end < m_bytes.size())
        text({m_bytes.data() + end, static_cast<size_t>(m_bytes.size() - end)});
    m_symbols.tellLimit(m_evidence);
    m_builder.finish(m_evidence, [this](qint32 function) { return m_symbols.nameOf(function); });
    return ImportOutcome::Read;
}

} // namespace faultline
