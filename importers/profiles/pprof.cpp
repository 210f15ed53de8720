// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/pprof.h"

#include "importers/core/notes.h"
#include "importers/profiles/inflate.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include <protozero/pbf_reader.hpp>

namespace faultline {

namespace {

using protozero::pbf_reader;

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::Pprof", text);
}

QByteArray bytesOf(protozero::data_view view)
{
    return QByteArray(view.data(), static_cast<qsizetype>(view.size()));
}

// Field numbers of profile.proto.
enum ProfileField {
    SampleType = 1,
    SampleField = 2,
    LocationField = 4,
    FunctionField = 5,
    StringTable = 6,
    TimeNanos = 9,
    DurationNanos = 10
};

struct Function {
    qint64 name = 0;
    qint64 file = 0;
};

struct Line {
    quint64 function = 0;
    qint64 line = 0;
};

struct Weight {
    double flat = 0;
    double cum = 0;
    qint64 count = 0;
    qint64 line = 0;
};

/// Reads a profile message; the first mistake of the wire format ends it, what came before is kept.
class PprofReader
{
public:
    PprofReader(SourceEvidence &evidence, const ImportContext &context)
        : m_evidence(evidence)
        , m_context(context)
    {
    }

    ImportOutcome read(QByteArrayView bytes);

private:
    void topLevel(QByteArrayView bytes);
    void location(protozero::data_view view);
    void function(protozero::data_view view);
    void sampleType(protozero::data_view view);
    bool sample(protozero::data_view view);
    QByteArray string(qint64 index) const
    {
        return index >= 0 && index < static_cast<qint64>(m_strings.size())
                   ? bytesOf(m_strings[static_cast<size_t>(index)])
                   : QByteArray();
    }
    /// The function of a line; locations without one go by their address.
    quint64 keyOf(quint64 location, size_t depth) const;
    void weigh(const std::vector<quint64> &locations, const std::vector<qint64> &values);
    void write();
    void damaged(const QString &text, qint64 offset)
    {
        addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax, {0, 0, offset},
                text);
    }

    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    std::vector<protozero::data_view> m_strings;
    std::vector<protozero::data_view> m_samples;
    std::vector<std::pair<qint64, qint64>> m_types; ///< Type and unit as indexes of strings.
    std::unordered_map<quint64, Function> m_functions;
    std::unordered_map<quint64, std::vector<Line>> m_locations;
    std::unordered_map<quint64, quint64> m_addresses;
    std::vector<std::unordered_map<quint64, Weight>> m_weights; ///< By type, then function.
    qint64 m_timeNs = 0;
    qint64 m_durationNs = 0;
    qint64 m_fields = 0;
    qint64 m_badSamples = 0;
};

/// Keys of locations that have no function.
constexpr quint64 AddressBit = quint64(1) << 63;

void PprofReader::topLevel(QByteArrayView bytes)
{
    pbf_reader reader(bytes.data(), static_cast<size_t>(bytes.size()));
    const auto offset = [&] { return bytes.size() - static_cast<qint64>(reader.length()); };
    qint64 at = 0;
    try {
        while (reader.next()) {
            at = offset();
            ++m_fields;
            const bool isMessage = reader.wire_type() == protozero::pbf_wire_type::length_delimited;
            const bool isNumber = reader.wire_type() == protozero::pbf_wire_type::varint;
            switch (reader.tag()) {
            case SampleType: isMessage ? sampleType(reader.get_view()) : reader.skip(); break;
            case SampleField: isMessage ? m_samples.push_back(reader.get_view()) : reader.skip(); break;
            case LocationField: isMessage ? location(reader.get_view()) : reader.skip(); break;
            case FunctionField: isMessage ? function(reader.get_view()) : reader.skip(); break;
            case StringTable: isMessage ? m_strings.push_back(reader.get_view()) : reader.skip(); break;
            case TimeNanos: isNumber ? static_cast<void>(m_timeNs = reader.get_int64()) : reader.skip(); break;
            case DurationNanos: isNumber ? static_cast<void>(m_durationNs = reader.get_int64()) : reader.skip(); break;
            default: reader.skip(); break;
            }
        }
    } catch (const protozero::exception &) {
        damaged(tr("The profile breaks off or is damaged; what came before was read"), at);
    }
}

