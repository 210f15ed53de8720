// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/carriers/plain/plain.h"

namespace faultline {

/// Lines with or without the Timestamper's stamp. Output of a parallel branch has "[branch] " in front (workflow-job before 2.26); the
/// branches' names are learnt as they begin, so that "[INFO] " is not taken for one.
class JenkinsDecoder final : public LineDecoder
{
public:
    explicit JenkinsDecoder(const StampFormat &format)
        : m_stamped(format)
    {
    }

    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;
    bool hasStamps() const override { return m_stamped.hasStamps(); }
    const StampFormat &format() const { return m_stamped.format(); }

    void addBranch(QByteArray name, qint64 byteOffset);
    /// The branch that a line belongs to: an index by the order of addBranch, or -1.
    int branchOf(std::string_view line, qint64 byteOffset) const;

private:
    struct Branch {
        QByteArray prefix; ///< "[name] "
        qint64 byteOffset; ///< Known from here on.
    };
    int branchOfPayload(std::string_view payload, qint64 byteOffset, size_t &end) const;

    StampedDecoder m_stamped;
    std::vector<Branch> m_branches;
};

} // namespace faultline
