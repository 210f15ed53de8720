// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/searchquery.h"

#include "models/core/translate.h"

#include <QStringBuilder>
#include <QVarLengthArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int DeepestQuery = 50;
constexpr size_t MostTerms = 64;

} // namespace

QString SearchTerm::pattern() const
{
    const QString body = isRegex ? text : QRegularExpression::escape(text);
    // Look-around instead of \b: a word may begin or end with a character that is none of a word, as "--help" does.
    return wholeWord ? u"(?<![\\w\\p{L}\\p{N}\\p{M}])(?:"_s % body % u")(?![\\w\\p{L}\\p{N}\\p{M}])"_s : body;
}

QRegularExpression SearchTerm::expression() const
{
    return QRegularExpression(pattern(), caseSensitive ? QRegularExpression::NoPatternOption
                                                       : QRegularExpression::CaseInsensitiveOption);
}

/// Recursive descent: or < and < not < term.
class SearchParser
{
public:
    SearchParser(const SearchQuery &query, SearchPlan &plan)
        : m_query(query)
        , m_plan(plan)
    {
    }

    Result<void> parse()
    {
        alternatives(false, 0);
        skipBlanks();
        if (m_error.isEmpty() && m_at < m_query.text.size())
            fail(tr("This ')' closes nothing"));
        if (!m_error.isEmpty())
            return failure(Code::BadSyntax, m_error, {}, {}, {0, m_errorAt + 1, -1});
        return {};
    }

private:
    void fail(const QString &message)
    {
        if (!m_error.isEmpty())
            return;
        m_error = message;
        m_errorAt = m_at;
    }
    QChar peek() const { return m_at < m_query.text.size() ? m_query.text.at(m_at) : QChar(); }
    void skipBlanks()
    {
        while (m_at < m_query.text.size() && peek().isSpace())
            ++m_at;
    }
    bool atEnd()
    {
        skipBlanks();
        return !m_error.isEmpty() || m_at >= m_query.text.size();
    }
    QStringView wordHere()
    {
        skipBlanks();
        qsizetype end = m_at;
        while (end < m_query.text.size() && !m_query.text.at(end).isSpace() && m_query.text.at(end) != u'('
               && m_query.text.at(end) != u')')
            ++end;
        return QStringView(m_query.text).sliced(m_at, end - m_at);
    }
    bool takeWord(QStringView word)
    {
        if (wordHere().compare(word, Qt::CaseInsensitive) != 0)
            return false;
        m_at += word.size();
        return true;
    }

    void alternatives(bool isNegated, int depth)
    {
        all(isNegated, depth);
        while (!atEnd() && takeWord(u"or")) {
            all(isNegated, depth);
            m_plan.m_steps.push_back(SearchPlan::Or);
        }
    }

    void all(bool isNegated, int depth)
    {
        negation(isNegated, depth);
        while (!atEnd() && peek() != u')' && wordHere().compare(u"or", Qt::CaseInsensitive) != 0) {
            takeWord(u"and");
            negation(isNegated, depth);
            m_plan.m_steps.push_back(SearchPlan::And);
        }
    }

    void negation(bool isNegated, int depth)
    {
        if (depth > DeepestQuery)
            return fail(tr("Too many parentheses and 'not' in one another"));
        if (!atEnd() && takeWord(u"not")) {
            negation(!isNegated, depth + 1);
            m_plan.m_steps.push_back(SearchPlan::Not);
            return;
        }
        if (atEnd())
            return fail(tr("An expression is missing here"));
        if (peek() == u'(') {
            ++m_at;
            alternatives(isNegated, depth + 1);
            skipBlanks();
            if (peek() != u')')
                return fail(tr("A ')' is missing"));
            ++m_at;
            return;
        }
        term(isNegated);
    }

    void term(bool isNegated)
    {
        const QChar quote = peek();
        QString text;
        bool isRegex = m_query.isRegex;
        if (quote == u'"' || quote == u'/') {
            const qsizetype start = m_at++;
            isRegex = isRegex || quote == u'/';
            for (; m_at < m_query.text.size() && peek() != quote; ++m_at) {
                if (peek() == u'\\' && m_at + 1 < m_query.text.size() && m_query.text.at(m_at + 1) == quote)
                    ++m_at;
                else if (peek() == u'\\' && isRegex && m_at + 1 < m_query.text.size())
                    text += m_query.text.at(m_at++);
                text += peek();
            }
            if (m_at >= m_query.text.size()) {
                m_at = start;
                return fail(quote == u'"' ? tr("A closing '\"' is missing") : tr("A closing '/' is missing"));
            }
            ++m_at;
        } else {
            text = wordHere().toString();
            if (text.compare(u"and"_s, Qt::CaseInsensitive) == 0 || text.compare(u"or"_s, Qt::CaseInsensitive) == 0
                || text.isEmpty())
                return fail(tr("An expression is missing here"));
            m_at += text.size();
        }
        if (text.isEmpty())
            return fail(tr("An expression is empty"));
        if (m_plan.m_terms.size() >= MostTerms)
            return fail(tr("More than %1 expressions").arg(MostTerms));
        m_plan.m_steps.push_back(static_cast<int>(m_plan.m_terms.size()));
        m_plan.m_terms.push_back({text, isRegex, m_query.caseSensitive, m_query.wholeWord});
        m_plan.m_isNegated.push_back(isNegated);
    }

    const SearchQuery &m_query;
    SearchPlan &m_plan;
    qsizetype m_at = 0;
    QString m_error;
    qsizetype m_errorAt = 0;
};

Result<SearchPlan> SearchPlan::of(const SearchQuery &query)
{
    SearchPlan plan;
    if (query.isCombined) {
        if (const auto parsed = SearchParser(query, plan).parse(); !parsed)
            return std::unexpected(parsed.error());
    } else {
        if (query.text.isEmpty())
            return failure(Code::BadSyntax, tr("There is nothing to look for"));
        plan.m_terms.push_back({query.text, query.isRegex, query.caseSensitive, query.wholeWord});
        plan.m_isNegated.push_back(false);
        plan.m_steps.push_back(0);
    }
    return plan;
}

std::vector<SearchTerm> SearchPlan::wanted() const
{
    std::vector<SearchTerm> result;
    for (size_t i = 0; i < m_terms.size(); ++i) {
        if (!m_isNegated[i])
            result.push_back(m_terms[i]);
    }
    return result;
}

SearchPlan::Truth SearchPlan::judge(std::span<const Truth> terms) const
{
    QVarLengthArray<Truth, 64> stack;
    for (const int step : m_steps) {
        if (step >= 0) {
            stack.append(terms[static_cast<size_t>(step)]);
        } else if (step == Not) {
            stack.last() = static_cast<Truth>(2 - static_cast<int>(stack.last()));
        } else {
            const Truth right = stack.last();
            stack.removeLast();
            stack.last() = step == And ? std::min(stack.last(), right) : std::max(stack.last(), right);
        }
    }
    return stack.last();
}

} // namespace faultline
