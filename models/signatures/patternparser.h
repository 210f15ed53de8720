// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A pattern taken apart; for scanForm() only.

#include "models/core/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace faultline::pattern {

inline constexpr int Unbounded = -1;

struct Node;
using Sequence = std::vector<Node>;

struct Node {
    enum Kind { Literal, Class, Any, Group, LineAnchor, WordBoundary };
    Kind kind = Literal;
    QByteArray text;       // as rendered, for literals and classes
    bool wide = false;     // a class that takes nearly every byte
    bool caseless = false; // of a group
    std::vector<Sequence> alternatives = {};
    int least = 1;
    int most = 1;
};

struct Parsed {
    std::vector<Sequence> alternatives;
    bool caseless = false;
};

/// Reads the common subset of Hyperscan, RE2 and PCRE2; an error's Position::column counts within the pattern.
Result<Parsed> parse(QByteArrayView pattern);

} // namespace faultline::pattern
