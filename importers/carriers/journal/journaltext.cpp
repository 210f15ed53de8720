// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/dmesg/boottable.h"
#include "importers/carriers/dmesg/kernelline.h"
#include "importers/carriers/journal/journal.h"
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "models/core/translate.h"

#include <array>

namespace faultline {

namespace {

/// The -o mode of a line.
enum class Mode { None, Short, Iso, Full, Unix, Monotonic };

struct JournalLine {
    Mode mode = Mode::None;
    WallTime wall;
    bool knowsZone = false;
    DurationNs sinceBoot = 0;
    int decimals = 0;
    SyslogSender sender;
    std::string_view payload;
};

/// "Mon 2026-11-23 18:55:18 UTC ".
bool takeFull(Cursor &cursor, JournalLine &line)
{
    const size_t start = cursor.position();
    const std::string_view weekday = cursor.word();
    if (!weekday.empty() && weekday.size() <= 12 && cursor.take(' '))
        if (const auto time = takeIsoTime(cursor); time && cursor.take(' ')) {
            line.wall = *time;
            line.wall.zoneSeconds = zoneOfAbbreviation(cursor.word());
            line.knowsZone = line.wall.zoneSeconds.has_value();
            if (cursor.take(' ')) {
                line.mode = Mode::Full;
                return true;
            }
        }
    cursor.reset(start);
    return false;
}

bool takeUnix(Cursor &cursor, JournalLine &line)
{
    const size_t start = cursor.position();
    const auto seconds = cursor.number(10);
    int decimals = 0;
    if (seconds && *seconds > 300'000'000 && cursor.take('.'))
        if (const auto nanos = cursor.nanos(&decimals); nanos && cursor.take(' ')) {
            line.mode = Mode::Unix;
            line.wall.ns = *seconds * NsPerSecond + *nanos;
            line.wall.zoneSeconds = 0;
            line.decimals = decimals;
            return true;
        }
    cursor.reset(start);
    return false;
}

bool takeStamp(Cursor &cursor, JournalLine &line, const YearGuess &year)
{
    if (cursor.peek() == '[') {
        if (!takeBootStamp(cursor, line.sinceBoot) || !cursor.take(' '))
            return false;
        line.mode = Mode::Monotonic;
        line.decimals = 6;
        return true;
    }
    if (Cursor::isDigit(cursor.peek())) {
        if (takeUnix(cursor, line))
            return true;
        if (const auto time = takeIsoTime(cursor);
            time && time->zoneSeconds && time->separator != ',' && cursor.take(' ')) {
            line.mode = Mode::Iso;
            line.wall = *time;
            line.decimals = time->decimals;
            return true;
        }
        return false;
    }
    if (const auto time = takeSyslogTime(cursor, year); time && cursor.take(' ')) {
        line.mode = Mode::Short;
        line.wall = *time;
        line.decimals = time->decimals;
        return true;
    }
    return takeFull(cursor, line);
}

JournalLine parseJournalLine(std::string_view text, const YearGuess &year)
{
    JournalLine line;
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    line.payload = text;
    Cursor cursor(text);
    if (!takeStamp(cursor, line, year))
        return line;
    if (!takeSyslogSender(cursor, line.sender)) {
        line.mode = Mode::None;
        return line;
    }
    line.payload = cursor.rest();
    return line;
}

/// "-- Reboot --", "-- Journal begins at …", "-- Boot 313543… --", "-- No entries --".
bool isMarker(std::string_view line)
{
    return line.starts_with("-- ")
           && (line.contains("Reboot") || line.contains("ournal begins at") || line.contains("ogs begin at")
               || line.contains("Boot ") || line.contains("No entries"));
}

/// "-- Reboot --" or "-- Boot 313543… --" with the boot's 32 hexadecimal digits: what comes behind is of another boot.
bool isBootMarker(std::string_view line)
{
    constexpr std::string_view Boot = "-- Boot ";
    constexpr size_t IdLength = 32;
    if (!line.starts_with(Boot))
        return line.starts_with("-- Reboot --");
    const std::string_view rest = line.substr(Boot.size());
    return rest.find_first_not_of("0123456789abcdef") == IdLength && rest.substr(IdLength).starts_with(" --");
}

struct HeadModes {
    std::array<int, 6> count{};
    int lines = 0;
    int continued = 0; ///< Indented, as the further lines of a message and the catalogue are.
    int markers = 0;
    int kernel = 0;
    int systemd = 0; ///< Senders that are there where the journal is.
    int withPid = 0;
    int decimals = 0;
    int zoned = 0;
    int zone = 0;
    QByteArray host;
    bool oneHost = true;
    std::optional<qint64> leapDay; ///< A time of 29 February, where the year is a guess.

