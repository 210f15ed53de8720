// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/jsonfields.h"

#include <optional>
#include <string_view>
#include <vector>

namespace faultline {

/// The top-level fields of a JSON object that stands in one line, as views into it. For logs with one object a line, where most lines are read for
/// one or two fields; allocates nothing but the list.
class JsonLine
{
public:
    /// False where the line is no object, or breaks off before its end.
    bool parse(std::string_view line);

    /// The value's text as it stands: strings without their quotes, still escaped. Nullopt where there is no such field.
    std::optional<std::string_view> raw(std::string_view key) const;
    /// A string, unescaped; empty where there is none.
    QByteArray text(std::string_view key) const;

private:
    std::vector<JsonField> m_fields;
};

} // namespace faultline
