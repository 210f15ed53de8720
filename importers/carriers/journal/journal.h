// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Text of journalctl: short, short-precise, short-iso, short-iso-precise, short-full, short-monotonic, short-unix, with-unit.
/// Files that syslog daemons write look like "short" and are read the same way.
class JournalText : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
};

/// journalctl -o json, json-seq and json-sse: an object a line.
class JournalJson : public Carrier
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
    bool scanText(std::string_view lines, QByteArray &into) const override;
};

/// Forms whose entries are blocks of lines, a field each.
class JournalBlocks : public Carrier
{
public:
    enum class Syntax {
        Export,  ///< -o export: FIELD=value, a blank line between entries; binary values with their length before.
        Verbose, ///< -o verbose: a line with the time and the cursor, then the fields, indented.
        Pretty,  ///< -o json-pretty: a JSON object over several lines.
    };
    explicit JournalBlocks(Syntax syntax)
        : m_syntax(syntax)
    {
    }
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    std::vector<QByteArray> marks() const override;
    std::unique_ptr<CarrierSession> open(const SourceHead &head) const override;
    bool scanText(std::string_view lines, QByteArray &into) const override;

private:
    Syntax m_syntax;
};

class JournalExport final : public JournalBlocks
{
public:
    JournalExport()
        : JournalBlocks(Syntax::Export)
    {
    }
};

class JournalVerbose final : public JournalBlocks
{
public:
    JournalVerbose()
        : JournalBlocks(Syntax::Verbose)
    {
    }
};

class JournalPretty final : public JournalBlocks
{
public:
    JournalPretty()
        : JournalBlocks(Syntax::Pretty)
    {
    }
};

} // namespace faultline
