// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/translate.h"
#include "models/playbooks/check.h"
#include "models/playbooks/markdown.h"
#include "models/playbooks/placeholders.h"
#include "models/playbooks/playbook.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 MostFileBytes = 4 << 20;

class CauseParser
{
public:
    explicit CauseParser(QString file) { m_cause.file = std::move(file); }
    std::expected<Cause, std::vector<Error>> parse(const QByteArray &markdown);

private:
    void error(qint64 line, const QString &message, const QString &hint = {})
    {
        m_errors.push_back({Code::BadSyntax, message, hint, m_cause.file, {line, 1, -1}});
    }
    void heading(const MarkdownBlock &block);
    void body(const MarkdownBlock &block);
    bool key(const QString &key, const QString &value, qint64 line);

    Cause m_cause;
    QString *m_section = nullptr;
    std::vector<Error> m_errors;
};

std::expected<Cause, std::vector<Error>> CauseParser::parse(const QByteArray &markdown)
{
    static const QRegularExpression idForm(u"\\A[a-z0-9_]+(\\.[a-z0-9_]+)+\\z"_s);
    m_cause.id = QFileInfo(m_cause.file).completeBaseName();
    if (!idForm.match(m_cause.id).hasMatch())
        error(1, tr("'%1' is no id of a cause").arg(m_cause.id),
              tr("The file is called after the cause, like mem.oom.cgroup.md"));
    const auto blocks = markdownBlocks(markdown, m_cause.file);
    if (!blocks)
        return std::unexpected(std::vector{blocks.error()});
    for (const MarkdownBlock &block : *blocks) {
        if (block.kind == MarkdownBlock::Heading)
            heading(block);
        else
            body(block);
    }
    if (m_cause.title.isEmpty())
        error(1, tr("The cause has no title"), tr("Begin the file with: # Title"));
    if (m_cause.explanation.isEmpty())
        error(1, tr("The cause has no explanation"), tr("Write it below the title"));
    if (m_cause.remedy.isEmpty() && !m_cause.isSymptom)
        error(1, tr("The cause has no remedy"), tr("Add a section: ## Remedy"));
    if (!m_errors.empty())
        return std::unexpected(std::move(m_errors));
    return std::move(m_cause);
}

void CauseParser::heading(const MarkdownBlock &block)
{
    const QString text = block.text.trimmed();
    if (block.level == 1 && m_cause.title.isEmpty()) {
        m_cause.title = text;
        m_section = &m_cause.explanation;
    } else if (block.level == 2 && text == u"Explanation")
        m_section = &m_cause.explanation;
    else if (block.level == 2 && text == u"Remedy")
        m_section = &m_cause.remedy;
    else if (block.level == 2 && text == u"Prevention")
        m_section = &m_cause.prevention;
    else
        error(block.line, tr("Unknown section '%1'").arg(text), tr("Sections are Explanation, Remedy and Prevention"));
}

bool CauseParser::key(const QString &key, const QString &value, qint64 line)
{
    if (key == u"Kind") {
        m_cause.isSymptom = value == u"symptom";
        m_cause.isResource = value == u"resource";
        if (value != u"symptom" && value != u"resource" && value != u"fault")
            error(line, tr("'%1' is no kind").arg(value), tr("Use fault, resource or symptom"));
        return true;
    }
    if (key == u"Depth") {
        m_cause.depth = value == u"root" ? Depth::Root : value == u"proximate" ? Depth::Proximate : Depth::Usual;
        if (value != u"root" && value != u"proximate" && value != u"usual")
            error(line, tr("'%1' is no depth").arg(value), tr("Use root, usual or proximate"));
        return true;
    }
    return false;
}

void CauseParser::body(const MarkdownBlock &block)
{
    if (!m_section) {
        error(block.line, tr("Text before the title"), tr("Begin the file with: # Title"));
        return;
    }
    QStringList kept;
    qint64 line = block.line;
    for (const QString &raw : block.text.split(u'\n')) {
        const auto pair =
            m_section == &m_cause.explanation && block.kind == MarkdownBlock::Paragraph ? keyLine(raw) : std::nullopt;
        if (!pair || !key(pair->first, pair->second, line))
            kept.push_back(raw);
        for (const QString &problem : placeholderProblems(raw))
            error(line, problem, tr("Write {column}, {column:bytes} or {column|text where it is not known}"));
        ++line;
    }
    const QString text = block.kind == MarkdownBlock::CodeBlock
                             ? u"```"_s % block.language % u"\n"_s % block.text.trimmed() % u"\n```"_s
                             : kept.join(u'\n').trimmed();
    if (!text.isEmpty())
        *m_section += (m_section->isEmpty() ? u""_s : u"\n\n"_s) % text;
}

