// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/reports/toolreports.h"

#include "importers/core/facts.h"
#include "importers/core/notes.h"
#include "importers/state/wholetext.h"
#include "models/core/translate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

/// One finding as a tool tells it.
struct ToolFinding {
    QByteArray rule; ///< The linter's or rule's name, the vulnerability's id.
    QByteArray message;
    QByteArray file; ///< Or module, or package.
    qint64 line = 0;
    qint64 column = 0;
    Severity severity = Severity::Error;
};

namespace {

constexpr size_t MostFindings = 5000;

QByteArray utf8(const QJsonValue &value)
{
    return value.toString().toUtf8().left(1000);
}

/// pkg/result/issue.go and pkg/printers/json.go of golangci-lint
void readGolangci(const QJsonValue &root, std::vector<ToolFinding> &findings)
{
    for (const QJsonValue &issue : root[u"Issues"_s].toArray()) {
        const QJsonValue place = issue[u"Pos"_s];
        findings.push_back({utf8(issue[u"FromLinter"_s]), utf8(issue[u"Text"_s]), utf8(place[u"Filename"_s]),
                            place[u"Line"_s].toInteger(), place[u"Column"_s].toInteger(),
                            issue[u"Severity"_s].toString() == u"warning"_s ? Severity::Warning : Severity::Error});
    }
}

/// golang.org/x/vuln/internal/govulncheck: a finding whose first frame has a function is called; without one the module is only required.
void readGovulncheck(const QJsonValue &root, std::vector<ToolFinding> &findings)
{
    const QJsonValue finding = root[u"finding"_s];
    if (!finding.isObject())
        return;
    const QJsonValue frame = finding[u"trace"_s][0];
    QByteArray module = utf8(frame[u"module"_s]);
    const QByteArray version = utf8(frame[u"version"_s]);
    const QByteArray fixed = utf8(finding[u"fixed_version"_s]);
    const bool isCalled = frame[u"function"_s].isString();
    if (!version.isEmpty())
        module.append('@').append(version);
    const QByteArray message = (fixed.isEmpty() ? QByteArray("not fixed yet") : "fixed in " + fixed)
                               + (isCalled ? ", called: " + utf8(frame[u"package"_s]) + '.' + utf8(frame[u"function"_s])
                                           : QByteArray(", not called"));
    findings.push_back({utf8(finding[u"osv"_s]), message, module, 0, 0, isCalled ? Severity::Error : Severity::Info});
}

Severity auditSeverity(const QString &word)
{
    return word == u"low"_s || word == u"info"_s ? Severity::Warning : Severity::Error;
}

/// docs.npmjs.com/cli/commands/npm-audit: "vulnerabilities" by package.
void readNpmAudit(const QJsonValue &root, std::vector<ToolFinding> &findings)
{
    const QJsonObject packages = root[u"vulnerabilities"_s].toObject();
    for (auto it = packages.begin(); it != packages.end(); ++it) {
        const QJsonValue entry = it.value();
        QByteArray title;
        for (const QJsonValue &via : entry[u"via"_s].toArray()) {
            if (title.isEmpty())
                title = via.isObject() ? utf8(via[u"title"_s]) : "by " + utf8(via);
        }
        const QString severity = entry[u"severity"_s].toString();
        findings.push_back({severity.toUtf8(), title, it.key().toUtf8() + ' ' + utf8(entry[u"range"_s]), 0, 0,
                            auditSeverity(severity)});
    }
}

/// npm 6: "advisories" by number, in order of them.
void readOldNpmAudit(const QJsonValue &root, std::vector<ToolFinding> &findings)
{
    const QJsonObject advisories = root[u"advisories"_s].toObject();
    std::vector<std::pair<qint64, QJsonValue>> ordered;
    for (auto it = advisories.begin(); it != advisories.end(); ++it)
        ordered.emplace_back(it.key().toLongLong(), it.value());
    std::ranges::stable_sort(ordered, {}, &std::pair<qint64, QJsonValue>::first);
    for (const auto &[number, advisory] : ordered) {
        const QString severity = advisory[u"severity"_s].toString();
        findings.push_back({severity.toUtf8(), utf8(advisory[u"title"_s]),
                            utf8(advisory[u"module_name"_s]) + ' ' + utf8(advisory[u"vulnerable_versions"_s]), 0, 0,
                            auditSeverity(severity)});
    }
}

/// eslint.org/docs/latest/use/formatters: severity 2 is an error, 1 a warning.
void readEslint(const QJsonValue &root, std::vector<ToolFinding> &findings)
{
    for (const QJsonValue &file : root.toArray()) {
        for (const QJsonValue &message : file[u"messages"_s].toArray())
            findings.push_back({utf8(message[u"ruleId"_s]), utf8(message[u"message"_s]), utf8(file[u"filePath"_s]),
                                message[u"line"_s].toInteger(), message[u"column"_s].toInteger(),
                                message[u"severity"_s].toInt() == 2 ? Severity::Error : Severity::Warning});
    }
}

/// The objects or arrays that stand one after another in a text; what is cut is the last one.
std::vector<QByteArray> documents(QByteArrayView text)
{
    constexpr size_t Most = 100'000;
    std::vector<QByteArray> found;
    qsizetype start = -1;
    int depth = 0;
    bool isString = false;
    for (qsizetype at = 0; at < text.size() && found.size() < Most; ++at) {
        const char c = text[at];
        if (isString) {
            at += c == '\\' ? 1 : 0;
            isString = c != '"';
        } else if (c == '"') {
            isString = true;
        } else if (c == '{' || c == '[') {
            if (depth++ == 0)
                start = at;
        } else if ((c == '}' || c == ']') && depth > 0 && --depth == 0) {
            found.push_back(text.sliced(start, at + 1 - start).toByteArray());
        }
    }
    if (depth > 0)
        found.push_back(text.sliced(start).toByteArray());
    return found;
}

/// The place of each finding: the lines that hold the key which each has once.
std::vector<qint64> linesWith(QByteArrayView text, QByteArrayView key)
{
    std::vector<qint64> lines;
    qint64 line = 1;
    qsizetype counted = 0;
    for (qsizetype at = text.indexOf(key); at >= 0 && lines.size() < MostFindings; at = text.indexOf(key, at + 1)) {
        line += std::count(text.begin() + counted, text.begin() + at, '\n');
        counted = at;
        lines.push_back(line);
    }
    return lines;
}

} // namespace

