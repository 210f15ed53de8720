// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/jsonline.h"

#include <algorithm>

namespace faultline {

bool JsonLine::parse(std::string_view line)
{
    constexpr size_t MostFields = 256;
    m_fields.clear();
    const bool isWhole = forEachJsonField(line, [this](const JsonField &field) {
        m_fields.push_back(field);
        return m_fields.size() <= MostFields;
    });
    return isWhole && m_fields.size() <= MostFields;
}

std::optional<std::string_view> JsonLine::raw(std::string_view key) const
{
    const auto found = std::ranges::find(m_fields, key, &JsonField::name);
    return found == m_fields.end() ? std::nullopt : std::optional(found->value);
}

QByteArray JsonLine::text(std::string_view key) const
{
    const auto value = raw(key);
    return value ? unescapeJson(*value) : QByteArray();
}

} // namespace faultline
