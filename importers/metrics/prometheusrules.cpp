// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/prometheusrules.h"

#include "importers/core/notes.h"
#include "importers/state/wholetext.h"
#include "models/core/translate.h"
#include "models/metrics/promql.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

namespace faultline {

namespace {

QByteArray textOf(const YAML::Node &node)
{
    constexpr size_t Most = 4096;
    return node.IsScalar()
               ? QByteArray(node.Scalar().data(), static_cast<qsizetype>(std::min(Most, node.Scalar().size())))
               : QByteArray();
}

/// Whether a query can be whole: brackets and quotes close, and no operator ends it. It is not parsed further.
bool looksWhole(std::string_view query)
{
    QByteArray open;
    char quote = 0;
    for (size_t i = 0; i < query.size(); ++i) {
        const char c = query[i];
        if (quote) {
            if (c == '\\' && quote != '`')
                ++i;
            else if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'' || c == '`') {
            quote = c;
        } else if (c == '(' || c == '[' || c == '{') {
            open.append(c == '(' ? ')' : c == '[' ? ']' : '}');
        } else if (c == ')' || c == ']' || c == '}') {
            if (!open.endsWith(c))
                return false;
            open.chop(1);
        }
    }
    const size_t last = query.find_last_not_of(" \t\r\n");
    return !quote && open.isEmpty() && last != std::string_view::npos
           && !std::string_view("+-*/%^=<>!,").contains(query[last]);
}

/// A query on one line, without its comments.
QByteArray onOneLine(const QByteArray &query)
{
    QByteArray text;
    char quote = 0;
    for (qsizetype i = 0; i < query.size(); ++i) {
        const char c = query[i];
        if (!quote && c == '#') {
            i = query.indexOf('\n', i);
            if (i < 0)
                break;
            text += ' ';
            continue;
        }
        text += c;
        if (quote && c == '\\' && quote != '`' && i + 1 < query.size())
            text += query[++i];
        else if (quote ? c == quote : c == '"' || c == '\'' || c == '`')
            quote = quote ? '\0' : c;
    }
    return text.simplified();
}

class RuleReader
{
public:
    RuleReader(SourceEvidence &evidence, const ImportContext &context, const WholeText &text)
        : m_evidence(evidence)
        , m_context(context)
        , m_text(text)
    {
    }

