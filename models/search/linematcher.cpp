// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/linematcher.h"

#include "models/evidence/controlbytes.h"
#include "models/search/searchhull.h"
#include "models/signatures/scanner.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <QCoreApplication>

#include <algorithm>
#include <set>

namespace faultline {

namespace {

using Truth = SearchPlan::Truth;

constexpr uint32_t MostMatchSteps = 1'000'000; ///< Backtracking of one match; see pcre2_set_match_limit.
constexpr uint32_t MostMatchHeapKiB = 16 * 1024;

template<auto function>
struct Free {
    template<typename T>
    void operator()(T *pointer) const
    {
        function(pointer);
    }
};
using CodePointer = std::unique_ptr<pcre2_code, Free<pcre2_code_free>>;

Result<CodePointer> compile(const SearchTerm &term)
{
    const QByteArray pattern = term.pattern().toUtf8();
    const std::unique_ptr<pcre2_compile_context, Free<pcre2_compile_context_free>> context(
        pcre2_compile_context_create(nullptr));
#ifdef PCRE2_EXTRA_CASELESS_RESTRICT
    // Else the long s and the sign of Kelvin are cases of ASCII letters, and no scan of bytes could be used.
    if (context)
        pcre2_set_compile_extra_options(context.get(), PCRE2_EXTRA_CASELESS_RESTRICT);
#endif
    int error = 0;
    PCRE2_SIZE offset = 0;
    CodePointer code(pcre2_compile(
        reinterpret_cast<PCRE2_SPTR>(pattern.constData()), static_cast<PCRE2_SIZE>(pattern.size()),
        PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | (term.caseSensitive ? 0U : PCRE2_CASELESS),
        &error, &offset, context.get()));
    if (!code) {
        PCRE2_UCHAR text[256] = {};
        pcre2_get_error_message(error, text, sizeof text);
        const auto column = QString::fromUtf8(pattern.left(static_cast<qsizetype>(offset))).size() + 1;
        return failure(Code::BadSyntax, QString::fromUtf8(reinterpret_cast<const char *>(text)), {}, {},
                       {0, column, -1});
    }
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE); // without it the interpreter does the same
    return code;
}

/// Goes forward over text and knows the number of the line it is in.
struct LinePlace {
    std::string_view text;
    size_t lineStart = 0;
    qint64 line = 0;

    void goTo(size_t byte)
    {
        const std::string_view between = text.substr(lineStart, byte - lineStart);
        const size_t last = between.rfind('\n');
        if (last == std::string_view::npos)
            return;
        line += countLineFeeds(between);
        lineStart += last + 1;
    }
    void goToLine(qint64 wanted)
    {
        while (line < wanted) {
            const size_t end = text.find('\n', lineStart);
            if (end == std::string_view::npos)
                return;
            lineStart = end + 1;
            ++line;
        }
    }
    std::string_view lineText() const { return text.substr(lineStart, text.find('\n', lineStart) - lineStart); }
};

} // namespace

bool keepsPayloads(const SourceEvidence &source)
{
    // Formats whose decoders unescape; a test holds all others to it.
    static const std::set<QByteArray> escaped{"journal-json", "journal-pretty", "journal-export", "journal-verbose",
                                              "go-test-json", "junit-xml",      "nunit-xml",      "xunit-xml",
                                              "trx",          "json-lines",     "dmesg-json"};
    return source.decoder && !escaped.contains(source.format);
}

struct LineMatcher::Engine {
    std::vector<CodePointer> codes; ///< One a term.
    std::shared_ptr<const Scanner> scanner;
    std::vector<size_t> termOf; ///< Of the scanner's patterns.
};

struct LineMatcher::Scratch::Engine {
    std::unique_ptr<Scanner::Scratch> scanner;
    std::unique_ptr<pcre2_match_data, Free<pcre2_match_data_free>> data{pcre2_match_data_create(1, nullptr)};
    std::unique_ptr<pcre2_match_context, Free<pcre2_match_context_free>> context{pcre2_match_context_create(nullptr)};
    QByteArray stripped;
    QByteArray shown;
    std::vector<std::pair<qint64, size_t>> hits; ///< Offset of a byte within the line, term.
    std::vector<Truth> truths;
};

