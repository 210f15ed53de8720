// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/evidence/linedecoder.h"

namespace faultline {

/// The messages of a step's output as lines: "2026-11-23T18:55:18.123Z O text". Lines of one message share its time; E is the error
/// stream. What a message leaves without LF goes on in the next one. Nullopt where nothing can be read.
std::optional<QByteArray> circleLines(const QByteArray &json, std::vector<Note> &notes);

/// Reads what circleLines writes.
class CircleLineDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;
};

} // namespace faultline
