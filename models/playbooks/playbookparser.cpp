// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/translate.h"
#include "models/playbooks/check.h"
#include "models/playbooks/markdown.h"
#include "models/playbooks/playbook.h"

#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// "-60s", "+5m", "250ms", "1h": signed nanoseconds.
std::optional<DurationNs> parseDuration(const QString &text)
{
    static const QRegularExpression form(u"\\A([+-]?)(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|min|h|d)\\z"_s);
    const auto match = form.match(text.trimmed());
    if (!match.hasMatch())
        return {};
    const QString unit = match.captured(3);
    const double seconds = match.captured(2).toDouble()
                           * (unit == u"ms"  ? 0.001
                              : unit == u"s" ? 1.0
                              : unit == u"h" ? 3600.0
                              : unit == u"d" ? 86400.0
                                             : 60.0);
    const DurationNs duration = fromSeconds(seconds);
    return match.captured(1) == u"-" ? -duration : duration;
}

bool isKnownKey(const QString &line)
{
    static const QStringList keys{u"Window"_s,   u"Can show it"_s,   u"Absence counts from"_s,
                                  u"Strength"_s, u"Find out with"_s, u"Rules out"_s};
    const auto pair = keyLine(line);
    return pair && keys.contains(pair->first);
}

class PlaybookParser
{
public:
    explicit PlaybookParser(QString file)
        : m_file(std::move(file))
    {
        m_playbook.file = m_file;
    }

    std::expected<Playbook, std::vector<Error>> parse(const QByteArray &markdown);

private:
    void error(qint64 line, qint64 column, const QString &message, const QString &hint = {},
               Code code = Code::BadSyntax)
    {
        m_errors.push_back({code, message, hint, m_file, {line, column, -1}});
    }
    void heading(const MarkdownBlock &block);
    void paragraph(const MarkdownBlock &block);
    void code(const MarkdownBlock &block);
    void key(const QString &key, const QString &value, qint64 line, qint64 column);
    void window(const QString &value, qint64 line, qint64 column);
    SourceKinds kinds(const QString &value, qint64 line, qint64 column);
    void absence(const QString &value, qint64 line, qint64 column);
    void rulesOut(const QString &value, qint64 line, qint64 column);

    QString m_file;
    Playbook m_playbook;
    Question *m_question = nullptr;
    bool m_hasTitle = false;
    qint64 m_chartLine = 0;
    std::vector<Error> m_errors;
};

std::expected<Playbook, std::vector<Error>> PlaybookParser::parse(const QByteArray &markdown)
{
    m_playbook.id = QFileInfo(m_file).completeBaseName();
    const auto blocks = markdownBlocks(markdown, m_file);
    if (!blocks)
        return std::unexpected(std::vector{blocks.error()});
    for (const MarkdownBlock &block : *blocks) {
        if (block.kind == MarkdownBlock::Heading)
            heading(block);
        else if (block.kind == MarkdownBlock::Paragraph)
            paragraph(block);
        else
            code(block);
    }
    if (!m_hasTitle)
        error(1, 1, tr("The playbook has no title"), tr("Begin the file with a line like: # The job was killed"));
    if (m_chartLine == 0)
        error(1, 1, tr("The playbook has no flowchart"), tr("Add a ```mermaid block before the first section"));
    else if (m_errors.empty() || !m_playbook.chart.nodes.empty())
        std::ranges::move(checkStructure(m_playbook), std::back_inserter(m_errors));
    if (!m_errors.empty()) {
        std::ranges::stable_sort(m_errors, {},
                                 [](const Error &e) { return std::pair(e.position.line, e.position.column); });
        return std::unexpected(std::move(m_errors));
    }
    return std::move(m_playbook);
}

void PlaybookParser::heading(const MarkdownBlock &block)
{
    const QString text = block.text.trimmed();
    if (block.level == 1) {
        if (m_hasTitle)
            error(block.line, 1, tr("A second title"), tr("Sections of questions begin with ##"));
        m_playbook.title = text;
        m_hasTitle = true;
        return;
    }
    const qint64 column = block.level + 2;
    if (m_playbook.questions.contains(text)) {
        error(block.line, column, tr("A second section '%1'").arg(text));
        return;
    }
    Question question;
    question.id = text;
    question.position = {block.line, column, -1};
    m_question = &m_playbook.questions.emplace(text, std::move(question)).first->second;
}

void PlaybookParser::paragraph(const MarkdownBlock &block)
{
    qint64 line = block.line;
    QString &text = m_question ? m_question->text : m_playbook.intro;
    if (!text.isEmpty())
        text += u"\n\n"_s;
    const QStringList lines = block.text.split(u'\n');
    // Prose may hold colons; among keys an unknown one is a slip.
    const bool hasKeys = m_question && std::ranges::any_of(lines, isKnownKey);
    for (const QString &raw : lines) {
        const auto pair = hasKeys ? keyLine(raw) : std::nullopt;
        if (pair)
            key(pair->first, pair->second, line, raw.indexOf(pair->second, pair->first.size() + 1) + 1);
        else if (m_question || raw.trimmed().compare(u"Starts when"_s, Qt::CaseInsensitive) != 0)
            text += (text.isEmpty() || text.endsWith(u'\n') ? u""_s : u"\n"_s) % raw;
        ++line;
    }
    text = text.trimmed();
}

