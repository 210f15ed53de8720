// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/dmesg/dmesg.h"

#include "models/core/saturate.h"

#include "importers/carriers/dmesg/boottable.h"
#include "importers/carriers/dmesg/kernelline.h"
#include "importers/core/notes.h"
#include "importers/core/recordtable.h"
#include "models/core/translate.h"

#include <QFileInfo>

#include <array>

namespace faultline {

namespace {

/// dmesg -T and iso add whole seconds of boot time to the stamp and may drop its fraction: seen up to 1.4 s early.
constexpr DurationNs DerivedResolutionNs = 3 * NsPerSecond / 2;
/// As many as a head has: a boot loader may fill its first half.
constexpr int MostHeadLines = 4000;

/// How the first lines tell their times, and how many do.
struct HeadForms {
    std::array<int, 7> count{}; ///< By KernelStamp.
    int lines = 0;
    int kernelSyslog = 0; ///< Syslog lines of the kernel.
    int bracketed = 0;    ///< … with its since-boot stamp.
    int monotonic = 0;    ///< Boot stamps with "host ident:" behind: the journal's.
    int zoned = 0;
    int zone = 0;
    std::string_view host;
    std::optional<qint64> leapDay; ///< A time of 29 February, where the year is a guess.

    int of(KernelStamp stamp) const { return count[static_cast<size_t>(stamp)]; }
    KernelStamp most() const
    {
        KernelStamp best = KernelStamp::None;
        for (const KernelStamp stamp : {KernelStamp::Boot, KernelStamp::Ctime, KernelStamp::Iso, KernelStamp::Reltime,
                                        KernelStamp::Delta, KernelStamp::Syslog})
            if (of(stamp) > (best == KernelStamp::None ? 0 : of(best)))
                best = stamp;
        return best;
    }
};

HeadForms headForms(const SourceHead &head)
{
    HeadForms forms;
    const YearGuess year(head.modified);
    std::string_view text(head.bytes.constData(), static_cast<size_t>(head.bytes.size()));
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    std::string_view journalHost;
    while (!text.empty() && forms.lines < MostHeadLines) {
        const size_t end = text.find('\n');
        const std::string_view one = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (one.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        ++forms.lines;
        const KernelLine line = parseKernelLine(one, year);
        ++forms.count[static_cast<size_t>(line.stamp)];
        forms.kernelSyslog += line.fromKernel;
        forms.bracketed += line.fromKernel && line.hasSinceBoot;
        if (line.stamp == KernelStamp::Syslog && forms.host.empty())
            forms.host = line.host;
        if (line.stamp == KernelStamp::Syslog && !forms.leapDay && isLeapDay(line.wall.ns))
            forms.leapDay = line.wall.ns;
        if (line.wall.zoneSeconds && line.stamp != KernelStamp::None) {
            forms.zone = forms.zoned == 0 ? *line.wall.zoneSeconds : forms.zone;
            ++forms.zoned;
        }
        if (line.stamp == KernelStamp::Boot) {
            Cursor cursor(line.payload);
            SyslogSender sender;
            if (takeSyslogSender(cursor, sender) && (journalHost.empty() || journalHost == sender.host)
                && (sender.ident == "kernel" || sender.pid > 0 || !journalHost.empty())) {
                journalHost = sender.host;
                ++forms.monotonic;
            }
        }
    }
    return forms;
}

/// Words that kernel reports begin with, for captures whose stamps were taken off.
int kernelWords(const QByteArray &bytes)
{
    static constexpr std::array Words{"Call Trace:",
                                      "Modules linked in:",
                                      " invoked oom-killer",
                                      "Hardware name: ",
                                      "RIP: 00",
                                      "Killed process ",
                                      " blocked for more than ",
                                      "Oops: ",
                                      "Kernel panic - not syncing",
                                      "---[ end trace",
                                      "Linux version ",
                                      "Not tainted",
                                      "Tainted: ",
                                      "kernel BUG at "};
    int found = 0;
    for (const char *word : Words)
        found += bytes.contains(word);
    return found;
}

bool namedAsKernelLog(const QString &path)
{
    const QString name = QFileInfo(path).fileName().toLower();
    return name.startsWith(QLatin1StringView("dmesg")) || name.startsWith(QLatin1StringView("kern.log"))
           || name.startsWith(QLatin1StringView("kmsg")) || name.startsWith(QLatin1StringView("kernel"))
           || name.endsWith(QLatin1StringView(".dmesg")) || name.contains(QLatin1StringView("dmesg."));
}

class DmesgDecoder : public LineDecoder
{
public:
    DmesgDecoder(KernelStamp form, YearGuess year)
        : m_form(form)
        , m_year(year)
    {
    }

    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        if (byteOffset == 0 && line.starts_with("\xEF\xBB\xBF"))
            line.remove_prefix(3);
        const KernelLine parsed = parseKernelLine(line, m_year);
        DecodedLine decoded;
        decoded.payload = parsed.payload;
        decoded.level = parsed.level;
        if (parsed.stamp != m_form || m_form == KernelStamp::None)
            return decoded;
        if (m_form == KernelStamp::Reltime || m_form == KernelStamp::Delta) {
            if (const auto record = m_sums.at(byteOffset))
                decoded.time = record->time;
            return decoded;
        }
        decoded.time = m_form == KernelStamp::Boot ? SourceTime{parsed.sinceBoot + m_boots.shiftAt(byteOffset)}
                                                   : parsed.wall.sourceTime();
        return decoded;
    }

    bool hasStamps() const override { return m_form != KernelStamp::None; }

    BootTable &boots() const { return m_boots; }
    /// For stamps that count from the line before: the sum up to each line.
    RecordTable &sums() const { return m_sums; }
    const YearGuess &year() const { return m_year; }

private:
    KernelStamp m_form;
    YearGuess m_year;
    mutable BootTable m_boots;
    mutable RecordTable m_sums;
};

class DmesgSession : public CarrierSession
{
public:
    explicit DmesgSession(const SourceHead &head)
        : m_forms(headForms(head))
        , m_form(m_forms.most())
        , m_host(m_forms.host.data(), static_cast<qsizetype>(m_forms.host.size()))
        , m_empty(head.size == 0)
        , m_knowsYear(head.modified.has_value())
        , m_decoder(std::make_shared<DmesgDecoder>(m_form, YearGuess(head.modified).around(m_forms.leapDay)))
    {
        m_forms.host = {};
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    /// Only the order of all stamps tells where another boot begins.
    bool wantsEachLine() const override
    {
        return m_form == KernelStamp::Boot || m_form == KernelStamp::Syslog || isRelative();
    }

    void eachLine(qint64 number, qint64 byteOffset, std::string_view raw) override
    {
        const KernelLine parsed = parseKernelLine(raw, m_decoder->year());
        if (parsed.stamp != m_form)
            return;
        if (m_form == KernelStamp::Boot) {
            m_decoder->boots().observe(parsed.sinceBoot, byteOffset, raw);
            if (!m_first)
                m_first = SourceTime{parsed.sinceBoot};
        } else if (m_form == KernelStamp::Syslog && parsed.hasSinceBoot) {
            m_decoder->boots().observe(parsed.sinceBoot, byteOffset, raw);
            pair(parsed, number);
        } else if (isRelative()) {
            sum(parsed, byteOffset);
        }
    }

    void mark(int, const TextLine &, LineReader &, TextSink &) override {}

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.kind = SourceKind::KernelLog;
        setClock(evidence);
        if (m_empty || lines.lineCount() == 0) {
            // Nothing happened until the file was written: the kernel is silent when all is well.
            evidence.basis = TimeBasis::Utc;
            if (evidence.modified)
                evidence.coverage.push_back({{}, {}, SourceTime{evidence.modified->ns}, CoverageHow::Assumed});
            return;
        }
        if (!m_first)
            m_first = firstTime(lines);
        evidence.coverage.push_back({{}, m_first, {}, CoverageHow::Stated});
        if (!m_host.isEmpty())
            evidence.identity.host = m_host;
        writePairs(evidence);
    }

private:
    /// What a boot's lines say of where its clock began on the wall's.
    struct ClockPair {
        qint64 line = 0;
        SourceTime wall;
        DurationNs wallMinusBoot = 0;
    };

