// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <expected>
#include <utility>

namespace faultline {

/// What went wrong, for programs; the message says it to people.
enum class Code {
    Ok,
    Usage,
    NotFound,
    NotReadable,
    NotThisFormat,
    Truncated,
    BadTimestamp,
    BadNumber,
    BadSyntax,
    BadEncoding,
    BadValue,
    UnknownId,
    LimitReached,
    Unsupported,
    Cancelled,
    Sql,
    Internal,
};

/// Stable kebab-case name as the JSON writes it: "bad-timestamp".
QLatin1StringView codeName(Code code);

/// A place in a file. Lines and columns count from 1; 0 and -1 are unknown.
struct Position {
    qint64 line = 0;
    qint64 column = 0;
    qint64 byteOffset = -1;
};

struct Error {
    Code code = Code::Internal;
    QString message; ///< What happened, one sentence.
    QString hint;    ///< What to do about it; may be empty.
    QString source;  ///< File or thing it happened in; may be empty.
    Position position;

    /// "source:line:column: message (hint)" without the parts that are unknown.
    QString toString() const;
};

template<typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failure(Code code, QString message, QString hint = {}, QString source = {},
                                      Position position = {})
{
    return std::unexpected(Error{code, std::move(message), std::move(hint), std::move(source), position});
}

} // namespace faultline
