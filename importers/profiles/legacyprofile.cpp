// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/legacyprofile.h"

#include "importers/core/cursor.h"
#include "importers/core/notes.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace faultline {

namespace {

constexpr size_t MostTextDepth = 4'096;
constexpr size_t MostMemoryFacts = 100;

QByteArray cappedBytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(std::min<size_t>(text.size(), 4096)));
}

/// A whole number, perhaps negative, with blanks before it.
std::optional<qint64> takeNumber(Cursor &cursor)
{
    cursor.blanks();
    const bool negative = cursor.take('-');
    const auto number = cursor.number(18);
    return number && negative ? -*number : number;
}

qint64 rounded(double value)
{
    constexpr double Most = 9e18;
    return static_cast<qint64>(std::clamp(value, -Most, Most));
}

/// A heap sampler sees a block of `size / count` bytes with a chance that its size and the rate tell; so many blocks there were.
/// google/pprof, profile/legacy_profile.go: scaleHeapSample
std::pair<qint64, qint64> unsampled(qint64 count, qint64 size, qint64 rate)
{
    if (count == 0 || size == 0)
        return {0, 0};
    if (rate <= 1)
        return {count, size};
    const double average = static_cast<double>(size) / static_cast<double>(count);
    const double scale = 1 / (1 - std::exp(-average / static_cast<double>(rate)));
    const auto scaled = [scale](qint64 value) { return rounded(static_cast<double>(value) * scale); };
    return {scaled(count), scaled(size)};
}

/// "threadcreate profile: total 7"
bool isCountHeader(std::string_view line, std::string_view &name)
{
    const size_t colon = line.find(" profile: total ");
    if (colon == std::string_view::npos || colon == 0 || colon > 64)
        return false;
    name = line.substr(0, colon);
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

constexpr std::array ContentionHeaders{"--- contentionz ", "--- contention:", "--- mutex:", "--- mutexz "};

template<typename Strings>
bool startsWithAny(std::string_view line, const Strings &starts)
{
    return std::ranges::any_of(starts, [line](std::string_view start) { return line.starts_with(start); });
}

} // namespace

LegacyTextProfile::LegacyTextProfile(std::string_view text, SourceEvidence &evidence, const ImportContext &context)
    : m_text(text)
    , m_evidence(evidence)
    , m_context(context)
{
}

bool LegacyTextProfile::looksLike(std::string_view head)
{
    head = head.substr(std::min(head.size(), head.find_first_not_of(" \t\r\n")));
    const std::string_view line = head.substr(0, head.find('\n'));
    std::string_view name;
    return line.starts_with("heap profile: ") || line.starts_with("heap_v2/") || startsWithAny(line, ContentionHeaders)
           || startsWithAny(line, std::array{"--- threadz ", "--- Thread ", "--- heapz "})
           || (isCountHeader(line, name) && name != "goroutine");
}

void LegacyTextProfile::bad(const QString &text)
{
    addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax,
            {m_number, 1, static_cast<qint64>(m_lineStart)}, text);
}

/// "heap profile: 13: 1595680 [47130736: 2584596557304] @ heap/1048576"
bool LegacyTextProfile::heapHeader(std::string_view line)
{
    Cursor cursor(line);
    if (!cursor.take("heap profile: "))
        return false;
    const auto liveCount = takeNumber(cursor);
    const bool colon = cursor.take(':');
    const auto liveBytes = takeNumber(cursor);
    cursor.blanks();
    if (!liveCount || !colon || !liveBytes || !cursor.take('['))
        return false;
    const auto allCount = takeNumber(cursor);
    cursor.take(':');
    const auto allBytes = takeNumber(cursor);
    cursor.blanks();
    if (!allCount || !allBytes || !cursor.take(']'))
        return false;
    cursor.blanks();
    cursor.take('@');
    cursor.blanks();
    const std::string_view kind = trimmed(cursor.rest());
    const size_t slash = kind.find('/');
    const std::string_view name = kind.substr(0, slash);
    qint64 rate = 0;
    if (slash != std::string_view::npos) {
        Cursor number(kind.substr(slash + 1));
        rate = number.number(18).value_or(0);
    }
    m_form = Form::Heap;
    m_hasAlloc = (*allCount != *liveCount && *allCount != 0) || (*allBytes != *liveBytes && *allBytes != 0);
    m_builder.periodType = "space/bytes";
    if (name == "heap") // Go writes twice its rate
        m_builder.period = m_scaleRate = rate / 2;
    else if (name == "heapz_v2" || name == "heap_v2")
        m_builder.period = m_scaleRate = rate;
    else
        m_builder.period = 1;
    if (name == "growthz" || name == "fragmentationz")
        m_hasAlloc = false;
    return true;
}

