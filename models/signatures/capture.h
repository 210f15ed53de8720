// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Compiled PCRE2 patterns; for SignatureSet, checks and recognisers only.

#include "models/core/result.h"
#include "models/evidence/types.h"

#include <QByteArrayView>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace faultline {

/// One pattern for one line at a time. Bytes, not characters: logs need not be UTF-8. Immutable and thread safe.
class CapturePattern
{
public:
    /// Longer lines are matched up to here.
    static constexpr qsizetype MostBytes = 64 * 1024;

    CapturePattern();
    ~CapturePattern();
    CapturePattern(CapturePattern &&) noexcept;
    CapturePattern &operator=(CapturePattern &&) noexcept;

    /// An error's Position::column counts within the pattern.
    static Result<CapturePattern> compile(QByteArrayView pattern);

    /// The named groups that took part, in the order they are first named; nullopt without a match or past the match limits.
    std::optional<Fields> match(QByteArrayView line) const;
    bool matches(QByteArrayView line) const;
    const std::vector<QByteArray> &names() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A pattern that is known to compile, compiled when it is first asked: a run needs few of all that there are. Thread safe.
class LazyCapturePattern
{
public:
    explicit LazyCapturePattern(QByteArray text)
        : m_text(std::move(text))
    {
    }
    bool isEmpty() const { return m_text.isEmpty(); }
    /// Ends the program where the pattern does not compile.
    const CapturePattern &get() const;

private:
    QByteArray m_text;
    mutable std::once_flag m_once;
    mutable CapturePattern m_pattern;
};

} // namespace faultline