    /// Lines with both clocks. A message waits before syslog stamps it, never the other way round: the smallest difference is the best.
    void pair(const KernelLine &parsed, qint64 line)
    {
        constexpr size_t MostBoots = 1000;
        const size_t boot = m_decoder->boots().count();
        if (boot > MostBoots || boot == 0)
            return;
        const DurationNs offset = parsed.wall.sourceTime().ns - parsed.sinceBoot;
        if (m_pairs.size() < boot)
            m_pairs.resize(boot, {line, parsed.wall.sourceTime(), offset});
        if (offset < m_pairs.back().wallMinusBoot)
            m_pairs.back() = {line, parsed.wall.sourceTime(), offset};
    }

    /// The stamps count from the line before.
    bool isRelative() const { return m_form == KernelStamp::Reltime || m_form == KernelStamp::Delta; }

    void sum(const KernelLine &parsed, qint64 byteOffset)
    {
        const bool adds = m_form == KernelStamp::Delta || parsed.isRelative;
        if (!adds) // a new minute; the seconds are not told
            m_sum = SourceTime{std::max(parsed.wall.ns, m_sum.value_or(SourceTime{parsed.wall.ns}).ns)};
        else if (m_form == KernelStamp::Delta || m_sum)
            m_sum = SourceTime{saturatedAdd(m_sum.value_or(SourceTime{}).ns, parsed.sinceBoot)};
        if (m_sum)
            m_decoder->sums().add({byteOffset, m_sum, Severity::Info, 0});
    }

