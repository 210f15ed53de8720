// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/protoprofile.h"

#include "importers/core/notes.h"
#include "models/core/translate.h"

#include <algorithm>
#include <limits>

#include <protozero/pbf_reader.hpp>

namespace faultline {

namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

constexpr size_t MostLocations = 1'000'000;
constexpr size_t MostFunctions = 1'000'000;
constexpr size_t MostLines = 4'000'000; ///< Of all locations together.
constexpr size_t MostDepth = 4'096;
/// Frames that samples may name for each byte of the profile: a few bytes can name a location that stands for very many.
constexpr qint64 MostFramesAByte = 8;
constexpr qint64 FreeFrames = 1'000'000;

// Field numbers of profile.proto.
enum ProfileField : quint32 {
    SampleType = 1,
    SampleField = 2,
    MappingField = 3,
    LocationField = 4,
    FunctionField = 5,
    StringTable = 6,
    TimeNanos = 9,
    DurationNanos = 10,
    PeriodType = 11,
    Period = 12,
    DefaultSampleType = 14,
};

bool isVarint(const pbf_reader &reader)
{
    return reader.wire_type() == pbf_wire_type::varint;
}
bool isBytes(const pbf_reader &reader)
{
    return reader.wire_type() == pbf_wire_type::length_delimited;
}

/// Values are packed or not, as writers like.
template<typename Take>
void takeNumbers(pbf_reader &reader, const Take &take)
{
    if (isBytes(reader)) {
        for (const quint64 value : reader.get_packed_uint64())
            take(value);
    } else if (isVarint(reader)) {
        take(reader.get_uint64());
    } else {
        reader.skip();
    }
}

} // namespace

void IdIndex::put(quint64 id, qint32 index)
{
    ++m_count;
    if (id >= 4 * (m_count + 1024)) {
        m_sparse[id] = index;
        return;
    }
    if (id >= m_dense.size())
        m_dense.resize(std::max<size_t>(id + 1, m_dense.size() * 3 / 2), -1);
    m_dense[id] = index;
}

ProtoProfile::ProtoProfile(QByteArrayView bytes, SourceEvidence &evidence, const ImportContext &context)
    : m_bytes(bytes)
    , m_evidence(evidence)
    , m_context(context)
    , m_framesLeft(FreeFrames + MostFramesAByte * bytes.size())
{
}

void ProtoProfile::damaged(const QString &text, qint64 offset)
{
    addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax, {0, 0, offset}, text);
}

void ProtoProfile::capped(const QString &text)
{
    const auto isSame = [&text](const Note &note) { return note.text == text; };
    if (std::ranges::none_of(m_evidence.notes, isSame))
        addNote(m_evidence, Severity::Warning, Code::LimitReached, {}, text);
}

QByteArray ProtoProfile::string(qint64 index) const
{
    constexpr quint64 MostBytes = 64 * 1024;
    if (index < 0 || std::cmp_greater_equal(index, m_strings.size()))
        return {};
    const char *at = m_bytes.data() + m_strings[static_cast<size_t>(index)];
    try {
        const quint64 length = protozero::decode_varint(&at, m_bytes.data() + m_bytes.size());
        return QByteArray(at, static_cast<qsizetype>(std::min(length, MostBytes)));
    } catch (const protozero::exception &) {
        return {};
    }
}

std::pair<qint64, qint64> ProtoProfile::valueType(protozero::data_view view) const
{
    pbf_reader reader(view);
    std::pair<qint64, qint64> type{0, 0};
    while (reader.next()) {
        if (reader.tag() == 1 && isVarint(reader))
            type.first = reader.get_int64();
        else if (reader.tag() == 2 && isVarint(reader))
            type.second = reader.get_int64();
        else
            reader.skip();
    }
    return type;
}

void ProtoProfile::function(protozero::data_view view)
{
    if (m_functions.size() >= MostFunctions)
        return capped(tr("More than %1 functions; the rest go without names").arg(MostFunctions));
    pbf_reader reader(view);
    quint64 id = 0;
    Function function;
    const auto index = [](qint64 value) {
        return value > 0 && value <= std::numeric_limits<qint32>::max() ? static_cast<quint32>(value) : 0;
    };
    while (reader.next()) {
        if (!isVarint(reader))
            reader.skip();
        else if (reader.tag() == 1)
            id = reader.get_uint64();
        else if (reader.tag() == 2)
            function.name = index(reader.get_int64());
        else if (reader.tag() == 4)
            function.file = index(reader.get_int64());
        else
            reader.skip();
    }
    m_functionIds.put(id, static_cast<qint32>(m_functions.size()));
    m_functions.push_back(function);
}

