// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/metrics/columnnames.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "importers/metrics/systemtables.h"
#include "importers/state/wholetext.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <array>

namespace faultline {

namespace {

/// Series of processes: a machine may start thousands a minute.
constexpr size_t MostSeries = 5'000;

/// "1.2" and "1,2"; "12.3g" and "12,3g" of memory (KiB without a suffix).
std::optional<double> scaledNumberOf(std::string_view text)
{
    std::string number(text.substr(0, 32));
    std::ranges::replace(number, ',', '.');
    double factor = 1;
    static constexpr std::string_view Suffixes = "kmgtp";
    if (!number.empty())
        if (const size_t power = Suffixes.find(number.back()); power != std::string_view::npos) {
            for (size_t i = 0; i < power; ++i)
                factor *= 1024;
            number.pop_back();
        }
    const auto value = parseFloat(number);
    return value ? std::optional(*value * factor) : std::nullopt;
}

class TopReader
{
public:
    TopReader(const WholeText &text, SourceEvidence &evidence)
        : m_text(text)
        , m_evidence(evidence)
        , m_builder(evidence)
    {
    }
    bool read(const CancelToken &cancel);

private:
    void line(std::string_view text, qint64 number);
    void head(std::string_view text, qint64 number);
    void counted(std::string_view text, std::string_view title, qint64 number);
    void process(std::string_view text, qint64 number);
    void add(const QByteArray &name, const QByteArray &unit, std::vector<Label> labels, double value, qint64 number);
    void findDay();

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    SeriesBuilder m_builder;
    std::vector<QByteArray> m_columns;
    std::optional<SourceTime> m_now;
    DurationNs m_lastClock = -1;
    qint64 m_day = 0;
};

/// The day of the first screen: the last one was printed before the file was written.
void TopReader::findDay()
{
    DurationNs last = -1;
    qint64 nights = 0;
    for (qint64 number = 1; number <= m_text.lineCount(); ++number) {
        const std::string_view text = m_text.line(number);
        if (!text.starts_with("top - "))
            continue;
        Cursor cursor(text.substr(6));
        if (const auto clock = takeClock(cursor)) {
            nights += last >= 0 && *clock + 12 * NsPerHour < last;
            last = *clock;
        }
    }
    if (!m_evidence.modified || last < 0)
        return;
    m_day = m_evidence.modified->ns / NsPerDay - nights;
    // Zones reach 14 hours east: what seems later than the file by more was the evening before.
    if (m_evidence.modified->ns % NsPerDay + 14 * NsPerHour < last)
        --m_day;
}

void TopReader::add(const QByteArray &name, const QByteArray &unit, std::vector<Label> labels, double value,
                    qint64 number)
{
    if (!m_now || (!labels.empty() && m_evidence.series.size() >= MostSeries))
        return;
    const int index = m_builder.series(name, std::move(labels), number);
    if (index < 0)
        return;
    m_builder.at(index).kind = SeriesKind::Gauge;
    m_builder.at(index).unit = unit;
    m_builder.add(index, *m_now, value);
}

/// "top - 18:55:18 up 3 days,  2:11,  2 users,  load average: 0.00, 0.01, 0.05"
void TopReader::head(std::string_view text, qint64 number)
{
    m_columns.clear();
    Cursor cursor(text.substr(6));
    const auto clock = takeClock(cursor);
    if (!clock) {
        m_now.reset();
        return;
    }
    if (m_lastClock >= 0 && *clock + 12 * NsPerHour < m_lastClock)
        ++m_day;
    m_lastClock = *clock;
    m_now = SourceTime{m_day * NsPerDay + *clock};
    const size_t load = text.find("load average: ");
    if (load == std::string_view::npos)
        return;
    const auto loads = wordsOf(text.substr(load + 14));
    static constexpr std::array Names{"load1", "load5", "load15"};
    for (size_t i = 0; i < std::min(loads.size(), Names.size()); ++i) {
        std::string_view value = loads[i];
        while (value.ends_with(','))
            value.remove_suffix(1);
        if (const auto number2 = scaledNumberOf(value))
            add(Names[i], {}, {}, *number2, number);
    }
}

/// "%Cpu(s):  1.2 us,  0.5 sy", "Tasks: 112 total,   1 running", "MiB Mem :  15935.2 total,   8000.1 free"
void TopReader::counted(std::string_view text, std::string_view title, qint64 number)
{
    const bool cpu = title.contains("pu(s)") || title.starts_with("%Cpu");
    const bool memory = title.contains("Mem") || title.contains("Swap");
    const double factor = !memory                    ? 1
                          : title.starts_with("MiB") ? 1024.0 * 1024
                          : title.starts_with("GiB") ? 1024.0 * 1024 * 1024
                                                     : 1024;
    const QByteArray prefix = cpu                        ? ""
                              : title.contains("Swap")   ? "swap_"
                              : memory                   ? "mem_"
                              : title.contains("Thread") ? "threads_"
                                                         : "tasks_";
    std::vector<std::string_view> words = wordsOf(text.substr(std::min(text.size(), title.size() + 1)));
    for (size_t i = 0; i + 1 < words.size(); ++i) {
        std::string_view what = words[i + 1];
        while (what.ends_with(',') || what.ends_with('.'))
            what.remove_suffix(1);
        const auto value = scaledNumberOf(words[i]);
        if (!value || what.empty() || Cursor::isDigit(what.front()))
            continue;
        ++i;
        if (cpu) {
            const ColumnSeries series = seriesOfColumn(what == "ni"   ? "%nice"
                                                       : what == "hi" ? "%irq"
                                                       : what == "si" ? "%softirq"
                                                                      : what,
                                                       false);
            add(series.name, series.unit, {}, *value, number);
        } else if (what == "avail") {
            add("mem_available_bytes", "bytes", {}, *value * factor, number);
        } else {
            add(prefix + bytesOf(what).replace('/', '_') + (memory ? "_bytes" : ""), memory ? "bytes" : "", {},
                *value * factor, number);
        }
    }
}

void TopReader::process(std::string_view text, qint64 number)
{
    const auto words = wordsOf(text);
    if (words.size() < m_columns.size())
        return;
    const auto cell = [&](const char *column) -> std::string_view {
        for (size_t i = 0; i < m_columns.size(); ++i)
            if (m_columns[i] == column)
                return words[i];
        return {};
    };
    std::vector<Label> labels{{"pid", bytesOf(cell("PID"))}, {"command", bytesOf(cell("COMMAND"))}};
    if (const auto cpu = scaledNumberOf(cell("%CPU")))
        add("process_cpu_percent", "percent", labels, *cpu, number);
    if (const auto resident = scaledNumberOf(cell("RES")))
        add("process_resident_memory_bytes", "bytes", labels, *resident * 1024, number);
}

void TopReader::line(std::string_view text, qint64 number)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.starts_with("top - "))
        return head(text, number);
    if (!m_now || text.empty() || text.size() > 2048)
        return;
    const size_t colon = text.find(':');
    if (m_columns.empty() && colon != std::string_view::npos && colon < 12)
        return counted(text, text.substr(0, colon), number);
    if (text.starts_with("PID ") && text.contains("COMMAND")) {
        for (const std::string_view word : wordsOf(text))
            m_columns.push_back(bytesOf(word));
        return;
    }
    if (!m_columns.empty())
        process(text, number);
}

