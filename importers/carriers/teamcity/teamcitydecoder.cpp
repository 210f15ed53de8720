// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/teamcity/teamcitydecoder.h"

#include "importers/carriers/teamcity/servicemessage.h"
#include "importers/core/cursor.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/stamps.h"
#include "importers/core/wallclock.h"

#include <algorithm>

namespace faultline {

namespace {

/// The text between the quotes that begin `text`.
std::string_view quoted(std::string_view text)
{
    if (!text.starts_with('\''))
        return {};
    const size_t end = text.find('\'', 1);
    return end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
}

/// java.util.Date.toString(): "Mon Nov 23 18:55:18 UTC 2026"; the zone may also be "GMT+03:00".
void readDate(std::string_view text, TeamCityHead &head)
{
    Cursor cursor(text);
    cursor.word();
    cursor.blanks();
    const int month = monthOfName(cursor.word());
    cursor.blanks();
    const auto day = cursor.number(2);
    cursor.blanks();
    WallTime details;
    const auto time = takeTimeOfDay(cursor, details);
    cursor.blanks();
    const std::string_view zone = cursor.word();
    cursor.blanks();
    const auto year = cursor.number(4);
    if (month == 0 || !day || !time || !year)
        return;
    const auto midnight = civilNs(static_cast<int>(*year), month, static_cast<int>(*day), 0, 0, 0);
    if (!midnight)
        return;
    head.started = SourceTime{*midnight + *time};
    head.zone = toBytes(zone);
    if (zone == "UTC" || zone == "GMT" || zone == "Z") {
        head.zoneSeconds = 0;
    } else if (zone.starts_with("GMT") || zone.starts_with("UTC")) {
        Cursor offset(zone.substr(3));
        head.zoneSeconds = takeZone(offset);
    } else {
        head.zoneSeconds = zoneOfAbbreviation(zone);
    }
}

} // namespace

TeamCityHead readTeamCityHead(const SourceHead &source)
{
    constexpr size_t MostLines = 40;
    TeamCityHead head;
    qint64 number = 0;
    for (const std::string_view line : headLines(source, MostLines)) {
        ++number;
        if (line.starts_with("Build '") && number == 1) {
            head.build = toBytes(quoted(line.substr(6)));
        } else if (line.starts_with("Started '") && !head.started) {
            readDate(quoted(line.substr(8)), head);
            if (const size_t on = line.find("' on '"); on != std::string_view::npos)
                head.agent = toBytes(quoted(line.substr(on + 5)));
        } else if (line.starts_with("Finished '")) {
            constexpr std::string_view With = "with status ";
            if (const size_t at = line.find(With); at != std::string_view::npos) {
                const std::string_view status = line.substr(at + With.size());
                head.status = toBytes(status.substr(0, status.find(' ')));
                head.statusLine = number;
            }
        } else if (line.starts_with("TeamCity URL ") || line.starts_with("TeamCity server version is ")) {
            head.isHead = true;
        }
    }
    head.isHead = head.isHead || (!head.build.isEmpty() && head.started);
    return head;
}

TeamCityPrefix readTeamCityPrefix(std::string_view line)
{
    TeamCityPrefix prefix;
    Cursor cursor(line);
    const bool bracket = cursor.take('[');
    WallTime details;
    const auto time = takeTimeOfDay(cursor, details);
    if (!time || details.decimals > 0)
        return {};
    if (bracket) {
        if (!cursor.take(']'))
            return {};
        prefix.level = cursor.peek();
        if (!std::string_view(" WEFi").contains(prefix.level))
            return {};
        cursor.reset(cursor.position() + 1);
        if (!cursor.take(':'))
            return {};
        const bool nested = cursor.peek() == '\t';
        while (cursor.take('\t')) {}
        cursor.take(' ');
        // The block that the line lies in; blocks within blocks name the innermost only.
        if (nested && cursor.take('[')) {
            const std::string_view rest = cursor.rest();
            const size_t close = rest.find("] ");
            if (close != std::string_view::npos)
                cursor.reset(cursor.position() + close + 2);
            else
                cursor.reset(cursor.position() - 1);
        }
    } else {
        if (!cursor.take(' ') && !cursor.atEnd())
            return {};
        cursor.take("  "); // a step's own output stands one level deep
    }
    prefix.nsOfDay = *time;
    prefix.length = cursor.position();
    return prefix;
}

TeamCityDecoder::TeamCityDecoder(const TeamCityHead &head, std::optional<TimeNs> modified)
    : m_isDateKnown(head.started.has_value())
    , m_zoneNs(head.zoneSeconds.value_or(0) * NsPerSecond)
{
    constexpr DurationNs Slack = NsPerHour; // lines of the queue may stand before the start
    if (head.started) {
        const qint64 first = head.started->ns - Slack;
        m_day = first - ((first % NsPerDay) + NsPerDay) % NsPerDay;
        m_firstOfDay = first - m_day;
    } else if (modified) {
        // The last line is not younger than the file.
        const qint64 first = modified->ns + Slack - NsPerDay;
        m_day = first - ((first % NsPerDay) + NsPerDay) % NsPerDay;
        m_firstOfDay = first - m_day;
    }
}

SourceTime TeamCityDecoder::onItsDay(qint64 nsOfDay) const
{
    return SourceTime{m_day + nsOfDay + (nsOfDay < m_firstOfDay ? NsPerDay : 0) - m_zoneNs};
}

DecodedLine TeamCityDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    DecodedLine decoded;
    const TeamCityPrefix prefix = readTeamCityPrefix(line);
    decoded.payload = line.substr(prefix.length);
    if (prefix.nsOfDay)
        decoded.time = onItsDay(*prefix.nsOfDay);
    switch (prefix.level) {
    case 'W': decoded.level = Severity::Warning; break;
    case 'E':
    case 'F': decoded.level = Severity::Error; break;
    case 'i': decoded.level = Severity::Debug; break;
    default: break;
    }
    if (!prefix.nsOfDay && line.find("##teamcity[") != std::string_view::npos) {
        const auto message = readServiceMessage(line);
        const QByteArray stamp = message ? message->value("timestamp") : QByteArray();
        if (const auto read = readIsoStamp({stamp.constData(), static_cast<size_t>(stamp.size())}))
            decoded.time = read->time;
    }
    return decoded;
}

} // namespace faultline
