// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/core/wallclock.h"
#include "importers/metrics/columnnames.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "importers/metrics/systemtables.h"
#include "importers/state/wholetext.h"
#include "models/core/translate.h"
#include "models/core/views.h"

namespace faultline {

namespace {

/// Numbers of a locale with decimal commas too.
std::optional<double> numberOf(std::string_view text)
{
    if (const auto number = parseFloat(text))
        return number;
    const size_t comma = text.find(',');
    if (comma == std::string_view::npos || text.size() > 32)
        return std::nullopt;
    std::string point(text);
    point[comma] = '.';
    return parseFloat(point);
}

/// "Linux 6.1.0-18-amd64 (ci-host-1) \t11/23/2026 \t_x86_64_\t(8 CPU)": sysstat, common.c, print_gal_header()
struct Banner {
    QByteArray host;
    qint64 day = 0;
};
std::optional<Banner> bannerOf(std::string_view line)
{
    if (!line.starts_with("Linux ") || line.size() > 256)
        return std::nullopt;
    const size_t open = line.find('(');
    const size_t close = line.find(')', open);
    if (open == std::string_view::npos || close == std::string_view::npos)
        return std::nullopt;
    Cursor cursor(line.substr(close + 1));
    cursor.blanks();
    const auto day = takeDate(cursor);
    if (!day)
        return std::nullopt;
    return Banner{bytesOf(line.substr(open + 1, close - open - 1)), *day};
}

class SysstatReader
{
public:
    SysstatReader(const WholeText &text, SourceEvidence &evidence)
        : m_text(text)
        , m_evidence(evidence)
        , m_builder(evidence)
    {
    }
    bool read(const CancelToken &cancel);

private:
    void line(std::string_view text, qint64 number);
    bool timedLine(std::string_view text, qint64 number);
    void rowOf(const std::vector<std::string_view> &words, qint64 number);
    void restart(std::string_view text, qint64 number);
    SourceTime place(DurationNs clock);

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    SeriesBuilder m_builder;
    std::vector<QByteArray> m_header;
    std::optional<Banner> m_banner;
    std::optional<SourceTime> m_now;
    std::optional<int> m_zone;
    DurationNs m_lastClock = -1;
    qint64 m_untimed = 0;
    bool m_ownTimes = false; ///< Rows begin with their time (all but iostat's).
};

/// A time of the day after the banner's date; where the clock goes back by half a day, the next day has begun.
SourceTime SysstatReader::place(DurationNs clock)
{
    if (m_lastClock >= 0 && clock + 12 * NsPerHour < m_lastClock && m_banner)
        ++m_banner->day;
    m_lastClock = clock;
    return {(m_banner ? m_banner->day : 0) * NsPerDay + clock};
}

void SysstatReader::restart(std::string_view text, qint64 number)
{
    Event event;
    event.line = event.lastLine = number;
    event.signature = "host.restarted";
    event.role = Role::Cause;
    event.severity = Severity::Warning;
    event.text = bytesOf(text).left(Event::MostEventText);
    if (m_now)
        event.time = SourceInterval{*m_now, *m_now + NsPerSecond};
    event.identity.host = m_banner ? m_banner->host : QByteArray();
    m_evidence.events.push_back(std::move(event));
    m_header.clear();
}

void SysstatReader::rowOf(const std::vector<std::string_view> &words, qint64 number)
{
    if (m_header.empty() || words.size() < m_header.size())
        return;
    if (!m_now) {
        ++m_untimed;
        return;
    }
    std::vector<Label> labels;
    bool ofProcess = false;
    for (size_t i = 0; i < m_header.size(); ++i) {
        const QByteArray &column = m_header[i];
        if (isLabelColumn({column.constData(), static_cast<size_t>(column.size())})) {
            ofProcess = ofProcess || column == "PID" || column == "TGID";
            if (words[i] != "-")
                labels.emplace_back(column == "Device:" ? QByteArray("device") : column.toLower(), bytesOf(words[i]));
        }
    }
    // Of a process the CPU it last ran on is no label: it changes.
    if (ofProcess)
        std::erase_if(labels, [](const Label &label) { return label.first == "cpu" || label.first == "uid"; });
    for (size_t i = 0; i < m_header.size(); ++i) {
        const std::string_view column{m_header[i].constData(), static_cast<size_t>(m_header[i].size())};
        if (isLabelColumn(column))
            continue;
        const auto value = numberOf(words[i]);
        if (!value)
            continue;
        const ColumnSeries series = seriesOfColumn(column, ofProcess);
        const int index = m_builder.series(series.name, labels, number);
        if (index < 0)
            return;
        m_builder.at(index).kind = SeriesKind::Gauge;
        m_builder.at(index).unit = series.unit;
        m_builder.add(index, *m_now, *value * series.factor);
    }
}

/// A row that begins with its time, or iostat's line that is a time alone.
bool SysstatReader::timedLine(std::string_view text, qint64 number)
{
    Cursor cursor(text);
    cursor.take("Time: "); // iostat before 9
    if (const auto iso = takeIsoTime(cursor)) {
        cursor.blanks();
        if (!cursor.atEnd())
            return false;
        m_now = iso->sourceTime();
        m_zone = iso->zoneSeconds;
        return true;
    }
    const auto day = takeDate(cursor);
    cursor.blanks();
    auto clock = takeClock(cursor);
    if (!clock && !day) {
        // pidstat -H: seconds since 1970 in front
        Cursor epoch(text);
        const auto seconds = epoch.number(10);
        if (seconds && epoch.position() == 10 && *seconds > 1'000'000'000 && *seconds < 9'000'000'000
            && !m_header.empty()) {
            m_now = SourceTime{*seconds * NsPerSecond};
            m_zone = 0;
            rowOf(wordsOf(epoch.rest()), number);
            return true;
        }
        return false;
    }
    if (!clock)
        return false;
    if (day && m_banner) {
        m_banner->day = *day;
        m_lastClock = -1;
    }
    m_now = place(*clock);
    const std::vector<std::string_view> words = wordsOf(cursor.rest());
    if (words.empty())
        return true;
    if (cursor.rest().contains("LINUX RESTART")) {
        restart(text, number);
        return true;
    }
    m_ownTimes = true;
    if (std::ranges::none_of(words, [](std::string_view word) { return numberOf(word).has_value(); })) {
        m_header.clear();
        for (const std::string_view word : words)
            m_header.push_back(bytesOf(word));
        return true;
    }
    rowOf(words, number);
    return true;
}

void SysstatReader::line(std::string_view text, qint64 number)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    if (text.empty())
        return;
    if (const auto banner = bannerOf(text)) {
        m_banner = banner;
        m_lastClock = -1;
        m_now.reset();
        m_header.clear();
        if (m_evidence.identity.host.isEmpty())
            m_evidence.identity.host = banner->host;
        return;
    }
    if (text.starts_with("Average:") || text.size() > 4096)
        return;
    if (text.starts_with('#')) { // pidstat -h
        std::vector<std::string_view> words = wordsOf(text.substr(1));
        m_header.clear();
        for (const std::string_view word : words)
            if (word != "Time")
                m_header.push_back(bytesOf(word));
        return;
    }
    if (timedLine(text, number))
        return;
    const std::vector<std::string_view> words = wordsOf(text);
    // iostat's two tables.
    if (words.front() == "avg-cpu:" || words.front().starts_with("Device")) {
        m_header.clear();
        for (const std::string_view word : words)
            if (word != "avg-cpu:")
                m_header.push_back(bytesOf(word));
        return;
    }
    if (!m_ownTimes)
        rowOf(words, number);
}

bool SysstatReader::read(const CancelToken &cancel)
{
    for (qint64 number = 1; number <= m_text.lineCount(); ++number) {
        if (number % 4096 == 0 && cancel.isCancelled())
            return false;
        line(m_text.line(number), number);
    }
    if (m_untimed > 0)
        addNote(m_evidence, Severity::Warning, Code::BadTimestamp, {},
                tr("%1 rows have no time and were left out; iostat writes it with -t").arg(m_untimed));
    m_evidence.resolutionNs = NsPerSecond;
    if (m_zone) {
        m_evidence.basis = *m_zone == 0 ? TimeBasis::Utc : TimeBasis::Zoned;
        m_evidence.zone = zoneText(*m_zone);
    } else {
        m_evidence.basis = TimeBasis::Local;
    }
    m_builder.finish();
    return true;
}

} // namespace

ImporterInfo Sysstat::info() const
{
    return {"sysstat", tr("Report of sar, mpstat, pidstat or iostat"), SourceKind::Metrics, TimeBasis::Local};
}

SniffResult Sysstat::sniff(const SourceHead &head) const
{
    for (const std::string_view line : headLines(head, 4))
        if (bannerOf(line) && line.ends_with(" CPU)"))
            return {94, tr("it begins as the reports of sysstat do")};
        else if (bannerOf(line))
            return {80, tr("it begins as the reports of old sysstat do")};
    return {};
}

ImportOutcome Sysstat::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                            const ImportContext &context) const
{
    evidence.kind = SourceKind::Metrics;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (!SysstatReader(*text, evidence).read(context.cancel))
        return ImportOutcome::Cancelled;
    if (evidence.series.empty() && context.forced)
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0}, tr("No row of a report with a time"));
    return ImportOutcome::Read;
}

} // namespace faultline