void PprofReader::sampleType(protozero::data_view view)
{
    pbf_reader reader(view);
    std::pair<qint64, qint64> type{0, 0};
    while (reader.next()) {
        if (reader.tag() == 1 && reader.wire_type() == protozero::pbf_wire_type::varint)
            type.first = reader.get_int64();
        else if (reader.tag() == 2 && reader.wire_type() == protozero::pbf_wire_type::varint)
            type.second = reader.get_int64();
        else
            reader.skip();
    }
    constexpr size_t MostTypes = 64;
    if (m_types.size() < MostTypes)
        m_types.push_back(type);
}

void PprofReader::function(protozero::data_view view)
{
    pbf_reader reader(view);
    quint64 id = 0;
    Function function;
    while (reader.next()) {
        if (reader.wire_type() != protozero::pbf_wire_type::varint)
            reader.skip();
        else if (reader.tag() == 1)
            id = reader.get_uint64();
        else if (reader.tag() == 2)
            function.name = reader.get_int64();
        else if (reader.tag() == 4)
            function.file = reader.get_int64();
        else
            reader.skip();
    }
    m_functions[id] = function;
}

void PprofReader::location(protozero::data_view view)
{
    pbf_reader reader(view);
    quint64 id = 0;
    quint64 address = 0;
    std::vector<Line> lines;
    while (reader.next()) {
        const bool isNumber = reader.wire_type() == protozero::pbf_wire_type::varint;
        if (reader.tag() == 1 && isNumber) {
            id = reader.get_uint64();
        } else if (reader.tag() == 3 && isNumber) {
            address = reader.get_uint64();
        } else if (reader.tag() == 4 && reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
            pbf_reader line(reader.get_view());
            Line entry;
            while (line.next()) {
                if (line.wire_type() != protozero::pbf_wire_type::varint)
                    line.skip();
                else if (line.tag() == 1)
                    entry.function = line.get_uint64();
                else if (line.tag() == 2)
                    entry.line = line.get_int64();
                else
                    line.skip();
            }
            lines.push_back(entry);
        } else {
            reader.skip();
        }
    }
    m_addresses[id] = address;
    m_locations[id] = std::move(lines);
}

/// Values are packed or not, as writers like.
template<typename T, typename Get>
void takeNumbers(pbf_reader &reader, std::vector<T> &into, Get get, size_t most)
{
    if (reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
        for (const auto value : reader.get_packed_uint64()) {
            if (into.size() < most)
                into.push_back(static_cast<T>(value));
        }
    } else if (into.size() < most && reader.wire_type() == protozero::pbf_wire_type::varint) {
        into.push_back(get(reader));
    } else {
        reader.skip();
    }
}

bool PprofReader::sample(protozero::data_view view)
{
    constexpr size_t MostDepth = 4'096;
    std::vector<quint64> locations;
    std::vector<qint64> values;
    try {
        pbf_reader reader(view);
        while (reader.next()) {
            if (reader.tag() == 1)
                takeNumbers(reader, locations, [](pbf_reader &r) { return r.get_uint64(); }, MostDepth);
            else if (reader.tag() == 2)
                takeNumbers(reader, values, [](pbf_reader &r) { return r.get_int64(); }, m_types.size());
            else
                reader.skip();
        }
    } catch (const protozero::exception &) {
        return false;
    }
    weigh(locations, values);
    return true;
}