bool TopReader::read(const CancelToken &cancel)
{
    findDay();
    for (qint64 number = 1; number <= m_text.lineCount(); ++number) {
        if (number % 4096 == 0 && cancel.isCancelled())
            return false;
        line(m_text.line(number), number);
    }
    if (m_evidence.series.size() >= MostSeries)
        addNote(m_evidence, Severity::Warning, Code::LimitReached, {},
                tr("More processes than are held; later ones were left out"));
    addNote(m_evidence, Severity::Info, Code::BadTimestamp, {},
            tr("The time stamps have no date; the day is taken from the file's time"));
    m_evidence.basis = TimeBasis::Local;
    m_evidence.date = DateBasis::DayAssumed;
    m_evidence.resolutionNs = NsPerSecond;
    m_builder.finish();
    return true;
}

} // namespace

ImporterInfo Top::info() const
{
    return {"top", tr("Screens of top -b"), SourceKind::Metrics, TimeBasis::Local};
}

SniffResult Top::sniff(const SourceHead &head) const
{
    for (const std::string_view line : headLines(head, 3))
        if (line.starts_with("top - ") && line.contains("load average: "))
            return {94, tr("it begins as a screen of top does")};
    return {};
}

ImportOutcome Top::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                        const ImportContext &context) const
{
    evidence.kind = SourceKind::Metrics;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (!TopReader(*text, evidence).read(context.cancel))
        return ImportOutcome::Cancelled;
    if (evidence.series.empty() && context.forced)
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0}, tr("No screen of top with a time"));
    return ImportOutcome::Read;
}

} // namespace faultline
