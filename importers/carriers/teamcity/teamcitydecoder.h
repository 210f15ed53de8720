// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"
#include "models/evidence/linedecoder.h"

namespace faultline {

/// What the head of a downloaded log tells: "Started 'Mon Nov 23 18:55:18 UTC 2026' on 'agent-1' by 'Git'".
struct TeamCityHead {
    std::optional<SourceTime> started; ///< As written, its zone not applied.
    std::optional<int> zoneSeconds;    ///< Where the zone's name has one meaning.
    QByteArray zone;                   ///< As written.
    QByteArray agent;
    QByteArray build;  ///< "Project :: Build"
    QByteArray status; ///< "FAILURE", "NORMAL" …
    qint64 statusLine = 0;
    bool isHead = false;
};
TeamCityHead readTeamCityHead(const SourceHead &head);

/// How a line begins: "[18:55:22]W:\t [Step 1/2] text" (until 2021), "18:55:22   text", or not at all (the output of a build script).
struct TeamCityPrefix {
    std::optional<qint64> nsOfDay;
    char level = 0; ///< ' ', 'W', 'E', 'F', 'i' in the bracketed form.
    size_t length = 0;
};
TeamCityPrefix readTeamCityPrefix(std::string_view line);

class TeamCityDecoder final : public LineDecoder
{
public:
    TeamCityDecoder(const TeamCityHead &head, std::optional<TimeNs> modified);
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override;
    bool isDateKnown() const { return m_isDateKnown; }

private:
    SourceTime onItsDay(qint64 nsOfDay) const;

    qint64 m_day = 0;        ///< Start of the first day, as written.
    qint64 m_firstOfDay = 0; ///< Earlier times of day are of the next day.
    bool m_isDateKnown = false;
    qint64 m_zoneNs = 0; ///< East of UTC.
};

} // namespace faultline