void PprofReader::weigh(const std::vector<quint64> &locations, const std::vector<qint64> &values)
{
    std::vector<std::pair<quint64, qint64>> keys; // function and line, leaf first; each function once
    for (const quint64 location : locations) {
        const auto lines = m_locations.find(location);
        if (lines == m_locations.end() || lines->second.empty()) {
            const auto address = m_addresses.find(location);
            keys.emplace_back(AddressBit | (address == m_addresses.end() ? location : address->second), 0);
            continue;
        }
        // Inlined callees come first.
        for (const Line &line : lines->second)
            keys.emplace_back(line.function, line.line);
    }
    for (size_t type = 0; type < std::min(values.size(), m_weights.size()); ++type) {
        const auto value = static_cast<double>(values[type]);
        std::vector<quint64> seen;
        for (size_t i = 0; i < keys.size(); ++i) {
            if (std::ranges::find(seen, keys[i].first) != seen.end())
                continue;
            seen.push_back(keys[i].first);
            Weight &weight = m_weights[type][keys[i].first];
            weight.cum += value;
            ++weight.count;
            if (i == 0)
                weight.flat += value;
            if (weight.line == 0)
                weight.line = keys[i].second;
        }
    }
}

void PprofReader::write()
{
    for (size_t type = 0; type < m_types.size(); ++type) {
        Profile profile;
        profile.type = string(m_types[type].first);
        profile.unit = string(m_types[type].second);
        profile.durationNs = m_durationNs;
        if (m_timeNs > 0)
            profile.time = SourceTime{m_timeNs};
        for (const auto &[key, weight] : m_weights[type]) {
            ProfileFrame frame;
            const auto function = m_functions.find(key);
            if (function != m_functions.end()) {
                frame.function = string(function->second.name);
                frame.file = string(function->second.file);
            } else {
                frame.function = "0x" + QByteArray::number(key & ~AddressBit, 16);
            }
            frame.line = weight.line;
            frame.flat = weight.flat;
            frame.cum = weight.cum;
            frame.count = weight.count;
            profile.frames.push_back(std::move(frame));
        }
        std::ranges::sort(profile.frames, [](const ProfileFrame &a, const ProfileFrame &b) {
            return a.cum != b.cum ? a.cum > b.cum : a.flat != b.flat ? a.flat > b.flat : a.function < b.function;
        });
        if (profile.frames.size() > Pprof::MostFrames)
            profile.frames.resize(Pprof::MostFrames);
        m_evidence.profiles.push_back(std::move(profile));
    }
}

ImportOutcome PprofReader::read(QByteArrayView bytes)
{
    try {
        topLevel(bytes);
    } catch (const protozero::exception &) {
        damaged(tr("The profile is damaged"), 0);
    }
    m_weights.resize(m_types.size());
    for (size_t i = 0; i < m_samples.size(); ++i) {
        if ((i & 0x3FF) == 0 && m_context.cancel.isCancelled())
            return ImportOutcome::Cancelled;
        m_badSamples += sample(m_samples[i]) ? 0 : 1;
    }
    if (m_badSamples > 0)
        damaged(tr("%1 samples are damaged").arg(m_badSamples), -1);
    if (m_types.empty()) {
        damaged(tr("No sample types: is it a profile?"), 0);
        return ImportOutcome::Broken;
    }
    write();
    m_evidence.basis = m_timeNs > 0 ? TimeBasis::Utc : TimeBasis::None;
    if (m_timeNs > 0) {
        const qint64 length = std::clamp<qint64>(m_durationNs, 0, 365 * NsPerDay);
        m_evidence.zone = "UTC";
        m_evidence.resolutionNs = 1;
        m_evidence.first = SourceTime{m_timeNs};
        m_evidence.last =
            SourceTime{m_timeNs > std::numeric_limits<qint64>::max() - length ? m_timeNs : m_timeNs + length};
        m_evidence.coverage.push_back({{}, m_evidence.first, m_evidence.last, CoverageHow::Stated});
    }
    return ImportOutcome::Read;
}