bool LegacyTextProfile::header(std::string_view line)
{
    std::string_view name;
    m_builder.period = 1;
    if (heapHeader(line))
        return true;
    if (line.starts_with("heap_v2/")) { // jemalloc: the stack stands before its counts, which stand thread by thread
        Cursor rate(line.substr(8));
        m_form = Form::Heap;
        m_isJemalloc = true;
        m_builder.period = m_scaleRate = rate.number(18).value_or(0);
        m_builder.periodType = "space/bytes";
        m_hasAlloc = false;
        return true;
    }
    if (line.starts_with("--- heapz ")) {
        m_form = Form::Heap;
        m_builder.periodType = "space/bytes";
        return true;
    }
    if (startsWithAny(line, ContentionHeaders)) {
        m_form = Form::Contention;
        m_builder.periodType = "contentions/count";
        return true;
    }
    if (line.starts_with("--- threadz ") || line.starts_with("--- Thread ")) {
        m_form = Form::Threads;
        m_builder.periodType = "thread/count";
        m_builder.setTypes({{"thread", "count"}});
        m_typesSet = true;
        if (line.starts_with("--- Thread "))
            threadLine(line);
        return true;
    }
    if (!isCountHeader(line, name))
        return false;
    m_form = Form::Counts;
    m_builder.periodType = cappedBytes(name) + "/count";
    m_builder.setTypes({{cappedBytes(name), "count"}});
    m_typesSet = true;
    return true;
}

/// "sampling period = 100", "cycles/second=2593994000", "format = java"
void LegacyTextProfile::setting(std::string_view line)
{
    const size_t equals = line.find('=');
    const std::string_view key = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1));
    Cursor cursor(value);
    if (key == "format") {
        m_isJava = value == "java";
        if (m_isJava && m_form == Form::Heap)
            m_builder.period = m_scaleRate = 512 * 1024; // the rate of the Java heap profiler, which does not state it
    } else if (key == "resolution") {
        m_delayUnit = cappedBytes(value);
    } else if (key == "sampling period") {
        m_builder.period = cursor.number(18).value_or(1);
    } else if (key == "ms since reset") {
        m_builder.durationNs =
            std::min<qint64>(cursor.number(18).value_or(0), 365 * NsPerDay / NsPerMillisecond) * NsPerMillisecond;
    } else if (key == "cycles/second") {
        m_cyclesPerNs = static_cast<double>(cursor.number(18).value_or(0)) / 1e9;
    }
}

void LegacyTextProfile::addresses(std::string_view text)
{
    m_addresses.clear();
    Cursor cursor(text);
    while (!cursor.atEnd() && m_addresses.size() < MostTextDepth) {
        cursor.blanks();
        if (!cursor.take("0x"))
            break;
        const std::string_view word = cursor.word();
        quint64 address = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), address, 16);
        if (error != std::errc())
            break;
        m_addresses.push_back(m_isJava || m_form == Form::Threads || address == 0 ? address : address - 1);
    }
}

