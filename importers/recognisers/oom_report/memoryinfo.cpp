// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/oom_report/memoryinfo.h"

#include "importers/recognisers/oom_report/oomtext.h"
#include "models/core/views.h"

#include <algorithm>
#include <array>
#include <limits>

namespace faultline {

using namespace oomtext;

namespace {

bool isNumber(std::string_view text)
{
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.size() < 20 && std::ranges::all_of(text, Cursor::isDigit);
}

/// "isolated(anon)" → "isolated_anon".
QByteArray keyOf(std::string_view name)
{
    QByteArray key = bytesOf(name);
    key.replace('(', '_');
    key.replace(')', "");
    return key;
}

/// Lines that hold one number with words around it, and their keys.
struct CountLine {
    std::string_view before;
    std::string_view after;
    const char *key;
};
constexpr std::array CountLines{CountLine{"", " total pagecache pages", "pagecache_pages"},
                                CountLine{"", " pages in swap cache", "swap_cache_pages"},
                                CountLine{"", " pages RAM", "ram_pages"},
                                CountLine{"", " pages of RAM", "ram_pages"},
                                CountLine{"", " pages HighMem/MovableOnly", "highmem_pages"},
                                CountLine{"", " pages of HIGHMEM", "highmem_pages"},
                                CountLine{"", " pages HighMem", "highmem_pages"},
                                CountLine{"", " pages cma reserved", "cma_reserved_pages"},
                                CountLine{"", " pages reserved", "reserved_pages"},
                                CountLine{"", " reserved pages", "reserved_pages"},
                                CountLine{"", " pages hwpoisoned", "hwpoisoned_pages"},
                                CountLine{"", " pages shared", "shared_pages"},
                                CountLine{"", " pages non-shared", "non_shared_pages"},
                                CountLine{"", " pages swap cached", "swap_cache_pages"}};

bool readCount(std::string_view line, const MemoryValue &value)
{
    for (const auto &[before, after, key] : CountLines)
        if (line.ends_with(after) && isNumber(line.substr(0, line.size() - after.size()))) {
            value(key, bytesOf(line.substr(0, line.size() - after.size())));
            return true;
        }
    for (const auto &[mark, key] : {std::pair{std::string_view("Free swap"), "swap_free_bytes"},
                                    std::pair{std::string_view("Total swap"), "swap_total_bytes"}}) {
        if (!line.starts_with(mark))
            continue;
        const size_t equals = line.find_first_of("=:");
        const QByteArray size =
            equals == std::string_view::npos ? QByteArray() : sizeInBytes(trimmed(line.substr(equals + 1)));
        if (!size.isEmpty())
            value(key, size);
        return !size.isEmpty();
    }
    return false;
}

/// "Swap cache stats: add 8109797, delete 8109797, find 2116467/3106343"
bool readSwapCache(std::string_view line, const MemoryValue &value)
{
    constexpr std::string_view Mark = "Swap cache";
    if (!line.starts_with(Mark) || !line.contains("add "))
        return false;
    for (const std::string_view name : {"add", "delete", "find"}) {
        const size_t at = line.find(name);
        if (at == std::string_view::npos)
            continue;
        Cursor cursor(line.substr(at + name.size()));
        cursor.blanks();
        const auto number = cursor.number();
        if (!number)
            continue;
        value("swap_cache_" + bytesOf(name), QByteArray::number(*number));
        if (cursor.take('/'))
            if (const auto tries = cursor.number())
                value("swap_cache_find_tries", QByteArray::number(*tries));
    }
    return true;
}

} // namespace

QByteArray sizeInBytes(std::string_view text)
{
    Cursor cursor(text);
    const auto kilobytes = cursor.number();
    if (!kilobytes || (cursor.rest() != "kB" && cursor.rest() != "KB"))
        return {};
    constexpr qint64 Most = std::numeric_limits<qint64>::max();
    return QByteArray::number(*kilobytes > Most / 1024 ? Most : *kilobytes * 1024);
}

bool MemoryInfo::read(std::string_view line, const MemoryValue &value)
{
    line = trimmed(line);
    if (line.empty())
        return false;
    if (line.starts_with("Unreclaimable slab info:")) {
        m_inSlabs = true;
        return true;
    }
    if (m_inSlabs && readSlab(line, value))
        return true;
    constexpr std::string_view Reserve = "lowmem_reserve[]:";
    if (line.starts_with(Reserve)) {
        if (!m_zone.isEmpty())
            value(m_zone + "lowmem_reserve_pages", bytesOf(trimmed(line.substr(Reserve.size()))));
        return true;
    }
    if (line.starts_with("Node "))
        return readNode(line, value);
    if (readCount(line, value) || readSwapCache(line, value))
        return true;
    // "CPU    0: hi:  186, btch:  31 usd:  30" of each processor tells nothing of the whole.
    if (line.starts_with("CPU ") && line.contains("btch:"))
        return true;
    if (line == "Mem-Info:" || line == "Mem-info:")
        return true;
    return readPairs(line, {}, value);
}

/// "active_anon:113740 inactive_anon:1973 …": pages where no unit stands.
bool MemoryInfo::readPairs(std::string_view line, const QByteArray &prefix, const MemoryValue &value) const
{
    constexpr int MostPairs = 64;
    int found = 0;
    while (!line.empty() && found < MostPairs) {
        const size_t colon = line.find_first_of(":? ");
        if (colon == std::string_view::npos || colon == 0 || line[colon] == ' ')
            break;
        const std::string_view name = line.substr(0, colon);
        const bool asks = line[colon] == '?'; // "all_unreclaimable? yes"
        line = trimmed(line.substr(colon + 1));
        const size_t end = std::min(line.find_first_of(" ,"), line.size());
        const std::string_view text = line.substr(0, end);
        if (asks) {
            value(prefix + keyOf(name), bytesOf(text));
        } else if (const QByteArray size = sizeInBytes(text); !size.isEmpty()) {
            value(prefix + keyOf(name) + "_bytes", size);
        } else if (isNumber(text)) {
            const bool isCount = name == "pages_scanned" || !prefix.isEmpty();
            value(prefix + keyOf(name) + (isCount ? "" : "_pages"), bytesOf(text));
        } else {
            break;
        }
        ++found;
        line = line.substr(end);
        while (!line.empty() && (line.front() == ' ' || line.front() == ','))
            line.remove_prefix(1);
    }
    return found > 0;
}

/// "Node 0 DMA free:…", "Node 0 active_anon:…", "Node 0 DMA: 51*4kB …", "Node 0 hugepages_total=0 …", "Node 0 DMA per-cpu:".
bool MemoryInfo::readNode(std::string_view line, const MemoryValue &value)
{
    Cursor cursor(line.substr(5));
    const auto node = cursor.number(6);
    if (!node || cursor.blanks() == 0)
        return false;
    const QByteArray number = QByteArray::number(*node);
    std::string_view rest = cursor.rest();
    if (rest.starts_with("hugepages_total=")) {
        const size_t size = rest.find("hugepages_size=");
        const QByteArray prefix = "node." + number + ".hugepages."
                                  + (size == std::string_view::npos ? QByteArray() : bytesOf(rest.substr(size + 15)))
                                  + '.';
        for (const std::string_view name : {"total", "free", "surp"}) {
            const QByteArray key = "hugepages_" + bytesOf(name) + '=';
            const size_t at = rest.find(std::string_view(key.constData(), static_cast<size_t>(key.size())));
            Cursor count(at == std::string_view::npos ? std::string_view()
                                                      : rest.substr(at + static_cast<size_t>(key.size())));
            if (const auto pages = count.number())
                value(prefix + bytesOf(name), QByteArray::number(*pages));
        }
        return true;
    }
    const std::string_view first = cursor.word();
    if (first.empty())
        return false;
    if (first.ends_with(':') && first.find(':') == first.size() - 1) { // free blocks by size
        const QByteArray prefix = "zone." + number + '.' + bytesOf(first.substr(0, first.size() - 1)) + '.';
        const std::string_view blocks = trimmed(cursor.rest());
        const size_t equals = blocks.rfind("= ");
        if (equals == std::string_view::npos)
            return false;
        value(prefix + "free_blocks", bytesOf(trimmed(blocks.substr(0, equals))));
        value(prefix + "free_blocks_bytes", sizeInBytes(trimmed(blocks.substr(equals + 2))));
        return true;
    }
    if (first.contains(':')) // the whole node
        return readPairs(rest, "node." + number + '.', value);
    rest = trimmed(cursor.rest());
    if (rest.starts_with("per-cpu:"))
        return true;
    m_zone = "zone." + number + '.' + bytesOf(first) + '.';
    return readPairs(rest, m_zone, value);
}

/// Since 4.15: "kmalloc-1k        5234KB       5516KB" below "Name Used Total".
bool MemoryInfo::readSlab(std::string_view line, const MemoryValue &value) const
{
    Cursor cursor(line);
    const std::string_view name = cursor.word();
    cursor.blanks();
    const std::string_view used = cursor.word();
    cursor.blanks();
    const std::string_view total = cursor.word();
    if (name == "Name" && used == "Used")
        return true;
    const QByteArray usedBytes = sizeInBytes(used);
    const QByteArray totalBytes = sizeInBytes(total);
    cursor.blanks();
    if (usedBytes.isEmpty() || totalBytes.isEmpty() || !cursor.atEnd())
        return false;
    value("slab." + bytesOf(name) + ".used_bytes", usedBytes);
    value("slab." + bytesOf(name) + ".total_bytes", totalBytes);
    return true;
}

bool readCgroupStat(std::string_view line, const MemoryValue &value)
{
    line = trimmed(line);
    const size_t space = line.find(' ');
    if (space != std::string_view::npos && isNumber(line.substr(space + 1)) && !line.substr(0, space).contains(':')) {
        value(bytesOf(line.substr(0, space)), bytesOf(line.substr(space + 1)));
        return true;
    }
    bool found = false;
    while (!line.empty()) {
        const size_t end = std::min(line.find(' '), line.size());
        const std::string_view pair = line.substr(0, end);
        const size_t colon = pair.find(':');
        if (colon == std::string_view::npos)
            return found;
        const std::string_view text = pair.substr(colon + 1);
        const QByteArray size = sizeInBytes(text);
        if (size.isEmpty() && !isNumber(text))
            return found;
        // Bytes, as the newer form gives them.
        value(bytesOf(pair.substr(0, colon)), size.isEmpty() ? bytesOf(text) : size);
        found = true;
        line = trimmed(line.substr(end));
    }
    return found;
}

bool TaskTable::readHeading(std::string_view line)
{
    constexpr size_t MostColumns = 24;
    Cursor cursor(line);
    cursor.blanks();
    if (!cursor.take('['))
        return false;
    cursor.blanks();
    if (!cursor.take("pid"))
        return false;
    cursor.blanks();
    if (!cursor.take(']'))
        return false;
    m_columns.clear();
    while (cursor.blanks(), !cursor.atEnd() && m_columns.size() < MostColumns) {
        const std::string_view name = cursor.word();
        if (name == "name")
            return !m_columns.empty();
        m_columns.push_back(bytesOf(name));
    }
    return false;
}

bool TaskTable::readRow(std::string_view line, QByteArray &pid, const MemoryValue &value) const
{
    Cursor cursor(line);
    cursor.blanks();
    if (!cursor.take('['))
        return false;
    cursor.blanks();
    const auto number = cursor.number(10);
    cursor.blanks();
    if (!number || !cursor.take(']'))
        return false;
    std::vector<QByteArray> values;
    for (size_t i = 0; i < m_columns.size(); ++i) {
        cursor.blanks();
        const std::string_view word = cursor.word();
        if (!isNumber(word))
            return false;
        values.push_back(bytesOf(word));
    }
    pid = QByteArray::number(*number);
    for (size_t i = 0; i < m_columns.size(); ++i)
        value(m_columns[i], values[i]);
    value("name", bytesOf(trimmed(cursor.rest())));
    return true;
}

} // namespace faultline
