// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/usertemplate.h"

#include "app/pages/reporttemplate.h"
#include "models/core/translate.h"

#include <KTextTemplate/Context>
#include <KTextTemplate/Engine>
#include <KTextTemplate/Template>
#include <KTextTemplate/Util>

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 MostTemplateBytes = 1 << 20;
const QString ShippedPostmortem = u":/faultline/templates/postmortem.md"_s;

std::vector<TemplateFile> ownTemplates(const QString &userFolder, const QString &pattern)
{
    std::vector<TemplateFile> files;
    const QDir folder(userFolder + u"/templates"_s);
    for (const QFileInfo &info : folder.entryInfoList({pattern}, QDir::Files, QDir::Name))
        files.push_back({info.completeBaseName(), info.filePath(), true});
    return files;
}

qint64 lineAt(const QString &text, qsizetype at)
{
    return QStringView(text).first(at).count(u'\n') + 1;
}

/// A tag that is not closed, and one that closes nothing.
void addUnbalanced(const QString &text, const QString &path, std::vector<Error> &problems)
{
    static const QRegularExpression tag(uR"(\{%\s*(\w+)[^%]*%\})"_s);
    static const QSet<QString> opening{u"if"_s,         u"for"_s,       u"with"_s,      u"ifequal"_s,
                                       u"ifnotequal"_s, u"ifchanged"_s, u"filter"_s,    u"autoescape"_s,
                                       u"range"_s,      u"block"_s,     u"spaceless"_s, u"comment"_s};
    std::vector<std::pair<QString, qint64>> open;
    auto matches = tag.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        const QString name = match.captured(1);
        const qint64 line = lineAt(text, match.capturedStart());
        if (opening.contains(name)) {
            open.emplace_back(name, line);
        } else if (name.startsWith(u"end")) {
            if (open.empty() || open.back().first != QStringView(name).sliced(3))
                problems.push_back(
                    {Code::BadSyntax, tr("{% %1 %} closes nothing that is open").arg(name), {}, path, {line, 0, -1}});
            else
                open.pop_back();
        }
    }
    for (const auto &[name, line] : open)
        problems.push_back({Code::BadSyntax,
                            tr("{% %1 %} is not closed").arg(name),
                            tr("Write {% end%1 %} after it").arg(name),
                            path,
                            {line, 0, -1}});
}

/// Names that no report has a value for: they would be empty without a word.
void addUnknown(const QString &text, const QString &path, std::vector<Error> &problems)
{
    static const QRegularExpression made(uR"(\{%\s*(?:for\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b|with\s+.*?\bas\s+(\w+)))"_s);
    static const QRegularExpression used(
        uR"(\{\{\s*([A-Za-z_]\w*)|\{%\s*(?:if\s+(?:not\s+)?|for\s+[\w, ]+\s+in\s+)([A-Za-z_]\w*))"_s);
    QSet<QString> known{u"forloop"_s, u"style"_s, u"timeline"_s, u"focus"_s, u"flow"_s, u"comparison"_s};
    const QVariantHash values = reportValues({}, TemplateMarkup::Html);
    for (auto value = values.cbegin(); value != values.cend(); ++value)
        known.insert(value.key());
    auto makers = made.globalMatch(text);
    while (makers.hasNext()) {
        const QRegularExpressionMatch match = makers.next();
        for (const int group : {1, 2, 3})
            known.insert(match.captured(group));
    }
    auto users = used.globalMatch(text);
    while (users.hasNext()) {
        const QRegularExpressionMatch match = users.next();
        const int group = match.capturedLength(1) > 0 ? 1 : 2;
        if (const QString name = match.captured(group); !known.contains(name))
            problems.push_back({Code::UnknownId,
                                tr("A report has no value “%1”").arg(name),
                                {},
                                path,
                                {lineAt(text, match.capturedStart(group)), 0, -1}});
    }
}

Result<QString> readTemplate(const QString &path)
{
    QFile file(path);
    if (file.size() > MostTemplateBytes)
        return failure(Code::LimitReached, tr("The template is larger than a template may be"), {}, path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(Code::NotReadable, file.errorString(), {}, path);
    return QString::fromUtf8(file.readAll());
}

} // namespace

std::vector<TemplateFile> postmortemTemplates(const QString &userFolder)
{
    std::vector<TemplateFile> files = ownTemplates(userFolder, u"*.md"_s);
    files.insert(files.begin(), {tr("Postmortem"), ShippedPostmortem, false});
    return files;
}

std::vector<TemplateFile> reportTemplates(const QString &userFolder)
{
    return ownTemplates(userFolder, u"*.html"_s);
}

std::vector<Error> templateProblems(const QString &text, const QString &path)
{
    std::vector<Error> problems;
    addUnbalanced(text, path, problems);
    addUnknown(text, path, problems);
    KTextTemplate::Engine engine;
    const KTextTemplate::Template page = engine.newTemplate(text, path);
    if (page->error() != KTextTemplate::NoError && problems.empty()) {
        // KTextTemplate names the tag, but not its line.
        static const QRegularExpression told(u"'(\\w+)'"_s);
        const QString name = told.match(page->errorString()).captured(1);
        const QRegularExpression tag(u"\\{%\\s*"_s + name + u"\\b"_s);
        const qsizetype at = name.isEmpty() ? 0 : std::max<qsizetype>(0, text.indexOf(tag));
        problems.push_back(
            {Code::BadSyntax,
             name.isEmpty() ? page->errorString().section(u'\n', 0, 0) : tr("There is no tag {% %1 %}").arg(name),
             {},
             path,
             {lineAt(text, at), 0, -1}});
    }
    std::ranges::stable_sort(problems, {}, [](const Error &problem) { return problem.position.line; });
    return problems;
}

Result<QString> fillTemplate(const QString &path, TemplateMarkup markup, const ReportData &data,
                             const ReportPictures &pictures)
{
    const auto text = readTemplate(path);
    if (!text)
        return text;
    if (const auto problems = templateProblems(*text, path); !problems.empty())
        return std::unexpected(problems.front());
    QVariantHash values = reportValues(data, markup);
    if (markup == TemplateMarkup::Html)
        addPictures(values, pictures);
    return renderText(*text, path, values);
}

} // namespace faultline