/// Whether the fields at the start are those of a profile message.
bool looksLikeProfile(QByteArrayView bytes)
{
    pbf_reader reader(bytes.data(), static_cast<size_t>(bytes.size()));
    int good = 0;
    try {
        while (good < 8 && reader.next()) {
            const bool message = reader.wire_type() == protozero::pbf_wire_type::length_delimited;
            const bool number = reader.wire_type() == protozero::pbf_wire_type::varint;
            const auto tag = reader.tag();
            const bool known = (tag >= 1 && tag <= 6 && message)
                               || ((tag == 7 || tag == 8 || tag == 9 || tag == 10 || tag == 12 || tag == 14) && number)
                               || (tag == 11 && message) || (tag == 13 && (message || number)) || (tag == 15 && number);
            if (!known)
                return false;
            // A sample type is two small numbers.
            if (tag == 1 && good == 0) {
                pbf_reader type(reader.get_view());
                while (type.next()) {
                    if (type.wire_type() != protozero::pbf_wire_type::varint || type.tag() > 2)
                        return false;
                    type.skip();
                }
            } else {
                reader.skip();
            }
            ++good;
        }
    } catch (const protozero::exception &) {
        // The head cuts the last field.
    }
    return good >= 3;
}

/// The binary CPU profile of gperftools, old Go and Java: words 0, 3, 0 or 1, period, 0, of 32 or 64 bits.
template<typename Word>
bool startsWithCpuHeader(QByteArrayView bytes)
{
    Word words[5] = {};
    if (bytes.size() < static_cast<qsizetype>(sizeof words))
        return false;
    std::memcpy(words, bytes.data(), sizeof words);
    return words[0] == 0 && words[1] == 3 && words[2] <= 1 && words[3] > 0 && words[3] < 10'000'000 && words[4] == 0;
}

bool looksLikeLegacyCpu(QByteArrayView bytes)
{
    return startsWithCpuHeader<quint64>(bytes) || startsWithCpuHeader<quint32>(bytes);
}

bool looksLikeLegacyText(QByteArrayView bytes)
{
    return bytes.startsWith("heap profile: ") || bytes.startsWith("--- contention") || bytes.startsWith("--- mutex")
           || bytes.startsWith("--- threadz ") || bytes.startsWith("--- contentionz ") || bytes.startsWith("--- heapz ")
           || bytes.startsWith("threadcreate profile: ") || bytes.startsWith("--- Thread ")
           || bytes.startsWith("--- growthz ");
}

} // namespace

ImporterInfo Pprof::info() const
{
    return {"pprof", tr("Profile (pprof)"), SourceKind::Profile, TimeBasis::Utc};
}

SniffResult Pprof::sniff(const SourceHead &head) const
{
    constexpr qsizetype MostHead = 256 * 1024;
    QByteArray bytes = head.bytes;
    const bool gzip = isGzip(bytes);
    if (gzip)
        bytes = inflateGzip(bytes, MostHead).bytes;
    if (looksLikeLegacyText(bytes) || looksLikeLegacyCpu(bytes))
        return {85, tr("it begins as profiles of pprof's older forms do")};
    if (bytes.startsWith("{") || bytes.startsWith("<") || bytes.startsWith("# ") || !looksLikeProfile(bytes))
        return {};
    return {gzip ? 92 : 80, tr("it is a protobuf message with the fields of a pprof profile")};
}

ImportOutcome Pprof::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                          const ImportContext &context) const
{
    evidence.kind = SourceKind::Profile;
    auto content = bytes->bytes(0, std::min(bytes->size(), MostBytes));
    if (!content) {
        addNote(evidence, Severity::Error, content.error().code, {}, content.error().message);
        return ImportOutcome::Broken;
    }
    if (isGzip(*content)) {
        Inflated inflated = inflateGzip(*content, MostBytes);
        if (inflated.capped)
            addNote(evidence, Severity::Warning, Code::LimitReached, {},
                    tr("Only the first %1 MB were read").arg(MostBytes / 1024 / 1024));
        else if (!inflated.whole)
            addNote(evidence, context.forced ? Severity::Error : Severity::Warning, Code::Truncated,
                    {0, 0, inflated.bytes.size()}, tr("The compressed data breaks off or is damaged"));
        *content = std::move(inflated.bytes);
    }
    if (looksLikeLegacyText(*content) || looksLikeLegacyCpu(*content)) {
        evidence.basis = TimeBasis::None;
        addNote(evidence, Severity::Info, Code::Unsupported, {},
                tr("Profiles of this older form are not read; `go tool pprof -proto` turns them into one that is"));
        return ImportOutcome::Read;
    }
    return PprofReader(evidence, context).read(*content);
}

} // namespace faultline
