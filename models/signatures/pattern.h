// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace faultline {

/// A signature's pattern as the scanner wants it: see scanForm().
struct ScanForm {
    QByteArray
        expression; ///< Without anchors, names and lazy marks; takes the same in Hyperscan, RE2 and PCRE2; cannot match LF.
    bool caseless = false;
    int literalLength = 0; ///< Longest run of literal bytes that every match holds; short ones make scanning slow.
};

/// Rewrites a pattern for a scanner that sees blocks of whole lines with their carrier's prefix. Every line that the pattern
/// matches is matched by the form; the form may match more (captures confirm). The rewriting:
/// - `^` and `$` go: a carrier's prefix stands before, a carrier's closing quote may stand behind;
/// - negated classes, `\s`, `\D`, `\W` lose LF, so no match leaves its line;
/// - of parts with any number of any bytes between them only the one with the longest word stays, if that is rare enough;
/// - of a sequence with a long word, or a choice of long words, only that stays: what stands around it costs more than it spares;
/// - what is optional or unbounded at either end goes (`.*` at the end would hit at every byte of the line's rest), and so does `\b`, for
///   which an automaton does without its fast search for words;
/// - wide counted repeats become unbounded, which automata hold in one state.
/// Refused, with the column in Position::column: what one of the engines cannot do (back references, look-around, atomic and
/// possessive forms, Unicode properties), what names LF (`\n`, `\R`, `(?s)`), bytes above 127 in classes or with a quantifier.
Result<ScanForm> scanForm(QByteArrayView pattern);

/// Shortest literal that a signature's pattern must hold.
inline constexpr int FewestLiteralBytes = 3;

} // namespace faultline