    int of(Mode mode) const { return count[static_cast<size_t>(mode)]; }
    Mode most() const
    {
        Mode best = Mode::None;
        for (const Mode mode : {Mode::Short, Mode::Iso, Mode::Full, Mode::Unix, Mode::Monotonic})
            if (of(mode) > (best == Mode::None ? 0 : of(best)))
                best = mode;
        return best;
    }
};

HeadModes headModes(const SourceHead &head)
{
    HeadModes modes;
    const YearGuess year(head.modified);
    for (const std::string_view text : headLines(head)) {
        if (text.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        ++modes.lines;
        const JournalLine line = parseJournalLine(text, year);
        ++modes.count[static_cast<size_t>(line.mode)];
        modes.continued += text.starts_with(' ') || text.starts_with("\xE2\x96\x91");
        modes.markers += isMarker(text);
        if (line.mode == Mode::None)
            continue;
        if (line.mode == Mode::Short && !modes.leapDay && isLeapDay(line.wall.ns))
            modes.leapDay = line.wall.ns;
        modes.kernel += line.sender.ident == "kernel";
        modes.systemd += line.sender.ident.starts_with("systemd");
        modes.withPid += line.sender.pid >= 0;
        modes.decimals = std::max(modes.decimals, line.decimals);
        if (line.wall.zoneSeconds) {
            modes.zone = modes.zoned++ == 0 ? *line.wall.zoneSeconds : modes.zone;
        }
        const QByteArrayView host(line.sender.host.data(), static_cast<qsizetype>(line.sender.host.size()));
        if (modes.host.isEmpty())
            modes.host = host.toByteArray();
        else if (modes.host != host)
            modes.oneHost = false;
    }
    return modes;
}

class JournalTextDecoder : public LineDecoder
{
public:
    JournalTextDecoder(Mode mode, YearGuess year)
        : m_mode(mode)
        , m_year(year)
    {
    }

    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        const JournalLine parsed = parseJournalLine(bareLine(line, byteOffset), m_year);
        DecodedLine decoded;
        decoded.payload = parsed.payload;
        if (parsed.mode == Mode::None || parsed.mode != m_mode)
            return decoded;
        decoded.time = m_mode == Mode::Monotonic ? SourceTime{parsed.sinceBoot + m_boots.shiftAt(byteOffset)}
                                                 : parsed.wall.sourceTime();
        return decoded;
    }
    bool hasStamps() const override { return m_mode != Mode::None; }

    BootTable &boots() const { return m_boots; }

private:
    Mode m_mode;
    YearGuess m_year;
    mutable BootTable m_boots;
};

class JournalTextSession : public CarrierSession
{
public:
    explicit JournalTextSession(const SourceHead &head)
        : m_modes(headModes(head))
        , m_mode(m_modes.most())
        , m_year(YearGuess(head.modified).around(m_modes.leapDay))
        , m_decoder(std::make_shared<JournalTextDecoder>(m_mode, m_year))
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    bool wantsEachLine() const override { return m_mode == Mode::Monotonic; }

    void eachLine(qint64, qint64 byteOffset, std::string_view raw) override
    {
        if (isBootMarker(raw)) {
            m_decoder->boots().restart(byteOffset);
            return;
        }
        const JournalLine parsed = parseJournalLine(raw, m_year);
        if (parsed.mode == Mode::Monotonic)
            m_decoder->boots().observe(parsed.sinceBoot, byteOffset, raw);
    }

