// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QRegularExpression>

#include <span>
#include <vector>

namespace faultline {

/// What a person asks for.
struct SearchQuery {
    QString text;
    bool isRegex = false;
    bool caseSensitive = false;
    bool wholeWord = false;
    /// `text` holds several expressions: words, "quoted text" or /regular expressions/, with `and`, `or`, `not` and parentheses between
    /// (side by side means and). With isRegex the words and quoted texts are regular expressions too.
    bool isCombined = false;

    bool operator==(const SearchQuery &) const = default;
};

/// One expression of a query.
struct SearchTerm {
    QString text;
    bool isRegex = false;
    bool caseSensitive = false;
    bool wholeWord = false;

    bool operator==(const SearchTerm &) const = default;
    /// As PCRE2 takes it, without the case option.
    QString pattern() const;
    /// For marking what is found in shown text.
    QRegularExpression expression() const;
};

/// A query taken apart: terms, and how they are put together.
class SearchPlan
{
public:
    /// Of a term, or of a whole line.
    enum class Truth : quint8 { No, Maybe, Yes };

    /// Errors carry the column in Position::column, from 1; a query without any expression is one.
    static Result<SearchPlan> of(const SearchQuery &query);

    const std::vector<SearchTerm> &terms() const { return m_terms; }
    /// Terms that are not under a `not`: what to mark in a line that was found.
    std::vector<SearchTerm> wanted() const;
    /// What follows for the line where the terms are so.
    Truth judge(std::span<const Truth> terms) const;

private:
    friend class SearchParser;
    enum Operation { And = -1, Or = -2, Not = -3 };

    std::vector<SearchTerm> m_terms;
    std::vector<bool> m_isNegated; ///< Per term.
    std::vector<int> m_steps;      ///< Postfix: an index of a term, or an Operation.
};

} // namespace faultline
