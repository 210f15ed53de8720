// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// What the first lines of a source are.
struct HeadCount {
    int samples = 0;
    int stamped = 0;
    int floatStamps = 0;
    int metadata = 0;
    int openMetadata = 0;
    int dump = 0;
    int bad = 0;
    bool eof = false;
};

HeadCount countHead(const SourceHead &head);

/// Whether the file's name says that it holds metrics.
bool namedAsMetrics(const QString &name);

} // namespace faultline