/// What to do with the lines on the way: `touched` decides on those that were hit, with what the pass knows of their terms.
struct LineMatcher::Walk {
    std::function<bool(const LinePlace &line, std::vector<Truth> &truths)> touched;
    std::vector<qint64> &found;
};

LineMatcher::Scratch::Scratch()
    : m_engine(std::make_unique<Engine>())
{
}
LineMatcher::Scratch::~Scratch() = default;
LineMatcher::LineMatcher()
    : m_engine(std::make_unique<Engine>())
{
}
LineMatcher::~LineMatcher() = default;

Result<std::shared_ptr<const LineMatcher>> LineMatcher::of(const SearchQuery &query)
{
    auto plan = SearchPlan::of(query);
    if (!plan)
        return std::unexpected(plan.error());
    std::shared_ptr<LineMatcher> matcher(new LineMatcher);
    std::vector<QByteArray> hulls;
    for (size_t i = 0; i < plan->terms().size(); ++i) {
        const SearchTerm &term = plan->terms()[i];
        auto code = compile(term);
        if (!code)
            return std::unexpected(code.error());
        matcher->m_engine->codes.push_back(std::move(*code));
        const auto hull = searchHull(term);
        matcher->m_untouched.push_back(hull ? Truth::No : Truth::Maybe);
        if (hull) {
            hulls.push_back(*hull);
            matcher->m_engine->termOf.push_back(i);
        }
    }
    if (!hulls.empty()) {
        if (auto scanner = makeScanner(hulls))
            matcher->m_engine->scanner = *scanner;
        else
            std::ranges::fill(matcher->m_untouched, Truth::Maybe);
    }
    matcher->m_plan = std::move(*plan);
    return matcher;
}

std::unique_ptr<LineMatcher::Scratch> LineMatcher::makeScratch() const
{
    std::unique_ptr<Scratch> scratch(new Scratch);
    if (m_engine->scanner)
        scratch->m_engine->scanner = m_engine->scanner->makeScratch();
    if (scratch->m_engine->context) {
        pcre2_set_match_limit(scratch->m_engine->context.get(), MostMatchSteps);
        pcre2_set_heap_limit(scratch->m_engine->context.get(), MostMatchHeapKiB);
    }
    return scratch;
}

bool LineMatcher::narrows(const SourceEvidence &source) const
{
    return keepsPayloads(source) && m_engine->scanner && m_plan.judge(m_untouched) != Truth::Maybe;
}

bool LineMatcher::termMatches(size_t term, std::string_view shown, unsigned options, Scratch &scratch) const
{
    const auto run = [&](unsigned more) {
        return pcre2_match(m_engine->codes[term].get(), reinterpret_cast<PCRE2_SPTR>(shown.data()), shown.size(), 0,
                           options | more, scratch.m_engine->data.get(), scratch.m_engine->context.get());
    };
    int found = run(0);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
        found = run(PCRE2_NO_JIT);
    if (found < 0 && found != PCRE2_ERROR_NOMATCH)
        ++scratch.m_gaveUp;
    return found >= 0;
}

bool LineMatcher::matches(std::string_view shown, Scratch &scratch) const
{
    std::vector<Truth> truths(m_plan.terms().size());
    for (size_t i = 0; i < truths.size(); ++i)
        truths[i] = termMatches(i, shown, 0, scratch) ? Truth::Yes : Truth::No;
    return m_plan.judge(truths) == Truth::Yes;
}

bool LineMatcher::confirms(std::string_view line, qint64 byteOffset, const LineDecoder &decoder,
                           std::vector<Truth> &truths, Scratch &scratch) const
{
    const DecodedLine decoded = decoder.decode(line, byteOffset);
    std::string_view shown = decoded.payload;
    if (nextControlByte(shown, 0) < shown.size()) {
        QByteArray &buffer = scratch.m_engine->shown;
        stripTerminalControl(shown, false, buffer);
        shown = {buffer.constData(), static_cast<size_t>(buffer.size())};
    }
    for (size_t i = 0; i < truths.size(); ++i) {
        if (truths[i] == Truth::Maybe)
            truths[i] = termMatches(i, shown, 0, scratch) ? Truth::Yes : Truth::No;
    }
    return m_plan.judge(truths) == Truth::Yes;
}

