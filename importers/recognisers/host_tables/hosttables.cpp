// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/host_tables/hosttables.h"

#include "importers/state/hostfacts.h"

namespace faultline {

namespace {

/// Tables that are read in one source; a log that prints more tells nothing new by them.
constexpr int MostTables = 200;

class HostTablesSession : public RecogniserSession
{
public:
    void trigger(int, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        const HostTable table = hostTableOf(line.payload);
        const bool wanted = table == HostTable::Free || table == HostTable::Df || table == HostTable::DfInodes;
        if (!wanted || line.number <= m_lastLine || ++m_tables > MostTables)
            return;
        const size_t before = sink.evidence.facts.size();
        const std::optional<SourceTime> time = line.time;
        m_lastLine = line.number + readHostTable(table, line, lines, sink.evidence);
        for (size_t i = before; time && i < sink.evidence.facts.size(); ++i)
            sink.evidence.facts[i].time = SourceInterval{*time, *time};
    }
    void finish(LineReader &, TextSink &) override {}

private:
    qint64 m_lastLine = 0;
    int m_tables = 0;
};

} // namespace

bool HostTables::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::Log;
}

std::vector<QByteArray> HostTables::triggers() const
{
    return {R"(total +used +free +shared)", R"(Filesystem +.*Mounted on)"};
}

std::unique_ptr<RecogniserSession> HostTables::open() const
{
    return std::make_unique<HostTablesSession>();
}

} // namespace faultline