/// Files of a folder by name; those that cannot be read become errors.
std::vector<std::pair<QString, QByteArray>> readFolder(const QString &folder, std::vector<Error> &errors)
{
    std::vector<std::pair<QString, QByteArray>> files;
    const QDir dir(folder);
    for (const QString &name : dir.entryList({u"*.md"_s}, QDir::Files, QDir::Name)) {
        const QString path = dir.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly) || file.size() > MostFileBytes)
            errors.push_back({Code::NotReadable, tr("The file cannot be read"), file.errorString(), path, {}});
        else if (name.compare(u"README.md"_s, Qt::CaseInsensitive) != 0)
            files.emplace_back(path, file.readAll());
    }
    return files;
}

void loadCauses(const QString &folder, PlaybookSet &set, std::vector<Error> &errors)
{
    for (const auto &[path, bytes] : readFolder(folder, errors)) {
        auto cause = parseCause(bytes, path);
        if (cause)
            set.causes.insert_or_assign(cause->id, std::move(*cause));
        else
            std::ranges::move(cause.error(), std::back_inserter(errors));
    }
}

void loadPlaybookFiles(const QString &folder, PlaybookSet &set, std::vector<Error> &errors)
{
    for (const auto &[path, bytes] : readFolder(folder, errors)) {
        auto playbook = parsePlaybook(bytes, path);
        if (!playbook) {
            std::ranges::move(playbook.error(), std::back_inserter(errors));
            continue;
        }
        const auto same = std::ranges::find(set.playbooks, playbook->id, &Playbook::id);
        if (same != set.playbooks.end())
            *same = std::move(*playbook);
        else
            set.playbooks.push_back(std::move(*playbook));
    }
}

/// Takes out playbooks whose references are wrong, again and again, since others may call them.
void dropBroken(PlaybookSet &set, std::vector<Error> &errors)
{
    for (bool dropped = true; dropped;) {
        dropped = false;
        for (size_t i = 0; i < set.playbooks.size() && !dropped; ++i) {
            std::vector<Error> wrong = checkReferences(set.playbooks[i], set);
            if (wrong.empty())
                continue;
            std::ranges::move(wrong, std::back_inserter(errors));
            set.playbooks.erase(set.playbooks.begin() + static_cast<std::ptrdiff_t>(i));
            dropped = true;
        }
    }
}

} // namespace

std::expected<Cause, std::vector<Error>> parseCause(const QByteArray &markdown, const QString &file)
{
    return CauseParser(file).parse(markdown);
}

const Playbook *PlaybookSet::playbook(QStringView id) const
{
    const auto found = std::ranges::find_if(playbooks, [id](const Playbook &p) { return p.id == id; });
    return found == playbooks.end() ? nullptr : &*found;
}

const Playbook *PlaybookSet::called(const FlowNode &node) const
{
    const Playbook *byLabel = playbook(node.label);
    return byLabel ? byLabel : playbook(node.id);
}

PlaybookSet loadPlaybooks(const QStringList &folders, std::vector<Error> &errors)
{
    PlaybookSet set;
    loadCauses(u":/faultline/causes"_s, set, errors);
    loadPlaybookFiles(u":/faultline/playbooks"_s, set, errors);
    for (const QString &folder : folders) {
        const bool hasSubfolders = QDir(folder + u"/playbooks").exists() || QDir(folder + u"/causes").exists();
        if (hasSubfolders) {
            loadCauses(folder + u"/causes", set, errors);
            loadPlaybookFiles(folder + u"/playbooks", set, errors);
            continue;
        }
        for (const auto &[path, bytes] : readFolder(folder, errors)) {
            // One folder for both: a flowchart makes a playbook.
            if (bytes.contains("```mermaid")) {
                auto playbook = parsePlaybook(bytes, path);
                if (playbook) {
                    std::erase_if(set.playbooks, [&](const Playbook &p) { return p.id == playbook->id; });
                    set.playbooks.push_back(std::move(*playbook));
                } else
                    std::ranges::move(playbook.error(), std::back_inserter(errors));
            } else if (auto cause = parseCause(bytes, path))
                set.causes.insert_or_assign(cause->id, std::move(*cause));
            else
                std::ranges::move(cause.error(), std::back_inserter(errors));
        }
    }
    dropBroken(set, errors);
    return set;
}

} // namespace faultline
