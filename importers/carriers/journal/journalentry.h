// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

#include <map>

namespace faultline {

/// What is read of a journal's entry, from any form that lists its fields: systemd.journal-fields(7). Views point into the text read.
struct JournalEntry {
    std::optional<qint64> realtimeNs;  ///< When journald received it.
    std::optional<qint64> monotonicNs; ///< The same moment since boot.
    std::optional<qint64> sourceRealtimeNs;
    std::optional<qint64> sourceMonotonicNs; ///< The sender's own, of kernel lines.
    std::string_view message;
    bool messageIsString = false;
    bool fromKernel = false;
    std::string_view host;
    std::string_view bootId;
    int priority = -1;
    bool whole = false;

    /// When it happened: for kernel lines by the kernel's own clock (journald may have received them much later).
    std::optional<SourceTime> time() const;
    Severity level() const;
    /// MESSAGE is for the caller.
    void setField(std::string_view name, std::string_view value);
};

/// Microseconds written in decimal, as nanoseconds.
std::optional<qint64> microsOf(std::string_view text);

/// A message that is no UTF-8 is written as its bytes: [104, 105].
QByteArray bytesOfArray(std::string_view array);

/// What ties each boot's clock to the wall's, and where that was set: facts "boot/<id>".
class BootClocks
{
public:
    /// A clock that is only slewed moves less than this between two entries.
    static constexpr DurationNs LeastStep = NsPerSecond / 2;

    void observe(const JournalEntry &entry, qint64 line, TextSink &sink);
    /// The host that all entries name; empty where there are several.
    QByteArray host() const { return m_oneHost ? m_host : QByteArray(); }

private:
    std::map<QByteArray, qint64> m_offsets; ///< The last realtime minus monotonic, by boot.
    QByteArray m_host;
    bool m_oneHost = true;
};

} // namespace faultline
