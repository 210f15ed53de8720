// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// Identical notes past this many are counted on the last of them.
inline constexpr int MostEqualNotes = 100;

/// Adds a note on what could not be read; the same code and text past the hundredth time is only counted.
inline void addNote(SourceEvidence &evidence, Severity severity, Code code, Position position, const QString &text)
{
    int equal = 0;
    Note *last = nullptr;
    for (Note &note : evidence.notes) {
        if (note.code == code && note.text == text) {
            ++equal;
            last = &note;
        }
    }
    if (equal >= MostEqualNotes)
        ++last->count;
    else
        evidence.notes.push_back({severity, code, position, text, 1});
}

} // namespace faultline