void LineMatcher::walk(const Lines &lines, Scratch &scratch, Walk &walk) const
{
    auto &mine = *scratch.m_engine;
    std::string_view scanned = lines.bytes;
    if (nextControlByteButLineFeed(scanned, 0) < scanned.size()) {
        stripTerminalControl(scanned, false, mine.stripped);
        scanned = {mine.stripped.constData(), static_cast<size_t>(mine.stripped.size())};
    }
    mine.hits.clear();
    m_engine->scanner->scan(scanned, *mine.scanner, [&](int pattern, qint64 endOffset) {
        mine.hits.emplace_back(endOffset - 1, m_engine->termOf[static_cast<size_t>(pattern)]);
    });
    if (!std::ranges::is_sorted(mine.hits))
        std::ranges::sort(mine.hits);
    const bool takesUntouched = m_plan.judge(m_untouched) == Truth::Yes;
    const auto takeUpTo = [&](qint64 from, qint64 end) {
        for (qint64 line = from; takesUntouched && line < end; ++line)
            walk.found.push_back(line);
    };
    LinePlace place{scanned, 0, lines.firstLine};
    qint64 next = lines.firstLine;
    for (size_t i = 0; i < mine.hits.size();) {
        place.goTo(static_cast<size_t>(mine.hits[i].first));
        const size_t lineEnd = std::min(scanned.find('\n', static_cast<size_t>(mine.hits[i].first)), scanned.size());
        mine.truths = m_untouched;
        for (; i < mine.hits.size() && static_cast<size_t>(mine.hits[i].first) < lineEnd; ++i)
            mine.truths[mine.hits[i].second] = Truth::Maybe;
        takeUpTo(next, place.line);
        next = place.line + 1;
        const Truth truth = m_plan.judge(mine.truths);
        if (truth == Truth::Yes || (truth == Truth::Maybe && walk.touched(place, mine.truths)))
            walk.found.push_back(place.line);
    }
    if (takesUntouched) {
        const qint64 count = countLineFeeds(lines.bytes) + (lines.bytes.ends_with('\n') || lines.bytes.empty() ? 0 : 1);
        takeUpTo(next, lines.firstLine + count);
    }
}

void LineMatcher::match(const Lines &lines, const SourceEvidence &source, Scratch &scratch,
                        std::vector<qint64> &found) const
{
    const LineDecoder &decoder = *source.decoder;
    LinePlace raw{lines.bytes, 0, lines.firstLine};
    if (narrows(source)) {
        Walk way{[&](const LinePlace &line, std::vector<Truth> &truths) {
                     if (line.text.data() == raw.text.data())
                         raw = line;
                     else
                         raw.goToLine(line.line);
                     return confirms(raw.lineText(), lines.byteOffset + static_cast<qint64>(raw.lineStart), decoder,
                                     truths, scratch);
                 },
                 found};
        walk(lines, scratch, way);
        return;
    }
    auto &truths = scratch.m_engine->truths;
    while (raw.lineStart < lines.bytes.size()) {
        truths.assign(m_plan.terms().size(), Truth::Maybe);
        const std::string_view text = raw.lineText();
        if (confirms(text, lines.byteOffset + static_cast<qint64>(raw.lineStart), decoder, truths, scratch))
            found.push_back(raw.line);
        raw.lineStart += text.size() + 1;
        ++raw.line;
    }
}

void LineMatcher::candidates(const Lines &lines, Scratch &scratch, std::vector<qint64> &found) const
{
    Walk way{[](const LinePlace &, std::vector<Truth> &) { return true; }, found};
    walk(lines, scratch, way);
}

void LineMatcher::matchPiece(const Piece &piece, const LineDecoder &decoder, Scratch &scratch,
                             std::vector<Truth> &truths) const
{
    truths.resize(m_plan.terms().size(), Truth::No);
    std::string_view text = piece.bytes;
    DecodedLine decoded;
    if (piece.isFirst) {
        decoded = decoder.decode(text, piece.byteOffset);
        text = decoded.payload;
    }
    const QByteArray shown = withoutTerminalControl(text);
    const unsigned options = (piece.isFirst ? 0U : PCRE2_NOTBOL) | (piece.isLast ? 0U : PCRE2_NOTEOL);
    for (size_t i = 0; i < truths.size(); ++i) {
        if (truths[i] == Truth::No
            && termMatches(i, {shown.constData(), static_cast<size_t>(shown.size())}, options, scratch))
            truths[i] = Truth::Yes;
    }
}

} // namespace faultline
