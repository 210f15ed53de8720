// SPDX-License-Identifier: GPL-3.0-or-later
#define PCRE2_CODE_UNIT_WIDTH 8
#include "models/signatures/capture.h"

#include <pcre2.h>

#include <map>

namespace faultline {

namespace {

// Enough for any sane line; a pattern that backtracks more on a hostile line counts as not matching.
constexpr uint32_t MatchLimit = 200'000;
constexpr uint32_t DepthLimit = 20'000;
constexpr uint32_t HeapLimitKiB = 4 * 1024;
constexpr uint32_t OvectorPairs = 64;

struct CodeDeleter {
    void operator()(pcre2_code *code) const { pcre2_code_free(code); }
};
struct MatchDataDeleter {
    void operator()(pcre2_match_data *data) const { pcre2_match_data_free(data); }
};
struct MatchContextDeleter {
    void operator()(pcre2_match_context *context) const { pcre2_match_context_free(context); }
};
using MatchContext = std::unique_ptr<pcre2_match_context, MatchContextDeleter>;

MatchContext makeContext()
{
    MatchContext context(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context.get(), MatchLimit);
    pcre2_set_depth_limit(context.get(), DepthLimit);
    pcre2_set_heap_limit(context.get(), HeapLimitKiB);
    return context;
}

/// One a thread: a match only writes to it and reads it at once.
pcre2_match_data *threadMatchData()
{
    thread_local const std::unique_ptr<pcre2_match_data, MatchDataDeleter> data(
        pcre2_match_data_create(OvectorPairs, nullptr));
    return data.get();
}

} // namespace

struct CapturePattern::Private {
    std::unique_ptr<pcre2_code, CodeDeleter> code;
    MatchContext context = makeContext();
    std::vector<QByteArray> names;
    std::vector<std::vector<uint32_t>> groups; // per name; a name may stand in several alternatives

    int run(QByteArrayView line) const
    {
        QByteArrayView subject = line.first(std::min(line.size(), MostBytes));
        if (subject.endsWith('\r'))
            subject.chop(1);
        const auto *bytes = reinterpret_cast<PCRE2_SPTR>(subject.data() ? subject.data() : "");
        const auto length = static_cast<PCRE2_SIZE>(subject.size());
        int status = pcre2_match(code.get(), bytes, length, 0, 0, threadMatchData(), context.get());
        if (status == PCRE2_ERROR_JIT_STACKLIMIT)
            status = pcre2_match(code.get(), bytes, length, 0, PCRE2_NO_JIT, threadMatchData(), context.get());
        return status;
    }

    void readNames()
    {
        uint32_t count = 0;
        uint32_t size = 0;
        PCRE2_SPTR table = nullptr;
        pcre2_pattern_info(code.get(), PCRE2_INFO_NAMECOUNT, &count);
        pcre2_pattern_info(code.get(), PCRE2_INFO_NAMEENTRYSIZE, &size);
        pcre2_pattern_info(code.get(), PCRE2_INFO_NAMETABLE, &table);
        std::map<uint32_t, QByteArray> byNumber;
        for (uint32_t i = 0; i < count; ++i) {
            const PCRE2_SPTR entry = table + static_cast<size_t>(i) * size;
            const auto number = static_cast<uint32_t>((entry[0] << 8) | entry[1]);
            byNumber[number] = QByteArray(reinterpret_cast<const char *>(entry + 2));
        }
        for (const auto &[number, name] : byNumber) {
            const auto known = std::ranges::find(names, name);
            if (known == names.end()) {
                names.push_back(name);
                groups.push_back({number});
            } else {
                groups[static_cast<size_t>(known - names.begin())].push_back(number);
            }
        }
    }
};

CapturePattern::CapturePattern() = default;
CapturePattern::~CapturePattern() = default;
CapturePattern::CapturePattern(CapturePattern &&) noexcept = default;
CapturePattern &CapturePattern::operator=(CapturePattern &&) noexcept = default;

Result<CapturePattern> CapturePattern::compile(QByteArrayView pattern)
{
    int code = 0;
    PCRE2_SIZE offset = 0;
    CapturePattern result;
    result.d = std::make_unique<Private>();
    result.d->code.reset(pcre2_compile(
        reinterpret_cast<PCRE2_SPTR>(pattern.data()), static_cast<PCRE2_SIZE>(pattern.size()),
        PCRE2_DUPNAMES | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &offset, nullptr));
    if (!result.d->code) {
        char message[256] = {};
        pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR *>(message), sizeof message);
        const auto at = static_cast<qint64>(offset);
        return failure(Code::BadSyntax, QString::fromUtf8(message), {}, {},
                       {.line = 0, .column = at + 1, .byteOffset = at});
    }
    pcre2_jit_compile(result.d->code.get(), PCRE2_JIT_COMPLETE); // without JIT it is slower, not wrong
    result.d->readNames();
    return result;
}

std::optional<Fields> CapturePattern::match(QByteArrayView line) const
{
    const int status = d->run(line);
    if (status < 0)
        return std::nullopt;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(threadMatchData());
    const auto known = status == 0 ? OvectorPairs : static_cast<uint32_t>(status);
    Fields fields;
    for (size_t i = 0; i < d->names.size(); ++i) {
        for (const uint32_t group : d->groups[i]) {
            if (group >= known || ends[2 * group] == PCRE2_UNSET)
                continue;
            const auto from = static_cast<qsizetype>(ends[2 * group]);
            fields.emplace_back(d->names[i],
                                line.sliced(from, static_cast<qsizetype>(ends[2 * group + 1]) - from).toByteArray());
            break;
        }
    }
    return fields;
}

bool CapturePattern::matches(QByteArrayView line) const
{
    return d->run(line) >= 0;
}

const std::vector<QByteArray> &CapturePattern::names() const
{
    return d->names;
}

const CapturePattern &LazyCapturePattern::get() const
{
    std::call_once(m_once, [this] {
        auto pattern = CapturePattern::compile(m_text);
        if (!pattern)
            qFatal("%s: %s", m_text.constData(), qPrintable(pattern.error().message));
        m_pattern = std::move(*pattern);
    });
    return m_pattern;
}

} // namespace faultline
