// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/postmortem.h"

#include "app/pages/postmortemparts.h"
#include "models/core/translate.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Where code stands in a line: placeholders there are text.
bool isInCode(const QString &line, qsizetype at)
{
    return QStringView(line).first(at).count(u'`') % 2 == 1;
}

class Filler
{
public:
    Filler(const Analysis &analysis, PostmortemPage &page)
        : m_parts(analysis)
        , m_page(page)
    {
    }

    void run(const QString &text)
    {
        static const QRegularExpression fence(u"\\A {0,3}(`{3,}|~{3,})"_s);
        QString open; // the fence that a block of code began with
        QStringList lines = text.split(u'\n');
        for (m_line = 1; m_line <= lines.size(); ++m_line) {
            QString &line = lines[m_line - 1];
            const QRegularExpressionMatch mark = fence.match(line);
            if (mark.hasMatch() && open.isEmpty())
                open = mark.captured(1);
            else if (mark.hasMatch() && mark.captured(1).startsWith(open))
                open.clear();
            else if (open.isEmpty())
                line = filled(line);
        }
        m_page.markdown = lines.join(u'\n');
    }

private:
    QString filled(const QString &line)
    {
        static const QRegularExpression form(uR"((?<!\\)\[\[([^\[\]\n]{1,200})\]\](?!\())"_s);
        QString result;
        qsizetype done = 0;
        auto matches = form.globalMatch(line);
        while (matches.hasNext()) {
            const QRegularExpressionMatch match = matches.next();
            if (isInCode(line, match.capturedStart()))
                continue;
            const bool isAlone = line.trimmed() == match.captured();
            result += QStringView(line).sliced(done, match.capturedStart() - done);
            result +=
                part(match.captured(1).simplified(), match.capturedStart() + 1, isAlone).value_or(match.captured());
            done = match.capturedEnd();
        }
        return result + QStringView(line).sliced(done);
    }

    std::optional<QString> part(const QString &words, qsizetype column, bool isAlone)
    {
        const QString name = words.section(u' ', 0, 0);
        const QString argument = words.section(u' ', 1);
        const auto &all = placeholders();
        const auto known = std::ranges::find(all, name, &Placeholder::name);
        if (known == all.end()) {
            tell(column, Code::UnknownId, tr("There is no placeholder [[%1]]").arg(words),
                 tr("“Insert” lists all that there are"));
            return std::nullopt;
        }
        if (!known->isInline && !isAlone) {
            tell(column, Code::BadSyntax, tr("[[%1]] needs a line of its own").arg(words), {});
            return std::nullopt;
        }
        if (!argument.isEmpty() && known->argument.isEmpty()) {
            tell(column, Code::BadSyntax, tr("[[%1]] takes nothing after its name").arg(name), {});
            return std::nullopt;
        }
        const auto made = m_parts.part(name, argument);
        if (made)
            return *made;
        tell(column, made.error().code, made.error().message, made.error().hint);
        return std::nullopt;
    }

    void tell(qsizetype column, Code code, const QString &message, const QString &hint)
    {
        m_page.problems.push_back({code, message, hint, tr("Postmortem"), {m_line, column, -1}});
    }

    PostmortemParts m_parts;
    PostmortemPage &m_page;
    qsizetype m_line = 0;
};

} // namespace

const std::vector<Placeholder> &placeholders()
{
    static const std::vector<Placeholder> all{
        {u"summary"_s, {}, tr("What failed and why, in one sentence"), true},
        {u"when"_s, u"NUMBER"_s, tr("When it failed; of another failure than the first with its number"), true},
        {u"cause-name"_s, {}, tr("What the best cause of the first failure is called"), true},
        {u"version"_s, {}, tr("Which Faultline wrote this"), true},
        {u"failure"_s, u"NUMBER"_s, tr("What failed, when, and the lines that say so"), false},
        {u"failures"_s, {}, tr("All failures, one a line"), false},
        {u"timeline"_s, u"all"_s, tr("A table of failures, cited lines, spikes and notes; “all” adds jobs and steps"),
         false},
        {u"picture"_s, u"timeline|focus|flow"_s, tr("A picture: the timeline, the focus chart or the flowchart"),
         false},
        {u"flowchart"_s, {}, tr("The flowchart that was walked, as Mermaid"), false},
        {u"cause"_s, u"CAUSE"_s, tr("A cause with its explanation; the best of the first failure without an id"),
         false},
        {u"remedy"_s, u"CAUSE"_s, tr("What to do about a cause"), false},
        {u"prevention"_s, u"CAUSE"_s, tr("How to prevent a cause"), false},
        {u"proof"_s, u"CAUSE"_s, tr("A table of the lines and samples that a cause rests on"), false},
        {u"ruled-out"_s, {}, tr("What it was not, and what says so"), false},
        {u"open-questions"_s, {}, tr("What the evidence leaves open, with the commands that would tell"), false},
        {u"answers"_s, {}, tr("Questions that a person answered"), false},
        {u"correlation"_s, {}, tr("A table of what rose or fell around the failure"), false},
        {u"note"_s, u"NUMBER"_s, tr("A note by its number"), false},
        {u"notes"_s, u"TAG"_s, tr("All notes, or those with a tag, in order of time"), false},
        {u"comparison"_s, {}, tr("How the run differs from the one that passed"), false},
        {u"clocks"_s, {}, tr("A table of the sources with their clocks"), false},
    };
    return all;
}

std::vector<std::pair<QString, QString>> placeholderChoices(const Analysis &analysis)
{
    std::vector<std::pair<QString, QString>> choices;
    const auto add = [&choices](const QString &words, const QString &what) {
        choices.emplace_back(u"[["_s + words + u"]]"_s, what);
    };
    const PostmortemParts parts(analysis);
    for (const Placeholder &placeholder : placeholders()) {
        const std::vector<std::pair<QString, QString>> arguments = parts.arguments(placeholder.name);
        if (placeholder.name != u"note" && placeholder.name != u"picture")
            add(placeholder.name, placeholder.what);
        for (const auto &[argument, what] : arguments)
            add(placeholder.name + u' ' + argument, what);
    }
    return choices;
}

PostmortemPage fillPostmortem(const QString &text, const Analysis &analysis)
{
    PostmortemPage page;
    if (analysis.evidence && analysis.diagnosis)
        Filler(analysis, page).run(text);
    else
        page.markdown = text;
    return page;
}

bool namesPictures(const QString &text)
{
    return text.contains(u"[[picture"_s);
}

} // namespace faultline
