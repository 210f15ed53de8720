// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/carriers/journal/journalentry.h"

namespace faultline {

/// An entry of a journal as JSON, with or without the framing of json-seq and json-sse.
JournalEntry journalEntryOf(std::string_view line);

/// Its message as people read it: escapes resolved, in one line.
QByteArray journalMessageOf(const JournalEntry &entry);

/// Writes what patterns are looked for in, a line for each of `lines`: the entry's message without terminal control, of a line that is no
/// entry the line itself.
void writeJournalMessages(std::string_view lines, QByteArray &into);

} // namespace faultline