struct ToolReport::Form {
    std::vector<QByteArrayView> signs; ///< All in the head.
    void (*read)(const QJsonValue &root, std::vector<ToolFinding> &findings);
    QByteArrayView key; ///< Once in each finding; empty where none is.

    bool isIn(QByteArrayView bytes) const
    {
        return std::ranges::all_of(signs, [bytes](QByteArrayView sign) { return bytes.contains(sign); });
    }
};

struct ToolReport::Tool {
    std::vector<Form> forms; ///< By the tool's versions.
    const char *signature;
};

SniffResult ToolReport::sniff(const SourceHead &head) const
{
    const QByteArray start = head.bytes.trimmed();
    if (!start.startsWith('{') && !start.startsWith('[') && !start.startsWith("\xef\xbb\xbf"))
        return {};
    return std::ranges::any_of(tool().forms, [&head](const Form &form) { return form.isIn(head.bytes); })
               ? SniffResult{90, tr("JSON with the keys of %1").arg(info().title)}
               : SniffResult{};
}

ImportOutcome ToolReport::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                               const ImportContext &context) const
{
    const auto whole = WholeText::read(bytes, evidence);
    if (!whole)
        return ImportOutcome::Broken;
    const std::vector<Form> &forms = tool().forms;
    const auto known = std::ranges::find_if(forms, [&whole](const Form &one) { return one.isIn(whole->bytes()); });
    const Form &form = known == forms.end() ? forms.front() : *known;
    std::vector<ToolFinding> findings;
    int readable = 0;
    for (const QByteArray &document : documents(whole->bytes())) {
        QJsonParseError problem;
        const QJsonDocument json = QJsonDocument::fromJson(document, &problem);
        if (problem.error != QJsonParseError::NoError) {
            addNote(evidence, context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax, {1, 1, 0},
                    tr("A part of the report is no JSON: %1").arg(problem.errorString()));
            continue;
        }
        ++readable;
        form.read(json.isArray() ? QJsonValue(json.array()) : QJsonValue(json.object()), findings);
    }
    if (readable == 0)
        return context.forced ? ImportOutcome::Broken : ImportOutcome::NotThisFormat;
    if (findings.size() > MostFindings)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("More findings than %1; the rest is only counted").arg(MostFindings));
    const std::vector<qint64> lines = form.key.isEmpty() ? std::vector<qint64>() : linesWith(whole->bytes(), form.key);
    TextSink sink{evidence, context.cancel};
    QMap<QByteArray, int> counts;
    for (size_t i = 0; i < findings.size(); ++i) {
        const ToolFinding &finding = findings[i];
        ++counts[finding.rule.isEmpty() ? QByteArray("?") : finding.rule.left(100)];
        if (i >= MostFindings)
            continue;
        TextLine line;
        line.number = i < lines.size() ? lines[i] : 1;
        QByteArray text = finding.file;
        if (finding.line > 0)
            text += ':' + QByteArray::number(finding.line) + ':' + QByteArray::number(finding.column);
        text += ": " + finding.message + " (" + finding.rule + ')';
        line.payload = std::string_view(text.constData(), static_cast<size_t>(text.size()));
        Event &event = sink.addEvent(line, tool().signature, Role::Symptom, finding.severity);
        event.fields = {{"file", finding.file},
                        {"line", QByteArray::number(finding.line)},
                        {"message", finding.message},
                        {"rule", finding.rule}};
    }
    TextLine first;
    first.number = 1;
    constexpr int MostRules = 1000;
    int told = 0;
    addFact(sink, first, "findings", "count", QByteArray::number(findings.size()));
    for (auto it = counts.cbegin(); it != counts.cend() && told < MostRules; ++it, ++told)
        addFact(sink, first, "findings/" + it.key(), "count", QByteArray::number(*it));
    return ImportOutcome::Read;
}

