// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/csvcells.h"

#include "importers/core/wallclock.h"
#include "importers/metrics/numbers.h"
#include "models/core/views.h"

#include <array>

namespace faultline {

namespace {

constexpr size_t MostColumns = 20'000;

/// "11/23/2026 18:47:13", "11/23/2026, 6:47:13 PM" (month first), "23.11.2026 18:47:13": as spreadsheets and browsers write it.
std::optional<CellTime> dayAndTime(std::string_view text)
{
    Cursor cursor(text);
    const auto first = cursor.number(2);
    const char separator = cursor.peek();
    if (!first || (separator != '/' && separator != '.') || !cursor.take(separator))
        return std::nullopt;
    const auto second = cursor.number(2);
    if (!second || !cursor.take(separator))
        return std::nullopt;
    const auto year = cursor.digits(4);
    cursor.take(',');
    if (!year || cursor.blanks() == 0)
        return std::nullopt;
    auto hour = cursor.number(2);
    if (!hour || !cursor.take(':'))
        return std::nullopt;
    const auto minute = cursor.digits(2);
    const auto seconds = cursor.take(':') ? cursor.digits(2) : std::optional(0);
    qint64 nanos = 0;
    if (cursor.take('.') || cursor.take(','))
        nanos = cursor.nanos().value_or(0);
    cursor.blanks();
    const bool isMorning = cursor.take("AM") || cursor.take("am");
    const bool isEvening = !isMorning && (cursor.take("PM") || cursor.take("pm"));
    if (!minute || !seconds || !cursor.atEnd())
        return std::nullopt;
    if ((isMorning || isEvening) && (*hour < 1 || *hour > 12))
        return std::nullopt;
    if (isMorning || isEvening)
        hour = *hour % 12 + (isEvening ? 12 : 0);
    const bool monthFirst = separator == '/';
    const auto month = static_cast<int>(monthFirst ? *first : *second);
    const auto day = static_cast<int>(monthFirst ? *second : *first);
    const auto ns = civilNs(*year, month, day, static_cast<int>(*hour), *minute, *seconds, nanos);
    return ns ? std::optional(CellTime{SourceTime{*ns}, false, nanos == 0}) : std::nullopt;
}

/// What a unit written beside a number multiplies it by, and what it is then: Grafana writes cells as its panel shows them.
struct WrittenUnit {
    std::string_view text;
    double factor;
    const char *unit;
};
constexpr std::array WrittenUnits{
    WrittenUnit{"B", 1, "bytes"},
    WrittenUnit{"KiB", 1024, "bytes"},
    WrittenUnit{"MiB", 1024.0 * 1024, "bytes"},
    WrittenUnit{"GiB", 1024.0 * 1024 * 1024, "bytes"},
    WrittenUnit{"TiB", 1024.0 * 1024 * 1024 * 1024, "bytes"},
    WrittenUnit{"kB", 1e3, "bytes"},
    WrittenUnit{"MB", 1e6, "bytes"},
    WrittenUnit{"GB", 1e9, "bytes"},
    WrittenUnit{"TB", 1e12, "bytes"},
    WrittenUnit{"%", 1, "percent"},
    WrittenUnit{"ns", 1e-9, "seconds"},
    WrittenUnit{"µs", 1e-6, "seconds"},
    WrittenUnit{"ms", 1e-3, "seconds"},
    WrittenUnit{"s", 1, "seconds"},
    WrittenUnit{"min", 60, "seconds"},
    WrittenUnit{"mins", 60, "seconds"},
    WrittenUnit{"hour", 3600, "seconds"},
    WrittenUnit{"hours", 3600, "seconds"},
    WrittenUnit{"K", 1e3, ""},
    WrittenUnit{"Mil", 1e6, ""},
    WrittenUnit{"Bil", 1e9, ""},
};

/// Units at the end of a column's name. Those who write such tables take kB for KiB, as the kernel does.
constexpr std::array HeaderUnits{
    WrittenUnit{"kib", 1024, "bytes"},
    WrittenUnit{"kb", 1024, "bytes"},
    WrittenUnit{"mib", 1024.0 * 1024, "bytes"},
    WrittenUnit{"mb", 1024.0 * 1024, "bytes"},
    WrittenUnit{"gib", 1024.0 * 1024 * 1024, "bytes"},
    WrittenUnit{"gb", 1024.0 * 1024 * 1024, "bytes"},
    WrittenUnit{"bytes", 1, "bytes"},
    WrittenUnit{"ms", 1e-3, "seconds"},
    WrittenUnit{"pct", 1, "percent"},
    WrittenUnit{"percent", 1, "percent"},
    WrittenUnit{"%", 1, "percent"},
};

} // namespace

bool splitCells(std::string_view line, char separator, std::vector<QByteArray> &cells)
{
    cells.clear();
    QByteArray cell;
    bool quoted = false;
    for (size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted) {
            if (c != '"')
                cell.append(c);
            else if (i + 1 < line.size() && line[i + 1] == '"')
                cell.append(line[++i]);
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == separator) {
            cells.push_back(cell.trimmed());
            cell.clear();
            if (cells.size() >= MostColumns)
                return true;
        } else {
            cell.append(c);
        }
    }
    cells.push_back(cell.trimmed());
    return !quoted;
}