/// "1: 524288 [3: 1572864] @ 0x420cef …", "14 1 @ 0x0d …", "2 @ 0x103b125 …"
void LegacyTextProfile::countedSample(std::string_view line)
{
    const size_t at = line.find('@');
    std::vector<qint64> numbers;
    Cursor cursor(line.substr(0, at));
    while (!cursor.atEnd() && numbers.size() < 4) {
        const auto number = takeNumber(cursor);
        if (!number)
            break;
        numbers.push_back(*number);
        while (cursor.take(':') || cursor.take('[') || cursor.take(']') || cursor.blanks() > 0) {}
    }
    const size_t wanted = m_form == Form::Counts ? 1 : m_form == Form::Contention || m_isJava ? 2 : 4;
    if (at == std::string_view::npos || numbers.size() != wanted)
        return bad(tr("Not a sample of this profile"));
    if (!std::exchange(m_typesSet, true)) {
        if (m_form == Form::Contention)
            m_builder.setTypes({{"contentions", "count"}, {"delay", m_delayUnit}});
        else if (m_hasAlloc)
            m_builder.setTypes({{"alloc_objects", "count"},
                                {"alloc_space", "bytes"},
                                {"inuse_objects", "count"},
                                {"inuse_space", "bytes"}});
        else
            m_builder.setTypes({{"objects", "count"}, {"space", "bytes"}});
    }
    m_values.clear();
    m_blockSize = 0;
    if (m_form == Form::Counts) {
        m_values = {numbers[0]};
    } else if (m_form == Form::Contention) {
        const double period = static_cast<double>(std::max<qint64>(1, m_builder.period));
        const double delay = static_cast<double>(numbers[0]) * period / (m_cyclesPerNs > 0 ? m_cyclesPerNs : 1);
        m_values = {rounded(static_cast<double>(numbers[1]) * period), rounded(delay)};
    } else {
        const auto put = [this](qint64 count, qint64 size) {
            if (count != 0)
                m_blockSize = static_cast<quint64>(size / count);
            const auto [blocks, bytes] = m_scaleRate > 0 ? unsampled(count, size, m_scaleRate) : std::pair(count, size);
            m_values.push_back(blocks);
            m_values.push_back(bytes);
        };
        if (m_isJava) { // the size stands first
            put(numbers[1], numbers[0]);
        } else {
            if (m_hasAlloc)
                put(numbers[2], numbers[3]);
            put(numbers[0], numbers[1]);
        }
    }
    addresses(line.substr(at + 1));
    m_hasSample = !m_addresses.empty() || m_form == Form::Counts;
    if (!m_hasSample && !m_isJemalloc) // pprof leaves them out too
        addNote(m_evidence, Severity::Info, Code::BadValue, {m_number, 1, static_cast<qint64>(m_lineStart)},
                tr("A sample without a stack is left out"));
}

/// "@ 0x5583c0 0x5583d1", then "t*: 106: 37056 [0: 0]" of all threads and the same of each.
/// jemalloc, src/prof_data.c: prof_dump_gctx()
void LegacyTextProfile::jemallocLine(std::string_view text)
{
    if (text.starts_with('@')) {
        addresses(text.substr(1));
        m_stackBegan = true;
        return;
    }
    // The totals of all stacks stand before the first.
    if (!text.starts_with("t*: ") || !std::exchange(m_stackBegan, false))
        return;
    const std::vector<quint64> stack = m_addresses;
    m_values.clear();
    countedSample(std::string(text.substr(4)) + " @");
    m_addresses = stack;
    m_hasSample = !stack.empty() && m_values.size() == 2;
    flush();
}

/// Below "--- Thread 7f794ab90940 (name: main/14748) stack: ---" stand "PC: 0x00bc8f1c: helper(arg *)" and its callers.
void LegacyTextProfile::threadLine(std::string_view line)
{
    const std::string_view text = trimmed(line);
    if (text.starts_with("--- Thread ")) {
        m_threadBegan = true;
        return;
    }
    if (text.contains("same as previous thread")) {
        if (m_hasSample && std::exchange(m_threadBegan, false))
            ++m_values[0];
        return;
    }
    Cursor cursor(text);
    if (cursor.take("PC:"))
        cursor.blanks();
    if (!cursor.take("0x") || (!m_hasSample && !m_threadBegan))
        return;
    if (std::exchange(m_threadBegan, false)) {
        flush();
        m_hasSample = true;
        m_values = {1};
        m_addresses.clear();
    }
    const std::string_view word = cursor.word();
    quint64 address = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), address, 16);
    if (error != std::errc() || m_addresses.size() >= MostTextDepth)
        return;
    if (!m_addresses.empty() && address > 0)
        --address;
    m_addresses.push_back(address);
    cursor.blanks();
    const std::string_view name = cursor.rest();
    m_named.push_back({name.empty() ? m_symbols.byAddress(address) : m_symbols.byName(name, {}), 0});
}

