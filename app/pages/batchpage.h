// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/batch/batch.h"

namespace faultline {

/// Many runs as one self-contained page; empty where the template is missing.
QByteArray batchHtml(const Batch &batch);

} // namespace faultline
