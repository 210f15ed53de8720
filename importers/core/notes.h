// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

inline void addNote(SourceEvidence &evidence, Severity severity, Code code, Position position, const QString &text)
{
    addNote(evidence.notes, Note{severity, code, position, text, 1});
}

} // namespace faultline
