// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/signatures/signature.h"

namespace faultline {

/// Everything wrong with a signature file, in order of place: YAML, keys, patterns, placeholders, examples. Empty: all is well.
std::vector<Error> checkSignatureFile(const QByteArray &yaml, const QString &file);

/// As parseSignatures(), but tells all mistakes and returns the entries without any.
std::vector<Signature> readSignatures(const QByteArray &yaml, const QString &file, std::vector<Error> &errors);

enum class CheckDepth {
    Loading,   ///< What costs nothing to speak of: for every start of the program.
    Authoring, ///< Also compiles each pattern on its own in every engine of this build.
};

/// What is wrong with one signature's patterns and placeholders, whatever the other signatures are.
std::vector<Error> checkSignature(const Signature &signature, CheckDepth depth);

/// The first error, with a word on how many more there are. `errors` is not empty.
Error firstOf(std::vector<Error> errors);

} // namespace faultline
