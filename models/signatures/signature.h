// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/evidence/types.h"

namespace faultline {

/// What belongs to a matched line: the lines after it that match `continues`, through the first that matches `ends`.
struct SignatureBlock {
    QByteArray continues; ///< Empty: any line.
    QByteArray ends;      ///< Empty: until a line does not continue.
    int mostLines = 200;
};

/// What a line means. Read from resources/signatures/*.yaml and the user's folder.
struct Signature {
    QByteArray id;      ///< Dotted, lower case: "kernel.oom_kill".
    QByteArray pattern; ///< PCRE2 syntax within what Hyperscan and RE2 take too; '^' means the payload's start.
    std::vector<SourceKind> sources; ///< Empty: any.
    Severity severity = Severity::Info;
    Role role = Role::Context;
    QString title; ///< One short line, may hold {field} placeholders.
    QString doc;
    /// For symptoms and causes that are failures themselves: what failed, with {field} placeholders. Empty: not a failure by itself.
    QString failure;
    /// Signal that the failure means, where it means one: "SIGKILL".
    QByteArray signal;
    /// How precisely it says what broke: of several failing lines in a step the highest is the origin. 0..100
    int weight = 50;
    std::optional<SignatureBlock> block;
    std::vector<QByteArray> examples;
    std::vector<QByteArray> counterexamples;
    QString file; ///< Where it was defined, for messages.
    Position position;
};

/// Reads one YAML file; every entry's mistakes are told with line and column.
Result<std::vector<Signature>> parseSignatures(const QByteArray &yaml, const QString &file);

} // namespace faultline
