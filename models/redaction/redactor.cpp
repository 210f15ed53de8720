// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/redaction/redactor.h"

#include "models/core/translate.h"

#include <QFile>

#include <yaml-cpp/yaml.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostPieceLength =
    64 * 1024; ///< Longer text is looked through piece by piece, so that no pattern runs away.

QRegularExpression expression(const QString &pattern)
{
    QRegularExpression result(pattern, QRegularExpression::MultilineOption);
    result.optimize();
    return result;
}

/// What stands at a place with some of the text around it, on one line.
QString excerpt(const QString &text, qsizetype at, qsizetype length)
{
    constexpr qsizetype Around = 48;
    constexpr qsizetype MostLength = 160;
    const qsizetype from = std::max<qsizetype>(0, at - Around);
    const qsizetype to = std::min({text.size(), at + length + Around, from + MostLength});
    QString result = text.sliced(from, to - from).simplified();
    if (from > 0)
        result.prepend(u'…');
    if (to < text.size())
        result.append(u'…');
    return result;
}

/// The place of what is to be replaced.
std::pair<qsizetype, qsizetype> placeOf(const QRegularExpressionMatch &match, bool hasValue)
{
    if (hasValue)
        return {match.capturedStart(u"value"_s), match.capturedLength(u"value"_s)};
    return {match.capturedStart(), match.capturedLength()};
}

} // namespace

Result<std::vector<RedactionRule>> Redactor::parseRules(const QByteArray &yaml, const QString &file)
{
    try {
        std::vector<RedactionRule> rules;
        for (const YAML::Node &node : YAML::Load(yaml.toStdString())["rules"]) {
            const auto text = [&](const char *key) {
                const YAML::Node value = node[key];
                return value && value.IsScalar() ? QString::fromStdString(value.Scalar()) : QString();
            };
            RedactionRule rule{text("id"), text("title"), text("group") != u"names"_s, expression(text("pattern")),
                               true};
            const Position place{node.Mark().line + 1, node.Mark().column + 1, -1};
            if (rule.id.isEmpty() || text("pattern").isEmpty())
                return failure(Code::BadSyntax, tr("A rule needs an id and a pattern"), {}, file, place);
            if (!rule.pattern.isValid())
                return failure(Code::BadSyntax, tr("%1: %2").arg(rule.id, rule.pattern.errorString()), {}, file, place);
            rules.push_back(std::move(rule));
        }
        return rules;
    } catch (const YAML::Exception &problem) {
        return failure(Code::BadSyntax, QString::fromStdString(problem.msg), {}, file,
                       {problem.mark.line + 1, problem.mark.column + 1, -1});
    }
}