ImporterInfo GolangciReport::info() const
{
    return {"golangci-lint-json", tr("golangci-lint report"), SourceKind::Other, TimeBasis::None};
}
const ToolReport::Tool &GolangciReport::tool() const
{
    static const Tool Golangci{{{{"\"Issues\"", "\"Linters\""}, readGolangci, "\"FromLinter\""}}, "lint.golangci"};
    return Golangci;
}

ImporterInfo GovulncheckReport::info() const
{
    return {"govulncheck-json", tr("govulncheck report"), SourceKind::Other, TimeBasis::None};
}
const ToolReport::Tool &GovulncheckReport::tool() const
{
    static const Tool Govulncheck{{{{"\"config\"", "\"protocol_version\""}, readGovulncheck, "\"finding\""}},
                                  "deps.vulnerable_report"};
    return Govulncheck;
}

ImporterInfo NpmAuditReport::info() const
{
    return {"npm-audit-json", tr("npm audit report"), SourceKind::Other, TimeBasis::None};
}
const ToolReport::Tool &NpmAuditReport::tool() const
{
    static const Tool NpmAudit{
        {{{"\"severity\"", "\"via\"", "\"auditReportVersion\""}, readNpmAudit, "\"via\""},
         {{"\"advisories\"", "\"module_name\"", "\"vulnerable_versions\""}, readOldNpmAudit, "\"module_name\""}},
        "deps.vulnerable_report"};
    return NpmAudit;
}

ImporterInfo EslintReport::info() const
{
    return {"eslint-json", tr("ESLint report"), SourceKind::Other, TimeBasis::None};
}
const ToolReport::Tool &EslintReport::tool() const
{
    static const Tool Eslint{{{{"\"filePath\"", "\"messages\"", "\"errorCount\""}, readEslint, "\"ruleId\""}},
                             "lint.eslint_error"};
    return Eslint;
}

} // namespace faultline
