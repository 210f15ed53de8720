// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// A source in UTF-16 or UTF-32 (by its BOM, or by where its NULs stand) as UTF-8 in memory, with a note that says so and that offsets are into
/// the converted text; null where it is neither. At most MostWideBytes are converted.
std::shared_ptr<const ByteSource> narrowed(const std::shared_ptr<const ByteSource> &bytes, QByteArrayView head,
                                           std::vector<Note> &notes);
/// A source whose lines end with CR alone, as one whose lines end with LF: the same bytes at the same places otherwise, with a note. Null where it
/// holds a LF, or no CR.
std::shared_ptr<const ByteSource> withLineFeeds(const std::shared_ptr<const ByteSource> &bytes, QByteArrayView head,
                                                std::vector<Note> &notes);
inline constexpr qint64 MostWideBytes = 64 * 1024 * 1024;

} // namespace faultline
