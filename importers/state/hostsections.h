// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/state/wholetext.h"

#include <span>

namespace faultline {

/// The output of one command or one file of /proc, which may stand with others in one text (a script that calls several).
struct HostSection {
    /// Whether a line begins it; `file` is the last two parts of the name it was saved under, and only a hint.
    bool (*begins)(std::string_view line, QByteArrayView file);
    /// Reads from that line on into facts; returns how many lines were its own, at least 1.
    qint64 (*read)(const WholeText &text, qint64 first, QByteArrayView file, SourceEvidence &evidence);
};

/// Of /proc: meminfo, status, limits, loadavg, pressure, mounts, vmstat, stat, sockstat, file-nr.
std::span<const HostSection> procSections();
/// Of commands: uptime, ulimit -a, docker ps, docker stats, systemctl status, coredumpctl, last, ss -s.
std::span<const HostSection> commandSections();

/// "proc/meminfo" of "bundle/proc/meminfo".
QByteArray lastTwoParts(const QString &path);

} // namespace faultline
