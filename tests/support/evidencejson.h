// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline::test {

enum class EvidenceParts { WithoutEvents, All };

/// A summary of a source that a person can read and a golden file can hold. Events come from signatures, which change on their own; goldens leave
/// them out.
QByteArray toJson(const SourceEvidence &evidence, EvidenceParts parts);

/// Compares with the file `golden`; writes `golden`.actual on a mismatch, or the golden itself under FAULTLINE_UPDATE_GOLDEN=1 (never in CI).
/// Empty where they agree, else what to tell.
QString compareWithGolden(const QByteArray &actual, const QString &golden);

} // namespace faultline::test