    ImportOutcome read(const YAML::Node &root);
    void refuse(const YAML::Mark &mark, const QString &text)
    {
        addNote(m_evidence, m_context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax,
                m_text.position(mark.line + 1, mark.column + 1), text);
    }

private:
    void rule(const YAML::Node &rule);
    void checkAlert(const YAML::Node &rule, const QByteArray &name, const QByteArray &expression);
    void fact(const YAML::Node &at, const QByteArray &subject, const QByteArray &key, const QByteArray &value)
    {
        Fact fact;
        fact.line = at.Mark().line + 1;
        fact.subject = subject;
        fact.key = key;
        fact.value = value;
        m_evidence.facts.push_back(std::move(fact));
    }

    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    const WholeText &m_text;
    size_t m_rules = 0;
};

/// Tells what of an alert will not be evaluated on the series of the case, and why.
void RuleReader::checkAlert(const YAML::Node &rule, const QByteArray &name, const QByteArray &expression)
{
    const auto refuseAlert = [&](const YAML::Node &at, const QString &reason) {
        addNote(m_evidence, Severity::Info, Code::Unsupported,
                m_text.position(at.Mark().line + 1, at.Mark().column + 1),
                tr("Alert %1 is not evaluated: %2").arg(QString::fromUtf8(name.left(200)), reason));
    };
    const YAML::Node wait = rule["for"];
    if (const auto query = parsePromQuery(expression); !query)
        refuseAlert(rule["expr"], query.error().message);
    else if (query->isScalar())
        refuseAlert(rule["expr"], tr("its query answers with a number, not with series"));
    else if (wait && !promDuration(textOf(wait)))
        refuseAlert(wait, tr("“%1” is no duration").arg(QString::fromUtf8(textOf(wait).left(60))));
}

void RuleReader::rule(const YAML::Node &rule)
{
    if (!rule.IsMap())
        return refuse(rule.Mark(), tr("Not a rule"));
    const YAML::Node alert = rule["alert"];
    const YAML::Node record = rule["record"];
    const YAML::Node query = rule["expr"];
    if ((!alert && !record) || !query)
        return refuse(rule.Mark(), tr("A rule has no name or no query"));
    const QByteArray expression = onOneLine(textOf(query));
    const bool isWhole = looksWhole({expression.constData(), static_cast<size_t>(expression.size())});
    if (!isWhole)
        refuse(query.Mark(), tr("The rule's query breaks off"));
    if (++m_rules > PrometheusRules::MostRules)
        return;
    const QByteArray name = textOf(alert ? alert : record);
    if (alert && isWhole)
        checkAlert(rule, name, expression);
    const QByteArray subject = (alert ? "alert/" : "record/") + name;
    fact(rule, subject, "expr", expression);
    if (const YAML::Node wait = rule["for"])
        fact(wait, subject, "for", textOf(wait));
    if (const YAML::Node labels = rule["labels"]; labels && labels.IsMap())
        if (const YAML::Node severity = labels["severity"])
            fact(severity, subject, "severity", textOf(severity));
}

ImportOutcome RuleReader::read(const YAML::Node &root)
{
    if (!root.IsMap())
        return ImportOutcome::NotThisFormat;
    const YAML::Node groups = root["groups"];
    if (!groups || !groups.IsSequence()) {
        if (root["tests"])
            addNote(m_evidence, Severity::Info, Code::Ok, {},
                    tr("Unit tests of rules: their series are made up, so nothing of them is read"));
        else if (m_context.forced)
            refuse(root.Mark(), tr("There are no groups of rules"));
        return root["tests"] || m_context.forced ? ImportOutcome::Read : ImportOutcome::NotThisFormat;
    }
    for (const YAML::Node group : groups) {
        const YAML::Node rules = group.IsMap() ? group["rules"] : YAML::Node();
        if (!rules || !rules.IsSequence()) {
            refuse(group.Mark(), tr("A group has no rules"));
            continue;
        }
        for (const YAML::Node one : rules)
            rule(one);
        if (m_context.cancel.isCancelled())
            return ImportOutcome::Cancelled;
    }
    addNote(m_evidence, Severity::Info, Code::Ok, {},
            tr("These are rules: thresholds, not measurements. Where an alert would have fired on the series of the "
               "case, it is an event"));
    if (m_rules > PrometheusRules::MostRules)
        addNote(m_evidence, Severity::Warning, Code::LimitReached, {},
                tr("More than %1 rules; the rest is left out").arg(PrometheusRules::MostRules));
    return ImportOutcome::Read;
}

bool hasLine(QByteArrayView text, QByteArrayView start)
{
    for (qsizetype at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
        qsizetype before = at;
        while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '-' || text[before - 1] == '\t'))
            --before;
        if (before == 0 || text[before - 1] == '\n')
            return true;
    }
    return false;
}

} // namespace

ImporterInfo PrometheusRules::info() const
{
    return {"prometheus-rules", tr("Rules of Prometheus"), SourceKind::Other, TimeBasis::None};
}

SniffResult PrometheusRules::sniff(const SourceHead &head) const
{
    const QByteArrayView text = head.bytes;
    if (hasLine(text, "rule_files:") && hasLine(text, "tests:") && hasLine(text, "input_series:"))
        return {88, tr("it holds tests of rules, as promtool runs them")};
    if (!hasLine(text, "groups:") || !hasLine(text, "rules:") || !hasLine(text, "expr:"))
        return {};
    if (!hasLine(text, "alert:") && !hasLine(text, "record:"))
        return {};
    return {90, tr("it holds groups of rules with queries, as Prometheus reads them")};
}

ImportOutcome PrometheusRules::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                    const ImportContext &context) const
{
    evidence.kind = SourceKind::Other;
    evidence.basis = TimeBasis::None;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (bytes->size() > MostBytes)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("Only the first %1 MB were read").arg(MostBytes / 1024 / 1024));
    RuleReader reader(evidence, context, *text);
    const QByteArrayView content = text->bytes().first(std::min(text->bytes().size(), MostBytes));
    try {
        return reader.read(YAML::Load(std::string(content.data(), static_cast<size_t>(content.size()))));
    } catch (const YAML::Exception &error) {
        reader.refuse(error.mark.is_null() ? YAML::Mark() : error.mark,
                      tr("Not readable as YAML: %1").arg(QString::fromStdString(error.msg).left(500)));
        return ImportOutcome::Broken;
    }
}

} // namespace faultline
