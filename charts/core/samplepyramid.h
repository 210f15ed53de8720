// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <optional>
#include <span>
#include <vector>

namespace faultline {

/// Least and greatest of any run of samples in logarithmic time. Holds places, not values; NaN and infinities are passed over.
class SamplePyramid
{
public:
    struct Extremes {
        size_t least = 0; ///< Index of the least sample.
        size_t most = 0;
    };

    SamplePyramid() = default;
    explicit SamplePyramid(std::span<const double> values);

    /// Of samples first <= i < last; nullopt where none is finite. `values` are those the pyramid was made of.
    std::optional<Extremes> extremes(std::span<const double> values, size_t first, size_t last) const;

private:
    static constexpr size_t Fan = 16;
    static constexpr quint32 None = 0xffffffff;
    struct Block {
        quint32 least = None;
        quint32 most = None;
    };
    static void take(Block &into, std::span<const double> values, quint32 least, quint32 most);

    std::vector<std::vector<Block>>
        m_levels; ///< The first holds blocks of Fan samples, each next one blocks of Fan blocks.
};

} // namespace faultline
