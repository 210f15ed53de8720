// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Adds a fact that the line states.
void addFact(TextSink &sink, const TextLine &line, QByteArray subject, QByteArray key, QByteArray value);

/// Bytes of a view, at most `most`.
inline QByteArray toBytes(std::string_view text, size_t most = 512)
{
    return QByteArray(text.data(), static_cast<qsizetype>(std::min(text.size(), most)));
}

/// The digits (with a minus) that `text` starts with.
QByteArray leadingNumber(std::string_view text);

} // namespace faultline