    void mark(int, const TextLine &, LineReader &, TextSink &) override {}

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.kind = SourceKind::Journal;
        setClock(evidence);
        if (m_modes.oneHost && !m_modes.host.isEmpty())
            evidence.identity.host = m_modes.host;
        const bool silent = lines.lineCount() == 0 || (m_mode == Mode::None && m_modes.markers == m_modes.lines);
        if (silent) {
            evidence.basis = TimeBasis::Utc;
            if (evidence.modified)
                evidence.coverage.push_back({{}, {}, SourceTime{evidence.modified->ns}, CoverageHow::Assumed});
            return;
        }
        evidence.coverage.push_back({{}, evidence.first, {}, CoverageHow::Stated});
    }

private:
    void setClock(SourceEvidence &evidence) const
    {
        evidence.resolutionNs = m_modes.decimals >= 6 ? NsPerMicrosecond : NsPerSecond;
        if (m_mode == Mode::None) {
            evidence.basis = TimeBasis::None;
        } else if (m_mode == Mode::Monotonic) {
            evidence.basis = TimeBasis::Boot;
            evidence.clockStarts = m_decoder->boots().clockStarts();
        } else if (m_modes.zoned == 0) {
            evidence.basis = TimeBasis::Local;
            if (m_mode == Mode::Short)
                evidence.date = DateBasis::YearAssumed;
            if (m_mode == Mode::Short && !m_year.isKnown())
                addNote(evidence, Severity::Info, Code::BadTimestamp, {},
                        tr("The times have no year, and neither has the file"));
        } else {
            evidence.basis = m_modes.zone == 0 ? TimeBasis::Utc : TimeBasis::Zoned;
            evidence.zone = zoneText(m_modes.zone);
        }
    }

    HeadModes m_modes;
    Mode m_mode;
    YearGuess m_year;
    std::shared_ptr<JournalTextDecoder> m_decoder;
};

} // namespace

ImporterInfo JournalText::info() const
{
    return {"journalctl", tr("Journal (journalctl)"), SourceKind::Journal, TimeBasis::Local};
}

SniffResult JournalText::sniff(const SourceHead &head) const
{
    const QByteArray name = fileName(head);
    const bool named = name.startsWith("journal") || name.contains("journalctl");
    if (head.size == 0)
        return named ? SniffResult{60, tr("it is empty and named as a journal")} : SniffResult{};
    const HeadModes modes = headModes(head);
    const int stamped = modes.lines - modes.of(Mode::None);
    if (modes.markers > 0 && modes.markers == modes.lines)
        return {90, tr("it holds nothing but journalctl's markers")};
    if (stamped == 0 || (stamped + modes.continued + modes.markers) * 10 < modes.lines * 6)
        return {};
    const int bonus = named ? 4 : 0;
    switch (modes.most()) {
    case Mode::Full:
        return {90 + bonus,
                tr("its lines begin with weekday, date, zone and host, as journalctl -o short-full writes them")};
    case Mode::Unix:
        return {88 + bonus,
                tr("its lines begin with epoch seconds and a host, as journalctl -o short-unix writes them")};
    case Mode::Iso:
        return {(modes.kernel + modes.withPid) * 2 >= stamped ? 88 + bonus : 60,
                tr("its lines begin with an ISO time, host and sender")};
    case Mode::Monotonic:
        // A kernel line "[ 1.5] usb 1-1: text" is alike: the host must be one, and the kernel or processes must have sent some.
        if (modes.oneHost && modes.kernel + modes.withPid > 0)
            return {90 + bonus, tr("its lines begin with seconds since boot, one host and senders")};
        return {};
    case Mode::Short: {
        const bool sure = modes.markers > 0 || modes.systemd > 0 || modes.decimals == 6;
        return {(sure ? 80 : 70) + bonus, tr("its lines begin with a date, host and sender")};
    }
    case Mode::None: break;
    }
    return {};
}

std::vector<QByteArray> JournalText::marks() const
{
    return {};
}

std::unique_ptr<CarrierSession> JournalText::open(const SourceHead &head) const
{
    return std::make_unique<JournalTextSession>(head);
}

} // namespace faultline