    void writePairs(SourceEvidence &evidence) const
    {
        for (size_t boot = 0; boot < m_pairs.size(); ++boot) {
            const ClockPair &pair = m_pairs[boot];
            Fact fact;
            fact.line = pair.line;
            fact.time = SourceInterval{pair.wall, pair.wall};
            fact.subject = "boot/" + QByteArray::number(static_cast<qint64>(boot) + 1);
            fact.key = "realtime_minus_monotonic_ns";
            fact.value = QByteArray::number(pair.wallMinusBoot);
            fact.identity = Identity::ofHost(m_host);
            evidence.facts.push_back(std::move(fact));
        }
    }

    void setClock(SourceEvidence &evidence) const
    {
        switch (m_form) {
        case KernelStamp::Reltime:
            evidence.basis = TimeBasis::Local;
            evidence.date = DateBasis::YearAssumed;
            evidence.resolutionNs = NsPerMinute;
            break;
        case KernelStamp::Delta:
            evidence.basis = TimeBasis::Durations;
            evidence.resolutionNs = NsPerMicrosecond;
            break;
        case KernelStamp::Boot:
            evidence.basis = TimeBasis::Boot;
            evidence.resolutionNs = NsPerMicrosecond;
            evidence.clockStarts = m_decoder->boots().clockStarts();
            break;
        case KernelStamp::Ctime:
            evidence.basis = TimeBasis::Local;
            evidence.resolutionNs = DerivedResolutionNs;
            break;
        case KernelStamp::Iso:
        case KernelStamp::Syslog:
            evidence.basis = m_forms.zoned == 0  ? TimeBasis::Local
                             : m_forms.zone == 0 ? TimeBasis::Utc
                                                 : TimeBasis::Zoned;
            evidence.zone = m_forms.zoned == 0 ? QByteArray() : zoneText(m_forms.zone);
            evidence.resolutionNs = m_form == KernelStamp::Iso ? DerivedResolutionNs : NsPerSecond;
            if (m_form == KernelStamp::Syslog && m_forms.zoned == 0)
                evidence.date = DateBasis::YearAssumed;
            if (m_forms.zoned == 0 && !m_knowsYear)
                addNote(evidence, Severity::Info, Code::BadTimestamp, {},
                        tr("The times have no year, and neither has the file"));
            break;
        case KernelStamp::None: evidence.basis = TimeBasis::None; break;
        }
    }

