// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/numbers.h"
#include "importers/state/describeparser.h"

#include <array>

namespace faultline {

std::optional<WallTime> parseKubeTime(std::string_view text)
{
    auto time = parseRfc1123z(text);
    if (!time) {
        Cursor cursor(text);
        time = takeIsoTime(cursor);
        if (!time || !time->zoneSeconds || !cursor.atEnd())
            return std::nullopt;
    }
    // A container that could not be started has started in 1970; Go's zero time is the year 1.
    if (time->sourceTime().ns < NsPerDay)
        return std::nullopt;
    return time;
}

std::optional<double> parseQuantity(std::string_view text)
{
    struct Suffix {
        std::string_view name;
        double factor;
    };
    static constexpr std::array Suffixes{Suffix{"Ki", 1024.0},
                                         Suffix{"Mi", 1024.0 * 1024},
                                         Suffix{"Gi", 1024.0 * 1024 * 1024},
                                         Suffix{"Ti", 1024.0 * 1024 * 1024 * 1024},
                                         Suffix{"Pi", 1024.0 * 1024 * 1024 * 1024 * 1024},
                                         Suffix{"n", 1e-9},
                                         Suffix{"u", 1e-6},
                                         Suffix{"m", 1e-3},
                                         Suffix{"k", 1e3},
                                         Suffix{"M", 1e6},
                                         Suffix{"G", 1e9},
                                         Suffix{"T", 1e12},
                                         Suffix{"P", 1e15}};
    for (const auto &[name, factor] : Suffixes)
        if (text.ends_with(name)) {
            const auto number = parseFloat(text.substr(0, text.size() - name.size()));
            return number ? std::optional(*number * factor) : std::nullopt;
        }
    return parseFloat(text);
}

} // namespace faultline
