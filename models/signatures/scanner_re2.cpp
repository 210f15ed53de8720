// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef FAULTLINE_HAVE_RE2
#include "models/signatures/engines.h"

#include "models/core/translate.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <cstring>
#include <numeric>
#include <string>

namespace faultline {

namespace {

// A set is asked about a stretch of lines first; only in a stretch that holds a match it is asked line by line.
constexpr size_t StretchBytes = 4096;
constexpr qint64 SetMemory = 64 * 1024 * 1024;

RE2::Options options()
{
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingLatin1); // bytes: logs need not be UTF-8
    options.set_log_errors(false);
    options.set_max_mem(SetMemory);
    return options;
}

std::string expressionOf(const ScanForm &form)
{
    return (form.caseless ? "(?i)" : "") + form.expression.toStdString();
}

class Re2Scratch : public Scanner::Scratch
{
public:
    std::vector<int> found;
};

class Re2Scanner : public Scanner
{
public:
    /// `patterns`: the index of each pattern in the set, ascending.
    Re2Scanner(std::unique_ptr<RE2::Set> set, std::vector<int> patterns)
        : m_set(std::move(set))
        , m_patterns(std::move(patterns))
    {
    }

    std::unique_ptr<Scratch> makeScratch() const override { return std::make_unique<Re2Scratch>(); }

    void scan(std::string_view bytes, Scratch &scratch, const Hit &hit) const override
    {
        if (m_patterns.empty())
            return;
        auto &found = static_cast<Re2Scratch &>(scratch).found;
        for (size_t from = 0; from < bytes.size();) {
            const size_t to = from + StretchBytes >= bytes.size() ? bytes.size() : lineEnd(bytes, from + StretchBytes);
            if (mayHold(bytes.substr(from, to - from)))
                scanLines(bytes, from, to, found, hit);
            from = to + (to < bytes.size() ? 1 : 0);
        }
    }

private:
    static size_t lineEnd(std::string_view bytes, size_t from)
    {
        const void *lineFeed = std::memchr(bytes.data() + from, '\n', bytes.size() - from);
        return lineFeed ? static_cast<size_t>(static_cast<const char *>(lineFeed) - bytes.data()) : bytes.size();
    }

    bool mayHold(std::string_view stretch) const
    {
        RE2::Set::ErrorInfo error{};
        return m_set->Match({stretch.data(), stretch.size()}, nullptr, &error) || error.kind != RE2::Set::kNoError;
    }

    void scanLines(std::string_view bytes, size_t from, size_t to, std::vector<int> &found, const Hit &hit) const
    {
        while (from < to) {
            const size_t end = lineEnd(bytes, from);
            RE2::Set::ErrorInfo error{};
            found.clear();
            if (!m_set->Match({bytes.data() + from, end - from}, &found, &error) && error.kind != RE2::Set::kNoError) {
                // Out of its memory: every pattern is a candidate, captures decide.
                found.resize(m_patterns.size());
                std::iota(found.begin(), found.end(), 0);
            }
            std::ranges::sort(found);
            for (const int pattern : found)
                hit(m_patterns[static_cast<size_t>(pattern)], static_cast<qint64>(end));
            from = end + 1;
        }
    }

    std::unique_ptr<RE2::Set> m_set;
    std::vector<int> m_patterns;
};

} // namespace

Result<std::shared_ptr<const Scanner>> makeRe2Scanner(const std::vector<QByteArray> &patterns)
{
    const auto forms = scanForms(patterns);
    if (!forms)
        return std::unexpected(forms.error());
    auto set = std::make_unique<RE2::Set>(options(), RE2::UNANCHORED);
    std::vector<int> indexes;
    for (size_t i = 0; i < forms->size(); ++i) {
        const ScanForm &form = (*forms)[i];
        if (form.expression.isEmpty())
            continue;
        indexes.push_back(static_cast<int>(i));
        std::string error;
        if (set->Add(expressionOf(form), &error) < 0)
            return failure(
                Code::Unsupported,
                tr("RE2 cannot compile %1: %2").arg(QString::fromUtf8(form.expression), QString::fromStdString(error)));
    }
    if (!set->Compile())
        return failure(Code::LimitReached, tr("The patterns together need more memory than RE2 may take"));
    return std::make_shared<Re2Scanner>(std::move(set), std::move(indexes));
}

Result<void> compilesInRe2(const ScanForm &form)
{
    const RE2 expression(expressionOf(form), options());
    if (!expression.ok())
        return failure(Code::Unsupported, QString::fromStdString(expression.error()));
    return {};
}

} // namespace faultline
#endif
