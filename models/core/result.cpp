// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/result.h"

#include <QStringBuilder>

using namespace Qt::StringLiterals;

namespace faultline {

QLatin1StringView codeName(Code code)
{
    switch (code) {
    case Code::Ok: return "ok"_L1;
    case Code::Usage: return "usage"_L1;
    case Code::NotFound: return "not-found"_L1;
    case Code::NotReadable: return "not-readable"_L1;
    case Code::NotThisFormat: return "not-this-format"_L1;
    case Code::Truncated: return "truncated"_L1;
    case Code::BadTimestamp: return "bad-timestamp"_L1;
    case Code::BadNumber: return "bad-number"_L1;
    case Code::BadSyntax: return "bad-syntax"_L1;
    case Code::BadEncoding: return "bad-encoding"_L1;
    case Code::BadValue: return "bad-value"_L1;
    case Code::UnknownId: return "unknown-id"_L1;
    case Code::LimitReached: return "limit-reached"_L1;
    case Code::Unsupported: return "unsupported"_L1;
    case Code::Cancelled: return "cancelled"_L1;
    case Code::Sql: return "sql"_L1;
    case Code::Internal: break;
    }
    return "internal"_L1;
}

QString Error::toString() const
{
    QString text;
    if (!source.isEmpty())
        text = source % u":"_s;
    if (position.line > 0)
        text += QString::number(position.line) % u":"_s;
    if (position.column > 0)
        text += QString::number(position.column) % u":"_s;
    if (!text.isEmpty())
        text += u' ';
    text += message;
    if (!hint.isEmpty())
        text += u" ("_s % hint % u")"_s;
    return text;
}

} // namespace faultline