    static std::optional<SourceTime> firstTime(LineReader &lines)
    {
        for (qint64 number = 1; number <= std::min<qint64>(lines.lineCount(), MostHeadLines); ++number)
            if (const auto line = lines.line(number); line && line->time)
                return line->time;
        return std::nullopt;
    }

    HeadForms m_forms;
    KernelStamp m_form;
    QByteArray m_host;
    bool m_empty;
    bool m_knowsYear;
    std::shared_ptr<DmesgDecoder> m_decoder;
    std::optional<SourceTime> m_first;
    std::optional<SourceTime> m_sum;
    std::vector<ClockPair> m_pairs; ///< By boot.
};

} // namespace

ImporterInfo Dmesg::info() const
{
    return {"dmesg", tr("Kernel log"), SourceKind::KernelLog, TimeBasis::Boot};
}

SniffResult Dmesg::sniff(const SourceHead &head) const
{
    const bool named = namedAsKernelLog(head.name);
    if (head.size == 0)
        return named ? SniffResult{60, tr("it is empty and named as a kernel log")} : SniffResult{};
    const HeadForms forms = headForms(head);
    const int stamped = forms.of(KernelStamp::Boot) + forms.of(KernelStamp::Ctime) + forms.of(KernelStamp::Iso)
                        + forms.of(KernelStamp::Reltime) + forms.of(KernelStamp::Delta);
    if (stamped > 0 && forms.monotonic * 10 >= forms.of(KernelStamp::Boot) * 9
        && forms.of(KernelStamp::Boot) == stamped)
        return {30, tr("its lines begin with seconds since boot")};
    if (stamped * 2 >= forms.lines && stamped > 0) {
        const bool relative = forms.most() == KernelStamp::Reltime || forms.most() == KernelStamp::Delta;
        const QString reason = relative
                                   ? tr("its lines begin with times since the line before, as dmesg -e writes them")
                               : forms.most() == KernelStamp::Boot
                                   ? tr("its lines begin with seconds since boot, as the kernel writes them")
                               : forms.most() == KernelStamp::Ctime
                                   ? tr("its lines begin with a date in brackets, as dmesg -T writes them")
                                   : tr("its lines begin with ISO times with a comma, as dmesg writes them");
        return {90, reason};
    }
    if (forms.kernelSyslog * 2 >= forms.lines && forms.bracketed * 2 >= forms.kernelSyslog && forms.bracketed > 0)
        return {90, tr("its lines are the kernel's, sent through syslog")};
    if (forms.kernelSyslog == forms.of(KernelStamp::Syslog) && forms.kernelSyslog * 2 >= forms.lines
        && forms.kernelSyslog > 0)
        return {named ? 85 : 60, tr("its lines are the kernel's, sent through syslog")};
    const int words = kernelWords(head.bytes);
    if (stamped * 10 >= forms.lines && stamped >= 3)
        return {words > 0 || named ? 70 : 55, tr("some of its lines begin with seconds since boot")};
    if (words >= 2)
        return {named ? 60 : 45, tr("it holds a kernel's report")};
    if (named)
        return {40, tr("it is named as a kernel log")};
    return words == 1 && stamped > 0 ? SniffResult{40, tr("it holds a kernel's report")} : SniffResult{};
}

std::vector<QByteArray> Dmesg::marks() const
{
    return {};
}

std::unique_ptr<CarrierSession> Dmesg::open(const SourceHead &head) const
{
    return std::make_unique<DmesgSession>(head);
}

} // namespace faultline