void ProtoProfile::location(protozero::data_view view)
{
    if (m_locations.size() >= MostLocations)
        return capped(tr("More than %1 locations; the rest is left out").arg(MostLocations));
    pbf_reader reader(view);
    quint64 id = 0;
    quint64 mapping = 0;
    Location location;
    location.firstFrame = static_cast<quint32>(m_lines.size());
    while (reader.next()) {
        if (reader.tag() == 4 && isBytes(reader)) {
            pbf_reader line(reader.get_view());
            LineRef entry;
            while (line.next()) {
                if (!isVarint(line))
                    line.skip();
                else if (line.tag() == 1)
                    entry.function = line.get_uint64();
                else if (line.tag() == 2)
                    entry.line = line.get_int64();
                else
                    line.skip();
            }
            if (m_lines.size() < MostLines)
                m_lines.push_back(entry);
            else
                capped(tr("More than %1 lines of locations; the rest is left out").arg(MostLines));
        } else if (!isVarint(reader)) {
            reader.skip();
        } else if (reader.tag() == 1) {
            id = reader.get_uint64();
        } else if (reader.tag() == 2) {
            mapping = reader.get_uint64();
        } else if (reader.tag() == 3) {
            location.address = reader.get_uint64();
        } else {
            reader.skip();
        }
    }
    location.frameCount = static_cast<quint32>(m_lines.size()) - location.firstFrame;
    location.hash = mixed(mixed(0, mapping), location.address);
    m_plainLocations += location.frameCount == 0 ? 1 : 0;
    m_locationIds.put(id, static_cast<qint32>(m_locations.size()));
    m_locations.push_back(location);
}

void ProtoProfile::readTable(quint32 tag, protozero::data_view view)
{
    switch (tag) {
    case SampleType:
        if (m_types.size() < ProfileBuilder::MostTypes)
            m_types.push_back(valueType(view));
        else
            capped(tr("More than %1 sample types; the rest is left out").arg(ProfileBuilder::MostTypes));
        break;
    case MappingField: ++m_mappings; break;
    case LocationField: location(view); break;
    case FunctionField: function(view); break;
    case PeriodType: m_periodType = valueType(view); break;
    default: break;
    }
}

void ProtoProfile::readTables()
{
    pbf_reader reader(m_bytes.data(), static_cast<size_t>(m_bytes.size()));
    qint64 at = 0;
    try {
        while (reader.next()) {
            at = m_bytes.size() - static_cast<qint64>(reader.length());
            const quint32 tag = reader.tag();
            if (isBytes(reader)) {
                const protozero::data_view view = reader.get_view(); // throws where it reaches past the end
                if (tag == StringTable)
                    m_strings.push_back(static_cast<quint32>(at));
                readTable(tag, view);
            } else if (!isVarint(reader)) {
                reader.skip();
            } else if (tag == TimeNanos) {
                m_timeNs = reader.get_int64();
            } else if (tag == DurationNanos) {
                m_builder.durationNs = reader.get_int64();
            } else if (tag == Period) {
                m_builder.period = reader.get_int64();
            } else if (tag == DefaultSampleType) {
                m_defaultType = reader.get_int64();
            } else {
                reader.skip();
            }
        }
    } catch (const protozero::exception &) {
        damaged(tr("The profile breaks off or is damaged; what came before was read"), at);
    }
}

/// Functions may stand after the locations that name them.
void ProtoProfile::resolveLines()
{
    m_frames.reserve(m_lines.size() + static_cast<size_t>(m_plainLocations));
    // The reader's index of a function: its own, or past them that of a location without one.
    const auto ownOf = [this](size_t location) { return static_cast<qint32>(m_functions.size() + location); };
    for (size_t i = 0; i < m_locations.size(); ++i) {
        Location &location = m_locations[i];
        const auto first = static_cast<quint32>(m_frames.size());
        for (quint32 k = 0; k < location.frameCount; ++k) {
            const LineRef &line = m_lines[location.firstFrame + k];
            const qint32 function = m_functionIds.find(line.function);
            m_frames.push_back({function >= 0 ? function : ownOf(i), line.line});
            const Function named = function >= 0 ? m_functions[static_cast<size_t>(function)] : Function{};
            location.hash =
                mixed(mixed(location.hash, (quint64{named.name} << 32) | named.file), static_cast<quint64>(line.line));
        }
        if (location.frameCount == 0)
            m_frames.push_back({ownOf(i), 0});
        location.firstFrame = first;
        location.frameCount = std::max<quint32>(1, location.frameCount);
    }
    m_lineCount = static_cast<qint64>(m_lines.size());
    m_lines = {};
}