char separatorOf(std::string_view header)
{
    char best = ',';
    qint64 most = 0;
    for (const char candidate : {',', ';', '\t'}) {
        qint64 count = 0;
        bool quoted = false;
        for (const char c : header) {
            if (c == '"')
                quoted = !quoted;
            count += !quoted && c == candidate;
        }
        if (count > most) {
            most = count;
            best = candidate;
        }
    }
    return best;
}

std::optional<CellTime> timeOfCell(const QByteArray &cell)
{
    const std::string_view text = viewOf(cell);
    Cursor cursor(text);
    if (const auto iso = takeIsoTime(cursor)) {
        cursor.blanks();
        std::optional<WallTime> time = iso;
        if (!cursor.atEnd() && !time->zoneSeconds)
            time->zoneSeconds = zoneOfAbbreviation(cursor.word());
        if (!cursor.atEnd())
            return std::nullopt;
        return CellTime{time->sourceTime(), time->zoneSeconds.has_value(), time->decimals == 0};
    }
    if (const auto written = dayAndTime(text))
        return written;
    const auto ns = parseEpochNs(text);
    // Smaller numbers are counts, not times of a run.
    if (!ns || *ns < 300'000'000 * NsPerSecond)
        return std::nullopt;
    return CellTime{SourceTime{*ns}, true, *ns % NsPerSecond == 0};
}

bool isNoCell(const QByteArray &cell)
{
    static constexpr std::array Words{"", "null", "undefined", "-", "--", "N/A", "n/a"};
    return std::ranges::any_of(Words, [&cell](const char *word) { return cell == word; });
}

std::optional<CellValue> valueOfCell(QByteArray cell, char separator)
{
    if (separator != ',' && cell.count(',') == 1 && !cell.contains('.'))
        cell.replace(',', '.');
    const std::string_view text = viewOf(cell);
    if (const auto plain = parseFloat(text))
        return CellValue{*plain, {}};
    const size_t end = text.find_first_not_of("+-0123456789.eE");
    const auto number = end == std::string_view::npos || end == 0 ? std::nullopt : parseFloat(text.substr(0, end));
    if (!number)
        return std::nullopt;
    const size_t from = text.find_first_not_of(' ', end);
    const auto known =
        std::ranges::find(WrittenUnits, from == std::string_view::npos ? "" : text.substr(from), &WrittenUnit::text);
    if (known == WrittenUnits.end())
        return std::nullopt;
    return CellValue{*number * known->factor, known->unit};
}

std::optional<std::pair<CellValue, CellValue>> valuesOfCell(const QByteArray &cell, char separator)
{
    const qsizetype slash = cell.indexOf(" / ");
    if (slash < 0)
        return std::nullopt;
    const auto first = valueOfCell(cell.first(slash).trimmed(), separator);
    const auto second = valueOfCell(cell.sliced(slash + 3).trimmed(), separator);
    return first && second ? std::optional(std::pair(*first, *second)) : std::nullopt;
}

std::pair<QByteArray, QByteArray> namesOfHeader(const QByteArray &header)
{
    const qsizetype slash = header.indexOf(" / ");
    if (slash < 0)
        return {header, header + " 2"};
    const QByteArray first = header.first(slash).trimmed();
    const QByteArray second = header.sliced(slash + 3).trimmed();
    const qsizetype word = first.indexOf(' ');
    return {first, word < 0 ? second : QByteArray(first.first(word + 1) + second)};
}

ColumnUnit unitOfHeader(const QByteArray &header)
{
    QByteArray word = header.toLower();
    if (word.endsWith(')') || word.endsWith(']')) // "Memory (MiB)"
        word = word.chopped(1).sliced(word.lastIndexOf(word.endsWith(')') ? '(' : '[') + 1);
    else // "mem_used_mib"
        word = word.sliced(std::max(word.lastIndexOf('_'), word.lastIndexOf(' ')) + 1);
    const auto known = std::ranges::find(HeaderUnits, viewOf(word), &WrittenUnit::text);
    const bool isWhole = word.size() == header.size(); // a column named "mb" measures what it likes
    return known == HeaderUnits.end() || isWhole ? ColumnUnit{} : ColumnUnit{known->factor, known->unit};
}

} // namespace faultline
