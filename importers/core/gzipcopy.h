// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/archiveinput.h"

namespace faultline {

/// Inflates gzip, several members one after another too. Unlike libarchive's filter it gives every byte before the damage.
Copied copyGzip(const ByteSource &bytes, SpillWriter &writer, InflateBudget &budget, const CancelToken &cancel,
                QString &problem);

} // namespace faultline
