// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics/promql.h"

#include "models/core/translate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostDepth = 64;
constexpr std::array<QByteArrayView, 13> OverRange{
    "rate",          "irate",         "increase",      "delta",         "idelta",          "changes",       "resets",
    "avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time", "last_over_time"};
constexpr std::array<QByteArrayView, 5> Aggregations{"sum", "min", "max", "avg", "count"};
/// From the loosest; those of one row are read from the left.
constexpr std::array<std::array<QByteArrayView, 6>, 5> Operators{{
    {"or"},
    {"and", "unless"},
    {"==", "!=", "<=", ">=", "<", ">"},
    {"+", "-"},
    {"*", "/", "%"},
}};

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// What could not be read, thrown from deep within the reading and caught at its top.
struct Refusal {
    QString reason;
    qsizetype at = 0;
    Code code = Code::Unsupported;
};

class Parser
{
public:
    explicit Parser(const QByteArray &text)
        : m_text(text)
    {
    }

    PromQuery whole()
    {
        PromQuery query = binary(0);
        skipBlanks();
        if (m_at < m_text.size())
            refuse(tr("unexpected “%1”").arg(shownRest()), Code::BadSyntax);
        return query;
    }

private:
    [[noreturn]] void refuse(const QString &reason, Code code = Code::Unsupported) const
    {
        throw Refusal{reason, m_at, code};
    }
    QString shownRest() const
    {
        return QString::fromUtf8(m_text.sliced(m_at).first(std::min<qsizetype>(20, m_text.size() - m_at)));
    }

