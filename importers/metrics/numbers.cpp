// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/numbers.h"

#include "importers/core/cursor.h"

#include <charconv>
#include <cmath>

namespace faultline {

std::optional<double> parseFloat(std::string_view text)
{
    double plain = 0;
    const char *const textEnd = text.data() + text.size();
    if (!text.empty() && readShortDecimal(text.data(), textEnd, plain) == textEnd)
        return plain;
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-') || text.starts_with('+'))
            return std::nullopt;
    }
    if (text.empty() || text.contains('('))
        return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size())
        return std::nullopt;
    if (error == std::errc::result_out_of_range) {
        // Too large is infinite, too small is zero; the exponent's sign tells which.
        const bool small = text.contains("e-") || text.contains("E-");
        return small ? 0.0 : (text.starts_with('-') ? -HUGE_VAL : HUGE_VAL);
    }
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

namespace {

/// As nearly all are written: "1700000000.123".
std::optional<qint64> plainSecondsNs(std::string_view text)
{
    qint64 ns = 0;
    size_t at = 0;
    for (; at < text.size() && at < 10 && Cursor::isDigit(text[at]); ++at)
        ns = ns * 10 + (text[at] - '0');
    if (at > 0 && at < text.size() && text[at] == '.' && text.size() - at <= 10) {
        qint64 scale = NsPerSecond;
        if (ns >= 9'000'000'000)
            return std::nullopt;
        ns *= NsPerSecond;
        for (++at; at < text.size() && Cursor::isDigit(text[at]); ++at) {
            scale /= 10;
            ns += scale * (text[at] - '0');
        }
        if (at == text.size())
            return ns;
    } else if (at > 0 && at == text.size() && ns < 9'000'000'000) {
        return ns * NsPerSecond;
    }
    return std::nullopt;
}

} // namespace

std::optional<qint64> parseSecondsNs(std::string_view text)
{
    if (const auto plain = plainSecondsNs(text))
        return plain;
    Cursor cursor(text);
    const bool negative = cursor.take('-');
    if (!negative)
        cursor.take('+');
    if (const auto whole = cursor.number(10)) {
        qint64 nanos = 0;
        bool good = true;
        if (cursor.take('.'))
            nanos = cursor.nanos().value_or(0);
        good = cursor.atEnd() && *whole < 9'000'000'000;
        if (good) {
            const qint64 ns = *whole * NsPerSecond + nanos;
            return negative ? -ns : ns;
        }
    }
    const auto seconds = parseFloat(text);
    if (!seconds || !std::isfinite(*seconds) || std::abs(*seconds) > 9e9)
        return std::nullopt;
    // Written with an exponent: whole milliseconds are meant.
    return static_cast<qint64>(std::llround(*seconds * 1e3)) * NsPerMillisecond;
}

std::optional<qint64> parseEpochNs(std::string_view text)
{
    const auto value = parseFloat(text);
    if (!value || !std::isfinite(*value) || *value < 0)
        return std::nullopt;
    if (*value < 1e11)
        return parseSecondsNs(text);
    Cursor cursor(text);
    const auto whole = cursor.number(18);
    if (!whole || (!cursor.atEnd() && cursor.peek() != '.'))
        return *value < 9e12 ? std::optional(std::llround(*value) * NsPerMillisecond) : std::nullopt;
    if (*value < 1e14)
        return *whole < 9'000'000'000'000 ? std::optional(*whole * NsPerMillisecond) : std::nullopt;
    if (*value < 1e17)
        return *whole < 9'000'000'000'000'000 ? std::optional(*whole * NsPerMicrosecond) : std::nullopt;
    return *whole;
}

} // namespace faultline