bool ProtoProfile::sample(protozero::data_view view)
{
    m_stack.clear();
    m_values.clear();
    quint64 stack = 0;
    quint64 labels = 0;
    size_t depth = 0;
    bool isCut = false;
    pbf_reader reader(view);
    while (reader.next()) {
        if (reader.tag() == 1) {
            takeNumbers(reader, [&](quint64 id) {
                const qint32 index = m_locationIds.find(id);
                if (++depth > MostDepth || index < 0) {
                    isCut = isCut || depth > MostDepth;
                    return;
                }
                const Location &location = m_locations[static_cast<size_t>(index)];
                stack = mixed(stack, location.hash);
                m_framesLeft -= location.frameCount;
                if (m_framesLeft < 0 && !m_stack.empty()) {
                    isCut = true;
                    return;
                }
                const auto frames = std::span(m_frames).subspan(location.firstFrame, location.frameCount);
                m_stack.insert(m_stack.end(), frames.begin(), frames.end());
            });
        } else if (reader.tag() == 2) {
            takeNumbers(reader, [&](quint64 value) {
                if (m_values.size() < ProfileBuilder::MostTypes)
                    m_values.push_back(static_cast<qint64>(value));
            });
        } else if (reader.tag() == 3 && isBytes(reader)) {
            quint64 label = 0;
            const protozero::data_view bytes = reader.get_view();
            for (const char c : std::string_view(bytes.data(), bytes.size()))
                label = mixed(label, static_cast<unsigned char>(c));
            labels += label;
        } else {
            reader.skip();
        }
    }
    m_cutSamples += isCut ? 1 : 0;
    m_builder.add(m_stack, m_values, mixed(stack, labels), depth);
    return true;
}

/// False where cancelled.
bool ProtoProfile::readSamples()
{
    pbf_reader reader(m_bytes.data(), static_cast<size_t>(m_bytes.size()));
    qint64 count = 0;
    try {
        while (reader.next()) {
            if (reader.tag() != SampleField || !isBytes(reader)) {
                reader.skip();
                continue;
            }
            const protozero::data_view view = reader.get_view();
            try {
                sample(view);
            } catch (const protozero::exception &) {
                ++m_badSamples;
            }
            if ((++count & 0x3FFF) != 0)
                continue;
            if (m_context.cancel.isCancelled())
                return false;
            if (m_context.progress)
                m_context.progress(m_bytes.size() - static_cast<qint64>(reader.length()), m_bytes.size());
        }
    } catch (const protozero::exception &) {
        // The first walk told of it.
    }
    return true;
}

ImportOutcome ProtoProfile::read()
{
    readTables();
    if (m_types.empty()) {
        damaged(tr("No sample types: is it a profile?"), 0);
        return ImportOutcome::Broken;
    }
    resolveLines();
    std::vector<std::pair<QByteArray, QByteArray>> types;
    for (const auto &[type, unit] : m_types)
        types.emplace_back(string(type), string(unit));
    m_builder.setTypes(std::move(types));
    if (!readSamples())
        return ImportOutcome::Cancelled;
    if (m_badSamples > 0)
        damaged(tr("%1 samples are damaged").arg(m_badSamples), -1);
    if (m_cutSamples > 0)
        capped(tr("%1 samples are deeper than is read; their callers are left out").arg(m_cutSamples));
    if (m_timeNs > 0)
        m_builder.time = SourceTime{m_timeNs};
    m_builder.periodType = string(m_periodType.first) + '/' + string(m_periodType.second);
    m_builder.finish(m_evidence, [this](qint32 index) {
        const auto function = static_cast<size_t>(index);
        if (function < m_functions.size())
            return std::pair(string(m_functions[function].name), string(m_functions[function].file));
        const Location &location = m_locations[function - m_functions.size()];
        return std::pair(QByteArray("0x" + QByteArray::number(location.address, 16)), QByteArray());
    });
    const auto count = [this](const QByteArray &key, qint64 value) {
        addProfileFact(m_evidence, "profile", key, QByteArray::number(value));
    };
    count("locations", static_cast<qint64>(m_locations.size()));
    count("locationsWithoutLine", m_plainLocations);
    count("functions", static_cast<qint64>(m_functions.size()));
    count("lines", m_lineCount);
    count("mappings", m_mappings);
    count("strings", static_cast<qint64>(m_strings.size()));
    if (m_defaultType > 0)
        addProfileFact(m_evidence, "profile", "defaultType", string(m_defaultType));
    m_evidence.basis = m_timeNs > 0 ? TimeBasis::Utc : TimeBasis::None;
    if (m_timeNs > 0) {
        const qint64 length = std::clamp<qint64>(m_builder.durationNs, 0, 365 * NsPerDay);
        m_evidence.zone = "UTC";
        m_evidence.resolutionNs = 1;
        m_evidence.first = SourceTime{m_timeNs};
        m_evidence.last =
            SourceTime{m_timeNs > std::numeric_limits<qint64>::max() - length ? m_timeNs : m_timeNs + length};
        m_evidence.coverage.push_back({{}, m_evidence.first, m_evidence.last, CoverageHow::Stated});
    }
    return ImportOutcome::Read;
}

} // namespace faultline
