// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/jenkins/jenkinsdecoder.h"

namespace faultline {

DecodedLine JenkinsDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    DecodedLine decoded = m_stamped.decode(line, byteOffset);
    size_t end = 0;
    if (branchOfPayload(decoded.payload, byteOffset, end) < 0)
        return decoded;
    decoded.payload.remove_prefix(end);
    return decoded;
}

void JenkinsDecoder::addBranch(QByteArray name, qint64 byteOffset)
{
    m_branches.push_back({'[' + name + "] ", byteOffset});
}

int JenkinsDecoder::branchOf(std::string_view line, qint64 byteOffset) const
{
    size_t end = 0;
    return branchOfPayload(m_stamped.decode(line, byteOffset).payload, byteOffset, end);
}

int JenkinsDecoder::branchOfPayload(std::string_view payload, qint64 byteOffset, size_t &end) const
{
    constexpr std::string_view NoteEnd = "\x1b[0m"; // a console note may stand before the text
    const size_t from = payload.starts_with("\x1b[8mha:") ? payload.find(NoteEnd) : std::string_view::npos;
    const size_t start = from == std::string_view::npos ? 0 : from + NoteEnd.size();
    const std::string_view text = payload.substr(start);
    if (m_branches.empty() || !text.starts_with('['))
        return -1;
    for (size_t i = 0; i < m_branches.size(); ++i) {
        const QByteArray &prefix = m_branches[i].prefix;
        if (m_branches[i].byteOffset < byteOffset
            && text.starts_with(std::string_view(prefix.constData(), static_cast<size_t>(prefix.size())))) {
            end = start + static_cast<size_t>(prefix.size());
            return static_cast<int>(i);
        }
    }
    return -1;
}

} // namespace faultline
