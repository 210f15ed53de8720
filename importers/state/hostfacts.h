// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"
#include "importers/state/wholetext.h"

namespace faultline {

/// Reads a text that tells how a machine stood when it was written: the file's time stands for that, as an assumption.
std::optional<WholeText> readHostState(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence);

/// A fact at the source's time.
void addHostFact(SourceEvidence &evidence, qint64 line, const QByteArray &subject, const QByteArray &key,
                 const QByteArray &value, const Identity &identity = {});

/// Sizes as free -h, df -h and docker print them (powers of 1024), else plain numbers of the unit; in bytes.
std::optional<qint64> parseHumanSize(std::string_view text, qint64 unit);
/// The digits that a text begins with.
QByteArray leadingDigits(std::string_view text);

/// A command whose output is known by its header line.
enum class HostTable { None, Free, Df, DfInodes, Lsof, Ss, Ps };
HostTable hostTableOf(std::string_view header);

/// Facts of the rows below a header, up to the first line that is no row; returns how many lines were rows.
/// free: memory/Mem; df: filesystem/<mount>; lsof: process/<pid> open_files; ss: sockets; ps: processes.
qint64 readHostTable(HostTable table, const TextLine &header, LineReader &lines, SourceEvidence &evidence);

} // namespace faultline