void PlaybookParser::code(const MarkdownBlock &block)
{
    if (block.language == u"mermaid") {
        if (m_chartLine != 0) {
            error(block.line, 1, tr("A second flowchart"),
                  tr("A playbook has one; call another playbook with id[[Label]]"));
            return;
        }
        m_chartLine = block.line;
        auto chart = parseMermaid(block.text, m_file, block.line);
        if (chart)
            m_playbook.chart = std::move(*chart);
        else
            m_errors.push_back(chart.error());
        return;
    }
    if (block.language != u"sql")
        return;
    QString &sql = m_question ? m_question->sql : m_playbook.startsWhen;
    if (!sql.isEmpty())
        error(block.line, 1, tr("A second query in one section"));
    if (block.text.trimmed().isEmpty())
        error(block.line, 1, tr("The query is empty"));
    sql = block.text.trimmed();
    (m_question ? m_question->sqlPosition : m_playbook.startsPosition) = {block.line, 1, -1};
}

void PlaybookParser::key(const QString &key, const QString &value, qint64 line, qint64 column)
{
    if (key == u"Window")
        window(value, line, column);
    else if (key == u"Can show it")
        m_question->canShow = kinds(value, line, column);
    else if (key == u"Absence counts from")
        absence(value, line, column);
    else if (key == u"Strength") {
        if (value == u"proves")
            m_question->strength = Strength::Proves;
        else if (value == u"supports")
            m_question->strength = Strength::Supports;
        else if (value == u"hints")
            m_question->strength = Strength::Hints;
        else
            error(line, column, tr("'%1' is no strength").arg(value), tr("Use proves, supports or hints"));
    } else if (key == u"Find out with") {
        QString command = value;
        if (command.size() > 1 && command.startsWith(u'`') && command.endsWith(u'`'))
            command = command.sliced(1, command.size() - 2);
        m_question->findOutWith = command.trimmed();
    } else if (key == u"Rules out")
        rulesOut(value, line, column);
    else
        error(line, 1, tr("Unknown key '%1'").arg(key),
              tr("Known are Window, Can show it, Absence counts from, Strength, Find out with and Rules out"));
}

void PlaybookParser::window(const QString &value, qint64 line, qint64 column)
{
    const qsizetype dots = value.indexOf(u".."_s);
    const auto from = dots < 0 ? std::nullopt : parseDuration(value.first(dots));
    const auto to = dots < 0 ? std::nullopt : parseDuration(value.sliced(dots + 2));
    if (!from || !to || *from > *to) {
        error(line, column, tr("'%1' is no window").arg(value), tr("Write, for example: -60s..+5s"), Code::BadValue);
        return;
    }
    m_question->before = -*from;
    m_question->after = *to;
}

SourceKinds PlaybookParser::kinds(const QString &value, qint64 line, qint64 column)
{
    static const QRegularExpression between(u"\\s*(?:,|\\bor\\b|\\band\\b)\\s*"_s);
    SourceKinds kinds;
    for (const QString &name : value.split(between, Qt::SkipEmptyParts)) {
        if (const auto kind = sourceKindFromName(name.trimmed().toUtf8()))
            kinds.push_back(*kind);
        else
            error(line, column + value.indexOf(name), tr("'%1' is no kind of source").arg(name.trimmed()),
                  tr("Kinds are ci-log, test-output, log, kernel-log, journal, kube-describe, kube-object, metrics, "
                     "profile, thread-dump, "
                     "host-state, trace, coverage"),
                  Code::UnknownId);
    }
    return kinds;
}

void PlaybookParser::absence(const QString &value, qint64 line, qint64 column)
{
    for (const QString &part : value.split(u',', Qt::SkipEmptyParts)) {
        if (part.trimmed() == u"the failing log") {
            m_question->absenceCountsFromOwn = true;
            continue;
        }
        SourceKinds group = kinds(part, line, column + value.indexOf(part));
        if (group.empty())
            continue;
        std::ranges::copy(group, std::back_inserter(m_question->absenceCountsFrom));
        m_question->absenceGroups.push_back(std::move(group));
    }
}

void PlaybookParser::rulesOut(const QString &value, qint64 line, qint64 column)
{
    for (const QString &part : value.split(u';', Qt::SkipEmptyParts)) {
        const qsizetype arrow = part.indexOf(u"->"_s);
        RulesOut rule;
        rule.edge = (arrow < 0 ? part : part.first(arrow)).trimmed();
        if (arrow >= 0) {
            for (const QString &cause : part.sliced(arrow + 2).split(u',', Qt::SkipEmptyParts))
                rule.causes.push_back(cause.trimmed());
        }
        if (rule.edge.isEmpty() || (arrow >= 0 && rule.causes.isEmpty()))
            error(line, column, tr("'%1' does not say what is ruled out").arg(part.trimmed()),
                  tr("Write an edge's label, or: label -> cause.id, cause.id"));
        else
            m_question->rulesOut.push_back(std::move(rule));
    }
}

} // namespace

bool isYes(QStringView label)
{
    static const QStringList words{u"yes"_s, u"y"_s, u"true"_s, u"是"_s, u"ja"_s, u"oui"_s, u"да"_s, u"sí"_s, u"sì"_s};
    return words.contains(label.trimmed().toString().toLower());
}

bool isNo(QStringView label)
{
    static const QStringList words{u"no"_s, u"n"_s, u"false"_s, u"否"_s, u"nein"_s, u"non"_s, u"нет"_s};
    return words.contains(label.trimmed().toString().toLower());
}

std::expected<Playbook, std::vector<Error>> parsePlaybook(const QByteArray &markdown, const QString &file)
{
    return PlaybookParser(file).parse(markdown);
}

} // namespace faultline
