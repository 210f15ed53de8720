// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/registry.h"

namespace faultline {

/// The whole lines within a file's first `mostBytes`, with their times and levels, as a source of its own: what can be shown of a large log
/// while all of it is read. Null where it cannot be opened or is no plain text.
std::shared_ptr<const SourceEvidence> importHead(const Registry &registry, const QString &path, qint64 mostBytes);

} // namespace faultline
