// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/signatures/signature.h"

#include <QDir>

namespace faultline {

/// All signatures in force with their capture patterns (PCRE2, match limits; compiled when first asked). Thread safe.
class SignatureSet
{
public:
    ~SignatureSet();
    Q_DISABLE_COPY_MOVE(SignatureSet)

    /// Mistakes in patterns (not compilable in an engine, able to match LF, double ids) fail with file and line.
    static Result<std::shared_ptr<const SignatureSet>> create(std::vector<Signature> signatures);
    /// The shipped ones and those of the folders given. What was read of the shipped is looked for in all of `cacheFolders`, and kept in the
    /// last.
    static Result<std::shared_ptr<const SignatureSet>> load(const QStringList &folders,
                                                            const QStringList &cacheFolders = {});

    const std::vector<Signature> &signatures() const;
    /// Patterns in order of signatures(), for the scanner.
    std::vector<QByteArray> patterns() const;
    int indexOf(QByteArrayView id) const; ///< -1 where unknown.

    /// Confirms a candidate on the payload (escapes removed); the captured fields, or nullopt where it does not match.
    std::optional<Fields> capture(int signature, QByteArrayView payload) const;
    bool appliesTo(int signature, SourceKind kind) const;
    /// Whether a line continues, or ends, the signature's block.
    bool continuesBlock(int signature, QByteArrayView payload) const;
    bool endsBlock(int signature, QByteArrayView payload) const;

private:
    struct Private;
    explicit SignatureSet(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// Runs every signature's examples and counterexamples; returns what failed. Empty: all hold.
std::vector<Error> selfTest(const SignatureSet &set);

} // namespace faultline
