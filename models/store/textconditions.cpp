// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/textconditions.h"

#include <QStringBuilder>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostPattern = 1000;

/// https://sqlite.org/lang_expr.html#like: '_' is a character, which SQLite takes to be of any number of bytes where UTF-8 is broken.
QString ofLike(const QString &pattern)
{
    QString result;
    for (const QChar c : pattern)
        result += c == u'%' ? u".*"_s : c == u'_' ? u".+"_s : QRegularExpression::escape(c);
    return result;
}

/// The same for GLOB; a class is taken for any character.
QString ofGlob(const QString &pattern)
{
    QString result;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QChar c = pattern.at(i);
        if (c == u'[') {
            // A ']' that stands first, or first after '^', is one of the class.
            const qsizetype first = i + (pattern.sliced(i).startsWith(u"[^") ? 2 : 1);
            const qsizetype close = pattern.indexOf(u']', first + 1);
            if (close < 0)
                return {};
            result += u".+"_s;
            i = close;
        } else {
            result += c == u'*' ? u".*"_s : c == u'?' ? u".+"_s : QRegularExpression::escape(c);
        }
    }
    return result;
}

} // namespace

std::optional<SearchQuery> searchForCondition(const Constraint &constraint)
{
    const QString text = QString::fromUtf8(constraint.value.text);
    if (constraint.value.type != CellType::Text || text.isEmpty() || text.size() > MostPattern
        || text.toUtf8() != constraint.value.text)
        return std::nullopt;
    SearchQuery query;
    query.isRegex = true;
    query.caseSensitive = constraint.comparison != Comparison::Like;
    switch (constraint.comparison) {
    case Comparison::Equal: query.text = QRegularExpression::escape(text); break;
    case Comparison::Like: query.text = ofLike(text); break;
    case Comparison::Glob: query.text = ofGlob(text); break;
    case Comparison::Regexp: query.text = text; break;
    default: break;
    }
    return query.text.isEmpty() ? std::nullopt : std::optional(query);
}

} // namespace faultline
