// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/strace/strace.h"

#include "models/core/saturate.h"

#include "importers/core/cursor.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "models/core/translate.h"

#include <QHash>

namespace faultline {

namespace {

/// Calls that failed with one error are kept up to this many; a program may try a million times.
constexpr int MostOfOneError = 500;

enum class Clock { None, OfDay, Epoch, Relative };

/// The parts of a line before the call: strace.c, printleader().
struct Leader {
    qint64 pid = -1;
    Clock clock = Clock::None;
    qint64 ns = 0;
    std::string_view rest;
};

/// "18:55:18.123456", "1795546518.123456" or "     0.000123", each followed by a blank.
void takeTime(Cursor &cursor, Leader &leader)
{
    const size_t start = cursor.position();
    const size_t blanks = cursor.blanks();
    const auto whole = cursor.number(10);
    const size_t digits = cursor.position() - start - blanks;
    qint64 ns = 0;
    if (whole && cursor.take(':')) {
        const auto minute = cursor.digits(2);
        const bool colon = cursor.take(':');
        const auto second = cursor.digits(2);
        if (digits == 2 && minute && colon && second && *whole < 24 && *minute < 60 && *second <= 60) {
            if (cursor.take('.'))
                ns = cursor.nanos().value_or(0);
            leader.clock = Clock::OfDay;
            leader.ns = *whole * NsPerHour + *minute * NsPerMinute + *second * NsPerSecond + ns;
        }
    } else if (whole && cursor.take('.')) {
        const auto fraction = cursor.nanos();
        if (fraction) {
            leader.clock = digits == 10 ? Clock::Epoch : Clock::Relative;
            leader.ns = saturatedAdd(saturatedMultiply(*whole, NsPerSecond), *fraction);
        }
    }
    if (leader.clock == Clock::None || !cursor.take(' ')) {
        leader.clock = Clock::None;
        cursor.reset(start);
    }
    // With -r and -tt both: "18:55:18.123456 (+     0.000123) "
    if (leader.clock != Clock::None && cursor.take("(+"))
        cursor.reset(
            std::min(cursor.position() + cursor.rest().find(") ") + 2, cursor.position() + cursor.rest().size()));
}

Leader leaderOf(std::string_view line)
{
    Leader leader;
    Cursor cursor(line);
    if (cursor.take("[pid")) {
        cursor.blanks();
        leader.pid = cursor.number(10).value_or(-1);
        if (!cursor.take("] "))
            cursor.reset(0);
    } else if (const auto pid = cursor.number(10); pid && cursor.blanks() > 0) {
        leader.pid = *pid; // -f -o: the id in front
    } else {
        cursor.reset(0);
    }
    takeTime(cursor, leader);
    leader.rest = cursor.rest();
    return leader;
}

bool isCall(std::string_view rest)
{
    if (rest.starts_with("+++ ") || rest.starts_with("--- SIG") || rest.starts_with("<... "))
        return true;
    const size_t open = rest.find('(');
    if (open == std::string_view::npos || open == 0 || open > 32
        || rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") != open)
        return false;
    if (rest.ends_with("<unfinished ...>"))
        return true;
    // The result stands behind the call, short calls are padded: "brk(NULL)         = 0x55938c82b000".
    const size_t result = rest.find(" = ", open);
    const size_t close = result == std::string_view::npos ? result : rest.find_last_not_of(' ', result);
    return close != std::string_view::npos && rest[close] == ')';
}

class StraceDecoder : public LineDecoder
{
public:
    StraceDecoder(Clock clock, qint64 dayNs)
        : m_clock(clock)
        , m_dayNs(dayNs)
    {
    }
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        DecodedLine decoded;
        const Leader leader = leaderOf(bareLine(line, byteOffset));
        decoded.payload = leader.rest;
        if (leader.clock == m_clock && hasStamps())
            decoded.time = SourceTime{leader.ns + m_dayNs};
        return decoded;
    }
    bool hasStamps() const override { return m_clock == Clock::OfDay || m_clock == Clock::Epoch; }

private:
    Clock m_clock;
    qint64 m_dayNs; ///< Midnight of the file's day, for times without a date.
};

std::string_view between(std::string_view text, std::string_view from, std::string_view to)
{
    const size_t start = text.find(from);
    if (start == std::string_view::npos)
        return {};
    text.remove_prefix(start + from.size());
    return text.substr(0, text.find(to));
}

class StraceSession : public CarrierSession
{
public:
    explicit StraceSession(const SourceHead &head)
    {
        for (const std::string_view line : headLines(head, 100))
            if (const Leader leader = leaderOf(line); leader.clock != Clock::None && isCall(leader.rest)) {
                m_clock = leader.clock;
                break;
            }
        qint64 day = 0;
        if (m_clock == Clock::OfDay && head.modified) {
            // What seems to be later than the file, zones allowed for, was written the evening before.
            day = head.modified->ns - head.modified->ns % NsPerDay;
            for (const std::string_view line : headLines(head, 1))
                if (leaderOf(line).ns > head.modified->ns % NsPerDay + 14 * NsPerHour)
                    day -= NsPerDay;
        }
        m_decoder = std::make_shared<StraceDecoder>(m_clock, day);
    }
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        if (mark == 0)
            ended(line, sink);
        else if (mark == 1)
            signalled(line, sink);
        else
            failed(line, sink);
    }

