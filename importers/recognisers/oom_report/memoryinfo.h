// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <functional>
#include <string_view>
#include <vector>

namespace faultline {

/// Takes a key and its value. Keys end in the unit of the value: "_bytes", "_pages"; others are plain counts.
using MemoryValue = std::function<void(const QByteArray &key, const QByteArray &value)>;

/// Reads the lines between "Mem-Info:" and the table of tasks: mm/page_alloc.c (show_free_areas) up to 6.1, mm/show_mem.c since,
/// lib/show_mem.c, mm/swap_state.c (show_swap_cache_info), mm/slab_common.c (dump_unreclaimable_slab), kernels 2.6 to 6.x.
class MemoryInfo
{
public:
    /// False where the line is none of them.
    bool read(std::string_view line, const MemoryValue &value);

private:
    bool readNode(std::string_view line, const MemoryValue &value);
    bool readPairs(std::string_view line, const QByteArray &prefix, const MemoryValue &value) const;
    bool readSlab(std::string_view line, const MemoryValue &value) const;

    QByteArray m_zone; ///< The last one, "zone.0.DMA32."; what follows may belong to it.
    bool m_inSlabs = false;
};

/// Reads what a cgroup's memory consisted of, in one line ("cache:0KB rss:20260KB …", before 5.2) or a line each ("anon 327680").
/// mm/memcontrol.c: mem_cgroup_print_oom_meminfo.
bool readCgroupStat(std::string_view line, const MemoryValue &value);

/// The table of tasks: mm/oom_kill.c, dump_tasks. Columns differ by version and are taken from the heading.
class TaskTable
{
public:
    /// False where the line is no heading.
    bool readHeading(std::string_view line);
    /// The values of a row by the heading's names; the last is the task's name, which may hold blanks. False where it is no row.
    bool readRow(std::string_view line, QByteArray &pid, const MemoryValue &value) const;

private:
    std::vector<QByteArray> m_columns; ///< Behind the bracket, without "name".
};

/// "1968kB" → bytes, as text; empty where it is no size.
QByteArray sizeInBytes(std::string_view text);

} // namespace faultline
