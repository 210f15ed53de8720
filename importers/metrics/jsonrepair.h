// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QByteArray>

#include <optional>
#include <span>

namespace faultline {

/// What was wrong with a JSON text that was made readable.
struct JsonDamage {
    Code code = Code::Truncated;
    Position position;
    QString text;
};

/// Makes a text that was cut off readable up to its last whole value (the open brackets are closed), and replaces bytes that
/// are no UTF-8 by '?'. Nothing is changed, and nullopt returned, where brackets and strings are whole.
std::optional<JsonDamage> repairJson(QByteArray &text);

/// Replaces bytes that are no UTF-8 by '?'; the place of the first one, or -1.
qsizetype replaceBadUtf8(std::span<char> text);

} // namespace faultline
