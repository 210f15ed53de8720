// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/tracelines.h"

#include "importers/core/stampparts.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

using stampparts::isDigit;

/// "12: std::panicking::begin_panic", "#3 /app/index.php(12): main()".
bool isNumberedFrame(std::string_view text)
{
    if (text.starts_with('#'))
        text.remove_prefix(1);
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    return digits > 0 && digits < 4 && (text.substr(digits).starts_with(": ") || text.substr(digits).starts_with(" "));
}

/// "/usr/lib/go/src/x.go:12 +0x1b": below a Go frame.
bool isGoPlace(std::string_view text)
{
    const size_t go = text.find(".go:");
    return go != std::string_view::npos && go + 4 < text.size() && isDigit(text[go + 4]);
}

} // namespace

bool continuesTrace(std::string_view line)
{
    constexpr size_t MostIndent = 16;
    const size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view text = line.substr(indent);
    if (indent > MostIndent || text.empty())
        return false;
    static constexpr std::array<std::string_view, 6> Anywhere{"Caused by: ",
                                                              "Suppressed: ",
                                                              "Wrapped by: ",
                                                              "Traceback (most recent call last):",
                                                              "During handling of the above exception",
                                                              "The above exception was the direct cause"};
    if (std::ranges::any_of(Anywhere, [text](std::string_view start) { return text.starts_with(start); }))
        return true;
    if (indent == 0 && text.starts_with('#')) // PHP
        return isNumberedFrame(text) && (text.find('(') != std::string_view::npos || text.ends_with("{main}"));
    if (indent == 0) // "goroutine 1 [running]:", and below it "main.f(0x1)"
        return text.starts_with("goroutine ") || text.starts_with("--- End of ") || text.starts_with("   --- ");
    if (text.starts_with("at ") || text.starts_with("... ") || text.starts_with("File \"") || text.starts_with("from ")
        || text.starts_with("in ") || text.starts_with("--- End of ") || text.starts_with("^") || text.starts_with("~"))
        return true;
    return isNumberedFrame(text) || isGoPlace(text) || (indent >= 4 && text.find("+0x") != std::string_view::npos);
}

} // namespace faultline