std::vector<RedactionRule> Redactor::shippedRules()
{
    QFile file(u":/faultline/redaction.yaml"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return parseRules(file.readAll(), file.fileName()).value_or(std::vector<RedactionRule>());
}

Result<std::vector<RedactionRule>> Redactor::chosenRules(const QString &choice, const QStringList &patterns)
{
    const std::vector<RedactionRule> shipped = shippedRules();
    std::vector<RedactionRule> rules;
    const QStringList words = choice.split(u',', Qt::SkipEmptyParts);
    for (const QString &word : words)
        if (word != u"all"_s && word != u"secrets"_s && word != u"names"_s
            && std::ranges::find(shipped, word, &RedactionRule::id) == shipped.end())
            return failure(Code::UnknownId, tr("There is no redaction rule '%1'").arg(word),
                           tr("Say secrets, names, all or ids of resources/redaction.yaml."));
    for (const RedactionRule &rule : shipped)
        if (words.contains(u"all"_s) || words.contains(rule.isSecret ? u"secrets"_s : u"names"_s)
            || words.contains(rule.id))
            rules.push_back(rule);
    for (const QString &pattern : patterns) {
        RedactionRule rule{u"pattern"_s, pattern, true, expression(pattern), true};
        if (!rule.pattern.isValid())
            return failure(Code::BadSyntax,
                           tr("'%1' is no regular expression: %2").arg(pattern, rule.pattern.errorString()));
        rules.push_back(std::move(rule));
    }
    return rules;
}

Redactor::Redactor(std::vector<RedactionRule> rules, QStringList kept)
    : m_rules(std::move(rules))
    , m_kept(kept.cbegin(), kept.cend())
    , m_hits(m_rules.size())
    , m_known(m_rules.size())
{
}

/// Index into the rule's hits.
qsizetype Redactor::hit(size_t rule, const QString &value)
{
    const auto known = m_known[rule].constFind(value);
    if (known != m_known[rule].cend())
        return *known;
    // Rules share an id where a person gives several patterns: the number goes on.
    qsizetype number = 1;
    for (size_t i = 0; i < m_rules.size(); ++i)
        if (m_rules[i].id == m_rules[rule].id)
            number += std::ssize(m_hits[i]);
    m_known[rule].insert(value, std::ssize(m_hits[rule]));
    m_hits[rule].push_back({m_rules[rule].id,
                            value,
                            u"[%1-%2]"_s.arg(m_rules[rule].id).arg(number),
                            0,
                            !m_rules[rule].isOn || m_kept.contains(value),
                            {}});
    return std::ssize(m_hits[rule]) - 1;
}

void Redactor::tellPlaces(const QString &before, const QString &after)
{
    std::ranges::sort(m_here);
    const auto [end, last] = std::ranges::unique(m_here);
    m_here.erase(end, last);
    for (const auto &[rule, index] : m_here) {
        RedactionHit &found = m_hits[rule][static_cast<size_t>(index)];
        if (found.places.size() >= RedactionHit::MostPlaces)
            continue;
        const QString &shown = found.isKept ? found.value : found.pseudonym;
        const qsizetype was = std::max<qsizetype>(0, before.indexOf(found.value));
        const qsizetype is = std::max<qsizetype>(0, after.indexOf(shown));
        found.places.push_back({m_line > 0 ? u"%1:%2"_s.arg(m_place).arg(m_line) : m_place,
                                excerpt(before, was, found.value.size()), excerpt(after, is, shown.size())});
    }
    m_here.clear();
}

QString Redactor::redactedBy(size_t rule, const QString &text)
{
    QString result;
    qsizetype done = 0;
    const bool hasValue = m_rules[rule].pattern.namedCaptureGroups().contains(u"value"_s);
    auto matches = m_rules[rule].pattern.globalMatch(text);
    while (matches.hasNext()) {
        const auto [start, length] = placeOf(matches.next(), hasValue);
        if (length == 0 || start < done)
            continue;
        const QString value = text.sliced(start, length);
        if (value.startsWith(u'[') && value.endsWith(u']'))
            continue; // a pseudonym
        const qsizetype index = hit(rule, value);
        RedactionHit &found = m_hits[rule][static_cast<size_t>(index)];
        ++found.count;
        m_here.emplace_back(rule, index);
        if (found.isKept)
            continue;
        result += QStringView(text).sliced(done, start - done);
        result += found.pseudonym;
        done = start + length;
    }
    return done == 0 ? text : QString(result + QStringView(text).sliced(done));
}

void Redactor::know(const Redactor &other)
{
    for (size_t rule = 0; rule < std::min(m_rules.size(), other.m_hits.size()); ++rule)
        for (const RedactionHit &found : other.m_hits[rule])
            hit(rule, found.value);
}

/// Values that are no common words: long, and with a digit.
QString Redactor::withoutKnown(const QString &text)
{
    constexpr size_t MostValues = 500;
    constexpr qsizetype LeastLength = 8;
    QString result = text;
    size_t looked = 0;
    for (size_t rule = 0; rule < m_rules.size(); ++rule) {
        if (!m_rules[rule].isSecret)
            continue;
        for (size_t i = 0; i < m_hits[rule].size() && looked < MostValues; ++i, ++looked) {
            RedactionHit &found = m_hits[rule][i];
            if (found.isKept || found.value.size() < LeastLength || !result.contains(found.value)
                || std::ranges::none_of(found.value, [](QChar c) { return c.isDigit(); }))
                continue;
            found.count += static_cast<int>(result.count(found.value));
            m_here.emplace_back(rule, static_cast<qsizetype>(i));
            result.replace(found.value, found.pseudonym);
        }
    }
    return result;
}

QString Redactor::redacted(const QString &text)
{
    if (text.size() > MostPieceLength) {
        QString result;
        for (qsizetype from = 0; from < text.size();) {
            // Cut at a line's end, else at a blank: a value does not lie across.
            qsizetype end = std::min(from + MostPieceLength, text.size());
            if (end < text.size())
                for (const QChar mark : {u'\n', u' '})
                    if (const qsizetype at = text.lastIndexOf(mark, end - 1); at > from) {
                        end = at + 1;
                        break;
                    }
            result += redacted(text.sliced(from, end - from));
            from = end;
        }
        return result;
    }
    QString result = text;
    for (size_t rule = 0; rule < m_rules.size(); ++rule)
        result = redactedBy(rule, result);
    result = withoutKnown(result);
    if (!m_here.empty())
        tellPlaces(text, result);
    return result;
}

QByteArray Redactor::redacted(const QByteArray &text)
{
    const QString before = QString::fromUtf8(text);
    const QString after = redacted(before);
    return after == before ? text : after.toUtf8();
}

std::vector<RedactionHit> Redactor::hits() const
{
    std::vector<RedactionHit> result;
    for (const auto &hits : m_hits)
        result.insert(result.end(), hits.begin(), hits.end());
    return result;
}

} // namespace faultline
