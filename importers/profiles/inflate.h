// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace faultline {

/// What gzip held, as far as it could be read.
struct Inflated {
    QByteArray bytes;
    bool whole = false;  ///< False: cut off or damaged; `bytes` is what came before.
    bool capped = false; ///< More than was asked for.
};

bool isGzip(QByteArrayView bytes);

/// Inflates gzip (several members one after another too) up to `most` bytes.
Inflated inflateGzip(QByteArrayView bytes, qsizetype most);

} // namespace faultline
