// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"
#include "importers/profiles/profilebuilder.h"

#include <unordered_map>

#include <protozero/data_view.hpp>

namespace faultline {

/// Ids that mostly count from 1, to indexes.
class IdIndex
{
public:
    void put(quint64 id, qint32 index);
    /// -1 where there is none.
    qint32 find(quint64 id) const
    {
        if (id < m_dense.size() && m_dense[id] >= 0)
            return m_dense[id];
        if (m_sparse.empty())
            return -1;
        const auto found = m_sparse.find(id);
        return found == m_sparse.end() ? -1 : found->second;
    }

private:
    std::vector<qint32> m_dense;
    std::unordered_map<quint64, qint32> m_sparse;
    size_t m_count = 0;
};

/// Reads a message of profile.proto in two walks: tables first, then samples, so that no sample is kept. The first mistake of the
/// wire format ends a walk; what came before is kept. https://github.com/google/pprof/blob/main/proto/profile.proto
class ProtoProfile
{
public:
    ProtoProfile(QByteArrayView bytes, SourceEvidence &evidence, const ImportContext &context);

    ImportOutcome read();

private:
    struct Function {
        quint32 name = 0;
        quint32 file = 0;
    };
    struct Location {
        quint64 address = 0;
        quint64 hash = 0;
        quint32 firstFrame = 0;
        quint32 frameCount = 0;
    };
    struct LineRef {
        quint64 function = 0;
        qint64 line = 0;
    };

    void readTables();
    void readTable(quint32 tag, protozero::data_view view);
    void location(protozero::data_view view);
    void function(protozero::data_view view);
    void resolveLines();
    bool readSamples();
    bool sample(protozero::data_view view);
    std::pair<qint64, qint64> valueType(protozero::data_view view) const;
    QByteArray string(qint64 index) const;
    void damaged(const QString &text, qint64 offset);
    void capped(const QString &text);

    QByteArrayView m_bytes;
    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    ProfileBuilder m_builder;
    std::vector<quint32> m_strings; ///< Where each begins, at its length.
    std::vector<std::pair<qint64, qint64>> m_types;
    std::vector<Function> m_functions;
    std::vector<Location> m_locations;
    std::vector<LineRef> m_lines;     ///< Of all locations, until they are resolved.
    std::vector<StackFrame> m_frames; ///< Of all locations; a location without a function has one of its own.
    IdIndex m_functionIds;
    IdIndex m_locationIds;
    std::pair<qint64, qint64> m_periodType;
    qint64 m_defaultType = 0;
    qint64 m_mappings = 0;
    qint64 m_plainLocations = 0;
    qint64 m_lineCount = 0;
    qint64 m_timeNs = 0;
    qint64 m_framesLeft = 0;
    qint64 m_cutSamples = 0;
    qint64 m_badSamples = 0;
    std::vector<StackFrame> m_stack; ///< Of the sample at hand.
    std::vector<qint64> m_values;
};

} // namespace faultline