    void skipBlanks()
    {
        while (m_at < m_text.size()) {
            if (QByteArrayView(" \t\r\n").contains(m_text[m_at]))
                ++m_at;
            else if (m_text[m_at] == '#')
                m_at = m_text.indexOf('\n', m_at) >= 0 ? m_text.indexOf('\n', m_at) : m_text.size();
            else
                return;
        }
    }
    char peek()
    {
        skipBlanks();
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    bool take(QByteArrayView token)
    {
        skipBlanks();
        if (!QByteArrayView(m_text).sliced(m_at).startsWith(token))
            return false;
        // A word ends where no letter goes on.
        const qsizetype end = m_at + token.size();
        if (isNameStart(token.back()) && end < m_text.size() && (isNameStart(m_text[end]) || isDigit(m_text[end])))
            return false;
        m_at = end;
        return true;
    }
    void expect(QByteArrayView token)
    {
        if (!take(token))
            refuse(m_at < m_text.size() ? tr("“%1” expected at “%2”").arg(QString::fromUtf8(token), shownRest())
                                        : tr("the query breaks off"),
                   Code::BadSyntax);
    }
    QByteArray word()
    {
        skipBlanks();
        qsizetype end = m_at;
        while (end < m_text.size() && (isNameStart(m_text[end]) || (end > m_at && isDigit(m_text[end]))))
            ++end;
        const QByteArray found = m_text.sliced(m_at, end - m_at);
        m_at = end;
        return found;
    }

    PromQuery binary(size_t level);
    PromQuery unary();
    PromQuery power();
    PromQuery atom();
    PromQuery number();
    PromQuery named();
    PromQuery function(const QByteArray &name);
    PromQuery aggregation(const QByteArray &name);
    PromQuery selector(const QByteArray &name, bool wantsRange);
    void matchers(PromQuery &into);
    QByteArray string();
    DurationNs duration();
    std::vector<QByteArray> labelList();

    const QByteArray &m_text;
    qsizetype m_at = 0;
    int m_depth = 0;
};

PromQuery Parser::binary(size_t level)
{
    if (level == Operators.size())
        return unary();
    if (++m_depth > MostDepth * static_cast<int>(Operators.size()))
        refuse(tr("it is nested too deeply"), Code::LimitReached);
    PromQuery left = binary(level + 1);
    while (true) {
        skipBlanks();
        const auto *const found =
            std::ranges::find_if(Operators[level], [&](QByteArrayView name) { return !name.isEmpty() && take(name); });
        if (found == Operators[level].end())
            break;
        PromQuery both;
        both.kind = PromQuery::Kind::Binary;
        both.name = found->toByteArray();
        both.isBool = both.isComparison() && take("bool");
        for (const char *keyword : {"on", "ignoring", "group_left", "group_right"})
            if (take(keyword))
                refuse(tr("“%1”: series are only joined by all their labels").arg(QLatin1StringView(keyword)));
        both.operands.push_back(std::move(left));
        both.operands.push_back(binary(level + 1));
        if (level < 2 && std::ranges::any_of(both.operands, &PromQuery::isScalar))
            refuse(tr("“%1” of a number").arg(QString::fromUtf8(both.name)), Code::BadSyntax);
        left = std::move(both);
    }
    --m_depth;
    return left;
}

PromQuery Parser::unary()
{
    if (take("+"))
        return unary();
    if (!take("-"))
        return power();
    if (++m_depth > MostDepth * static_cast<int>(Operators.size()))
        refuse(tr("it is nested too deeply"), Code::LimitReached);
    PromQuery negated;
    negated.kind = PromQuery::Kind::Binary;
    negated.name = "*";
    negated.operands.resize(1);
    negated.operands.front().number = -1;
    negated.operands.push_back(unary());
    --m_depth;
    return negated;
}

PromQuery Parser::power()
{
    PromQuery base = atom();
    if (!take("^"))
        return base;
    PromQuery both;
    both.kind = PromQuery::Kind::Binary;
    both.name = "^";
    both.operands.push_back(std::move(base));
    both.operands.push_back(unary()); // binds to the right
    return both;
}

PromQuery Parser::atom()
{
    const char c = peek();
    PromQuery query;
    if (c == '(') {
        take("(");
        query = binary(0);
        expect(")");
    } else if (isDigit(c) || c == '.') {
        query = number();
    } else if (c == '{') {
        query = selector({}, false);
    } else if (isNameStart(c)) {
        query = named();
    } else {
        refuse(m_at < m_text.size() ? tr("unexpected “%1”").arg(shownRest()) : tr("the query breaks off"),
               Code::BadSyntax);
    }
    if (peek() == '[')
        refuse(tr("a range stands outside of a function, or one of another query (a subquery)"));
    return query;
}

PromQuery Parser::number()
{
    skipBlanks();
    PromQuery query;
    const char *const begin = m_text.constData() + m_at;
    const char *const end = m_text.constData() + m_text.size();
    const bool isHexadecimal = m_text.sliced(m_at).startsWith("0x");
    const auto [after, error] = isHexadecimal ? std::from_chars(begin + 2, end, query.number, std::chars_format::hex)
                                              : std::from_chars(begin, end, query.number);
    if (error != std::errc())
        refuse(tr("“%1” is no number").arg(shownRest()), Code::BadNumber);
    m_at += after - begin;
    if (m_at < m_text.size() && isNameStart(m_text[m_at]))
        refuse(tr("“%1” is no number").arg(shownRest()), Code::BadNumber);
    return query;
}

PromQuery Parser::named()
{
    const qsizetype start = m_at;
    const QByteArray name = word();
    const bool isCall = peek() == '(';
    const QByteArray lower = name.toLower();
    if (std::ranges::contains(Aggregations, QByteArrayView(lower)) && (isCall || take("by") || take("without"))) {
        m_at = start + name.size();
        return aggregation(lower);
    }
    if (isCall)
        return function(name);
    if (lower == "inf" || lower == "nan") {
        PromQuery query;
        query.number =
            lower == "inf" ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
        return query;
    }
    return selector(name, false);
}

PromQuery Parser::function(const QByteArray &name)
{
    const qsizetype start = m_at;
    PromQuery call;
    call.kind = PromQuery::Kind::Function;
    call.name = name;
    expect("(");
    if (name == "abs") {
        call.operands.push_back(binary(0));
    } else if (name == "histogram_quantile") {
        call.operands.push_back(binary(0));
        if (!call.operands.front().isScalar())
            refuse(tr("%1() of a share that is no number").arg(QString::fromUtf8(name)));
        expect(",");
        call.operands.push_back(binary(0));
    } else if (std::ranges::contains(OverRange, QByteArrayView(name))) {
        const char c = peek();
        if (!isNameStart(c) && c != '{')
            refuse(tr("%1() of something that is no selector").arg(QString::fromUtf8(name)));
        call.operands.push_back(selector(c == '{' ? QByteArray() : word(), true));
    } else {
        m_at = start;
        if (name == "absent" || name == "absent_over_time")
            refuse(tr("%1(): that a series is not in the case does not mean that there was none")
                       .arg(QString::fromUtf8(name)));
        refuse(tr("%1() is not known here").arg(QString::fromUtf8(name.left(60))));
    }
    expect(")");
    return call;
}

std::vector<QByteArray> Parser::labelList()
{
    std::vector<QByteArray> labels;
    expect("(");
    while (!take(")")) {
        const QByteArray label = word();
        if (label.isEmpty())
            refuse(tr("the name of a label is missing"), Code::BadSyntax);
        labels.push_back(label);
        if (!take(",") && peek() != ')')
            expect(")");
    }
    return labels;
}

PromQuery Parser::aggregation(const QByteArray &name)
{
    PromQuery query;
    query.kind = PromQuery::Kind::Aggregation;
    query.name = name;
    const auto grouping = [&] {
        query.isWithout = take("without");
        if (!query.isWithout && !take("by"))
            return false;
        query.labels = labelList();
        return true;
    };
    const bool isBefore = grouping();
    expect("(");
    query.operands.push_back(binary(0));
    expect(")");
    if (!isBefore)
        grouping();
    return query;
}

PromQuery Parser::selector(const QByteArray &name, bool wantsRange)
{
    PromQuery query;
    query.kind = PromQuery::Kind::Selector;
    if (!name.isEmpty())
        query.matchers.push_back({"__name__", name, {}, false, false});
    if (take("{"))
        matchers(query);
    if (query.matchers.empty())
        refuse(tr("a selector without a name or matcher"), Code::BadSyntax);
    if (peek() == '[') {
        if (!wantsRange)
            refuse(tr("a range stands outside of a function"));
        take("[");
        query.rangeNs = duration();
        if (peek() == ':')
            refuse(tr("a subquery"));
        expect("]");
    } else if (wantsRange) {
        refuse(tr("a range in brackets is missing"), peek() == '(' ? Code::Unsupported : Code::BadSyntax);
    }
    if (take("offset"))
        query.offsetNs = take("-") ? -duration() : duration();
    if (peek() == '@')
        refuse(tr("“@”: a moment of its own"));
    return query;
}

void Parser::matchers(PromQuery &into)
{
    while (!take("}")) {
        LabelMatcher matcher;
        const bool isQuoted = peek() == '"' || peek() == '\'';
        matcher.label = isQuoted ? string() : word();
        if (isQuoted && (peek() == ',' || peek() == '}')) { // {"the.metric", …}
            matcher.value = std::exchange(matcher.label, "__name__");
        } else {
            if (matcher.label.isEmpty())
                refuse(tr("the name of a label is missing"), Code::BadSyntax);
            matcher.isNegated = take("!");
            matcher.isExpression = !matcher.isNegated ? take("=~") : take("~");
            if (!matcher.isExpression)
                expect("=");
            matcher.value = string();
        }
        if (matcher.isExpression) {
            matcher.expression.setPattern(QRegularExpression::anchoredPattern(QString::fromUtf8(matcher.value)));
            matcher.expression.setPatternOptions(QRegularExpression::DotMatchesEverythingOption);
            if (!matcher.expression.isValid())
                refuse(tr("“%1” is no regular expression").arg(QString::fromUtf8(matcher.value.left(80))),
                       Code::BadSyntax);
        }
        into.matchers.push_back(std::move(matcher));
        if (!take(",") && peek() != '}')
            expect("}");
    }
}

QByteArray Parser::string()
{
    const char quote = peek();
    if (quote != '"' && quote != '\'' && quote != '`')
        refuse(tr("a text in quotes is missing"), Code::BadSyntax);
    QByteArray text;
    for (++m_at; m_at < m_text.size() && m_text[m_at] != quote; ++m_at) {
        if (quote == '`' || m_text[m_at] != '\\') {
            text += m_text[m_at];
            continue;
        }
        const char escaped = ++m_at < m_text.size() ? m_text[m_at] : '\0';
        if (escaped == 'n')
            text += '\n';
        else if (escaped == 't')
            text += '\t';
        else if (escaped == '\\' || escaped == '"' || escaped == '\'')
            text += escaped;
        else
            refuse(tr("an escape in quotes that is not known here"));
    }
    if (m_at >= m_text.size())
        refuse(tr("the query breaks off within quotes"), Code::BadSyntax);
    ++m_at;
    return text;
}

DurationNs Parser::duration()
{
    skipBlanks();
    qsizetype end = m_at;
    while (end < m_text.size() && (isDigit(m_text[end]) || (m_text[end] >= 'a' && m_text[end] <= 'z')))
        ++end;
    const auto found = promDuration(QByteArrayView(m_text).sliced(m_at, end - m_at));
    if (!found || *found == 0)
        refuse(tr("“%1” is no duration").arg(shownRest()), Code::BadSyntax);
    m_at = end;
    return *found;
}

} // namespace