    void finish(LineReader &, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.resolutionNs = NsPerMicrosecond;
        if (m_clock == Clock::Epoch) {
            evidence.basis = TimeBasis::Utc;
            evidence.zone = "UTC";
        } else if (m_clock == Clock::OfDay) {
            evidence.basis = TimeBasis::Local;
            evidence.date = DateBasis::DayAssumed;
            note(evidence, Code::BadTimestamp,
                 tr("The time stamps have no date; the day is taken from the file's time"));
        } else {
            evidence.basis = TimeBasis::None;
            if (m_clock == Clock::Relative)
                note(evidence, Code::BadTimestamp, tr("Only the time between calls is told; strace -tt tells when"));
        }
        for (auto it = m_errors.cbegin(); it != m_errors.cend(); ++it)
            if (it.value() > MostOfOneError)
                note(evidence, Code::LimitReached,
                     tr("%1 calls failed with %2; the first %3 are kept")
                         .arg(it.value())
                         .arg(QString::fromUtf8(it.key()))
                         .arg(MostOfOneError));
    }

private:
    static void note(SourceEvidence &evidence, Code code, const QString &text)
    {
        addNote(evidence.notes, {Severity::Info, code, {}, text, 1});
    }

    static qint64 pidOf(const TextLine &line) { return leaderOf(line.raw).pid; }

    /// "+++ exited with 1 +++", "+++ killed by SIGKILL (core dumped) +++"
    void ended(const TextLine &line, TextSink &sink)
    {
        if (++m_errors["ends"] > MostOfOneError)
            return;
        const QByteArray code = toBytes(between(line.payload, "+++ exited with ", " "));
        const QByteArray signal = toBytes(between(line.payload, "+++ killed by ", " "));
        const bool bad = !signal.isEmpty() || (!code.isEmpty() && code != "0");
        Event &event = sink.addEvent(line, signal.isEmpty() ? "trace.exited" : "trace.killed",
                                     bad ? Role::Symptom : Role::Context, bad ? Severity::Error : Severity::Info);
        event.fields = signal.isEmpty() ? Fields{{"code", code}} : Fields{{"signal", signal}};
        event.identity.pid = pidOf(line);
    }

    /// "--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---"
    void signalled(const TextLine &line, TextSink &sink)
    {
        const QByteArray signal = toBytes(between(line.payload, "--- ", " "));
        const bool harmless = signal == "SIGCHLD" || signal == "SIGURG" || signal == "SIGWINCH" || signal == "SIGCONT";
        if (harmless || ++m_errors[signal] > MostOfOneError)
            return;
        Event &event = sink.addEvent(line, "trace.signal", Role::Cause, Severity::Warning);
        event.fields = {{"signal", signal},
                        {"code", toBytes(between(line.payload, "si_code=", ","))},
                        {"sender", toBytes(between(line.payload, "si_pid=", ","))},
                        {"address", toBytes(between(line.payload, "si_addr=", "}"))}};
        event.identity.pid = pidOf(line);
    }

    /// "openat(AT_FDCWD, "x", O_RDONLY) = -1 EMFILE (Too many open files) <0.000012>"
    void failed(const TextLine &line, TextSink &sink)
    {
        const QByteArray error = toBytes(between(line.payload, " = -1 ", " "));
        if (++m_errors[error] > MostOfOneError)
            return;
        Event &event = sink.addEvent(line, "trace.error", Role::Cause, Severity::Warning);
        std::string_view call = line.payload.substr(0, line.payload.find('('));
        if (call.starts_with("<... "))
            call = between(line.payload, "<... ", " ");
        event.fields = {{"call", toBytes(call)}, {"error", error}};
        event.identity.pid = pidOf(line);
    }

    Clock m_clock = Clock::None;
    std::shared_ptr<const StraceDecoder> m_decoder;
    QHash<QByteArray, int> m_errors;
};

} // namespace

ImporterInfo Strace::info() const
{
    return {"strace", tr("Trace of system calls (strace)"), SourceKind::Trace, TimeBasis::Local};
}

SniffResult Strace::sniff(const SourceHead &head) const
{
    if (!looksLikeText(head))
        return {};
    int calls = 0;
    int lines = 0;
    for (const std::string_view line : headLines(head, 60)) {
        if (line.empty() || line.starts_with("strace: "))
            continue;
        ++lines;
        calls += isCall(leaderOf(line).rest);
    }
    // What the traced program writes itself may stand between.
    return calls >= 3 && calls * 2 >= lines
               ? SniffResult{92, tr("most of its lines are system calls as strace writes them")}
               : SniffResult{};
}

std::vector<QByteArray> Strace::marks() const
{
    return {
        R"(\+\+\+ (exited with [0-9]+|killed by SIG[A-Z0-9]+))", R"(--- SIG[A-Z0-9]+ \{)",
        R"( = -1 E(NOSPC|DQUOT|MFILE|NFILE|NOMEM|ROFS|IO|FBIG|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH) )",
        R"((clone3?|v?fork|mmap|pthread_create)[ (].{0,400} = -1 EAGAIN )"};
}

std::unique_ptr<CarrierSession> Strace::open(const SourceHead &head) const
{
    return std::make_unique<StraceSession>(head);
}

} // namespace faultline