/// "#	0x42ecc2	main.work+0x1c2	/src/main.go:17" below a sample of Go.
bool LegacyTextProfile::symbolLine(std::string_view line)
{
    Cursor cursor(line);
    if (!cursor.take('#') || cursor.blanks() == 0 || !cursor.take("0x"))
        return false;
    cursor.word();
    cursor.blanks();
    std::string_view name = cursor.rest();
    std::string_view place;
    if (const size_t tab = name.find('\t'); tab != std::string_view::npos) {
        place = trimmed(name.substr(tab));
        name = name.substr(0, tab);
    }
    name = trimmed(name.substr(0, name.rfind("+0x")));
    qint64 number = 0;
    if (const size_t colon = place.rfind(':'); colon != std::string_view::npos) {
        Cursor digits(place.substr(colon + 1));
        number = digits.number(9).value_or(0);
        place = place.substr(0, colon);
    }
    if (const qint32 function = name.empty() ? -1 : m_symbols.byName(name, place);
        function >= 0 && m_named.size() < MostTextDepth)
        m_named.push_back({function, number});
    return true;
}

/// "# HeapSys = 7536640" of Go's runtime.MemStats.
void LegacyTextProfile::memoryFact(std::string_view line)
{
    const size_t equals = line.find(" = ");
    const std::string_view key = trimmed(line.substr(1, equals == std::string_view::npos ? 0 : equals - 1));
    if (key.empty() || key.contains(' ') || m_evidence.facts.size() >= MostMemoryFacts)
        return;
    addProfileFact(m_evidence, "memstats", cappedBytes(key), cappedBytes(trimmed(line.substr(equals + 3))), m_number);
}

void LegacyTextProfile::flush()
{
    if (std::exchange(m_hasSample, false)) {
        quint64 stack = mixed(0, m_blockSize);
        std::vector<StackFrame> frames;
        for (const quint64 address : m_addresses) {
            stack = mixed(stack, address);
            if (!m_named.empty())
                continue;
            if (const qint32 function = m_symbols.byAddress(address); function >= 0)
                frames.push_back({function, 0});
        }
        std::erase_if(m_named, [](const StackFrame &frame) { return frame.function < 0; });
        m_builder.add(m_named.empty() ? frames : m_named, m_values, stack, m_addresses.size());
    }
    m_named.clear();
}

void LegacyTextProfile::line(std::string_view line)
{
    const std::string_view text = trimmed(line);
    if (m_inMaps) {
        m_maps += text.empty() || text.contains('=') ? 0 : 1;
        return;
    }
    if (text.starts_with("MAPPED_LIBRARIES:") || text.starts_with("--- Memory map: ---")) {
        flush();
        m_inMaps = true;
        return;
    }
    if (text.starts_with('#')) {
        if (!symbolLine(text) && m_form == Form::Heap) {
            flush();
            memoryFact(text);
        }
        return;
    }
    if (m_form == Form::Threads)
        return threadLine(line);
    if (text.empty())
        return;
    if (m_isJemalloc)
        return jemallocLine(text);
    flush();
    if (m_isJava && takeJavaSymbol(text, m_symbols))
        return;
    if (text.contains('@'))
        countedSample(text);
    else if (text.contains('=') && text[0] > '9')
        setting(text);
    else
        bad(tr("Not a line of this profile"));
}

ImportOutcome LegacyTextProfile::read()
{
    bool headed = false;
    m_evidence.basis = TimeBasis::None;
    while (m_lineStart < m_text.size()) {
        const size_t end = std::min(m_text.find('\n', m_lineStart), m_text.size());
        const std::string_view one = m_text.substr(m_lineStart, end - m_lineStart);
        ++m_number;
        if (headed)
            line(one);
        else if (!trimmed(one).empty() && !(headed = header(trimmed(one))))
            return ImportOutcome::NotThisFormat;
        m_lineStart = end + 1;
        if ((m_number & 0xFFF) == 0 && m_context.cancel.isCancelled())
            return ImportOutcome::Cancelled;
    }
    if (!headed)
        return ImportOutcome::NotThisFormat;
    flush();
    m_symbols.tellLimit(m_evidence);
    m_builder.finish(m_evidence, [this](qint32 function) { return m_symbols.nameOf(function); });
    return ImportOutcome::Read;
}

} // namespace faultline