bool LabelMatcher::matches(const QByteArray &labelValue) const
{
    const bool isSame = isExpression ? expression.match(QString::fromUtf8(labelValue)).hasMatch() : labelValue == value;
    return isSame != isNegated;
}

bool PromQuery::isComparison() const
{
    return kind == Kind::Binary && std::ranges::contains(Operators[2], QByteArrayView(name));
}

bool PromQuery::isScalar() const
{
    return kind == Kind::Number || (kind == Kind::Binary && std::ranges::all_of(operands, &PromQuery::isScalar));
}

std::optional<DurationNs> promDuration(QByteArrayView text)
{
    constexpr std::array<std::pair<QByteArrayView, DurationNs>, 7> Units{{{"ms", NsPerMillisecond},
                                                                          {"s", NsPerSecond},
                                                                          {"m", NsPerMinute},
                                                                          {"h", NsPerHour},
                                                                          {"d", NsPerDay},
                                                                          {"w", 7 * NsPerDay},
                                                                          {"y", 365 * NsPerDay}}};
    constexpr DurationNs Most = 100 * 365 * NsPerDay;
    if (text == "0")
        return 0;
    if (text.isEmpty())
        return std::nullopt;
    DurationNs sum = 0;
    while (!text.isEmpty()) {
        qsizetype digits = 0;
        while (digits < text.size() && isDigit(text[digits]))
            ++digits;
        if (digits == 0 || digits > 9)
            return std::nullopt;
        const qint64 count = text.first(digits).toLongLong();
        text = text.sliced(digits);
        const auto *const unit =
            std::ranges::find_if(Units, [&](const auto &one) { return text.startsWith(one.first); });
        if (unit == Units.end() || count > (Most - sum) / unit->second)
            return std::nullopt;
        sum += count * unit->second;
        text = text.sliced(unit->first.size());
    }
    return sum;
}

Result<PromQuery> parsePromQuery(const QByteArray &text)
{
    try {
        return Parser(text).whole();
    } catch (const Refusal &refusal) {
        Position position;
        position.line = text.first(refusal.at).count('\n') + 1;
        position.column = refusal.at - text.lastIndexOf('\n', refusal.at - 1);
        if (refusal.at == 0)
            position.column = 1;
        position.byteOffset = refusal.at;
        return failure(refusal.code, refusal.reason, {}, {}, position);
    }
}

} // namespace faultline
