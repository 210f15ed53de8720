// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <optional>
#include <span>
#include <vector>

namespace faultline {

/// Least and greatest of any run of samples in logarithmic time; NaN and infinities are passed over. Holds places, and the values there:
/// looking those up would cost far more than comparing them.
class SamplePyramid
{
public:
    /// Samples of a block, and blocks of the next greater one: runs that begin and end with blocks are told soonest.
    static constexpr size_t Fan = 16;

    struct Extremes {
        size_t least = 0; ///< Index of the least sample.
        size_t most = 0;
        double leastValue = 0;
        double mostValue = 0;
    };

    SamplePyramid() = default;
    explicit SamplePyramid(std::span<const double> values);

    /// Of samples first <= i < last; nullopt where none is finite. `values` are those the pyramid was made of.
    std::optional<Extremes> extremes(std::span<const double> values, size_t first, size_t last) const;

private:
    static constexpr quint32 None = 0xffffffff;
    struct Block {
        double leastValue = 0;
        double mostValue = 0;
        quint32 least = None;
        quint32 most = None;

        void take(double value, quint32 at);
        void take(const Block &other);
    };

    std::vector<std::vector<Block>>
        m_levels; ///< The first holds blocks of Fan samples, each next one blocks of Fan blocks.
};

} // namespace faultline
