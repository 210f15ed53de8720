// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/kernel_release/kernelrelease.h"

#include "importers/core/cursor.h"
#include "importers/core/facts.h"

#include <set>

namespace faultline {

namespace {

class KernelReleaseSession final : public RecogniserSession
{
    enum Trigger { Banner, Headline };

public:
    void trigger(int trigger, const TextLine &line, LineReader &, TextSink &sink) override
    {
        const std::string_view text = line.payload;
        if (trigger == Banner) {
            constexpr std::string_view Mark = "Linux version ";
            const size_t at = text.find(Mark);
            if (at == std::string_view::npos)
                return;
            const std::string_view release = text.substr(at + Mark.size());
            state("release", release.substr(0, release.find(' ')), line, sink);
            return;
        }
        headline(text, line, sink);
    }
    void finish(LineReader &, TextSink &) override {}

private:
    /// "Not tainted 4.8.0 #2", "Tainted: G        W      4.8.0 #2", in older reports "3.4.1 #14 Not tainted".
    void headline(std::string_view text, const TextLine &line, TextSink &sink)
    {
        const size_t clean = text.find("Not tainted");
        const size_t tainted = text.find("Tainted: ");
        const size_t at = std::min(clean, tainted);
        if (at == std::string_view::npos)
            return;
        std::string_view letters = tainted == std::string_view::npos ? std::string_view() : text.substr(tainted + 9);
        size_t build = text.find(" #", at);
        if (build == std::string_view::npos)
            build = text.rfind(" #", at);
        if (build == std::string_view::npos)
            return;
        const size_t space = text.rfind(' ', build == 0 ? 0 : build - 1);
        const size_t start = space == std::string_view::npos || space >= build ? 0 : space + 1;
        if (start >= text.size() || !Cursor::isDigit(text[start]))
            return;
        state("release", text.substr(start, build - start), line, sink);
        QByteArray flags;
        for (const char c : letters.substr(0, letters.find_first_of("0123456789#[,"))) {
            if (c >= 'A' && c <= 'Z')
                flags.append(c);
            else if (c != ' ' && c != '(' && c != ')')
                break;
        }
        if (!flags.isEmpty())
            state("taint", {flags.constData(), static_cast<size_t>(flags.size())}, line, sink);
    }

    /// Each value once: a log may hold several kernels.
    void state(const char *key, std::string_view value, const TextLine &line, TextSink &sink)
    {
        constexpr size_t MostValues = 64;
        if (value.empty() || !Cursor::isDigit(key[0] == 'r' ? value[0] : '0'))
            return;
        if (m_told.size() < MostValues && m_told.emplace(key, toBytes(value)).second)
            addFact(sink, line, "kernel", key, toBytes(value));
    }

    std::set<std::pair<QByteArray, QByteArray>> m_told;
};

} // namespace

std::vector<QByteArray> KernelRelease::triggers() const
{
    return {R"(Linux version [0-9])", R"((Not tainted|Tainted: [A-Z ])[^#]*#[0-9]|#[0-9]+ (Not tainted|Tainted: ))"};
}

std::unique_ptr<RecogniserSession> KernelRelease::open() const
{
    return std::make_unique<KernelReleaseSession>();
}

} // namespace faultline
