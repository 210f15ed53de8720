// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/wallclock.h"
#include "models/evidence/types.h"

namespace faultline {

/// How a kernel log's line tells its time.
enum class KernelStamp {
    None,
    Boot,  ///< "[ 1386.176602] ", also with <6>, "kern  :info  : " or a thread's mark; "6,339,5140900,-;" of /dev/kmsg.
    Ctime, ///< "[Mon Nov 23 18:52:52 2026] " of dmesg -T.
    Iso,   ///< "2026-11-23T18:59:24,658864+00:00 " of dmesg --time-format iso.
    Reltime, ///< "[Nov23 18:55] " once a minute, "[  +0.000010] " between: dmesg -e and --reltime.
    Delta,   ///< "[<    0.000010>] " since the line before: dmesg --time-format delta.
    Syslog,  ///< "Nov 23 18:55:18 host kernel: [  12.345678] " or with an ISO time.
};

/// A line of a kernel log taken apart. Views point into the line.
struct KernelLine {
    KernelStamp stamp = KernelStamp::None;
    DurationNs sinceBoot =
        0; ///< For Boot; for Syslog where the bracket is there; for Delta and Reltime since the line before.
    bool hasSinceBoot = false;
    WallTime wall;
    bool isRelative = false; ///< For Reltime: `sinceBoot` counts from the line before; else `wall` is the minute.
    std::string_view host;   ///< For Syslog.
    bool fromKernel = false; ///< For Syslog: "kernel:" wrote it.
    std::string_view payload;
    Severity level = Severity::Info;
};

/// util-linux dmesg.c (print_record), kernel printk.c (print_prefix), rsyslog's traditional and ISO file formats.
KernelLine parseKernelLine(std::string_view line, const YearGuess &year);

/// What syslog writes before a message: "host ident[pid]: ". False, and the cursor as before, where it is something else.
struct SyslogSender {
    std::string_view host;
    std::string_view ident;
    qint64 pid = -1;
};
bool takeSyslogSender(Cursor &cursor, SyslogSender &sender);

/// "[ 1386.176602]" with exactly six decimals.
bool takeBootStamp(Cursor &cursor, DurationNs &sinceBoot);

/// Syslog's levels 0 to 7.
Severity severityOfPriority(int priority);

} // namespace faultline
