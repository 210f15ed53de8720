// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/savedcase.h"

#include "models/core/translate.h"
#include "models/core/version.h"

#include <QTemporaryDir>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

QString commonFolder(const QStringList &files)
{
    QString common = files.isEmpty() ? QString() : QFileInfo(files.first()).path();
    for (const QString &file : files)
        while (!common.isEmpty() && !file.startsWith(common + u'/'))
            common.truncate(std::max<qsizetype>(0, common.lastIndexOf(u'/')));
    return common;
}

QString fileOnDisk(QString path)
{
    while (!path.isEmpty() && !QFileInfo(path).isFile()) {
        const qsizetype slash = path.lastIndexOf(u'/');
        path.truncate(std::max<qsizetype>(0, slash));
    }
    return path;
}

namespace {

std::optional<TimeNs> modifiedOf(const QFileInfo &info)
{
    return TimeNs{info.lastModified().toMSecsSinceEpoch() * NsPerMillisecond};
}

/// A regular file that, links followed, lies below the folder.
bool isBelow(const QString &path, const QString &folder)
{
    const QFileInfo info(path);
    const QString canonicalFolder = QFileInfo(folder).canonicalFilePath();
    const QString canonical = info.canonicalFilePath();
    if (canonicalFolder.isEmpty() || canonical.isEmpty() || !info.isFile())
        return false;
    return canonical.startsWith(canonicalFolder.endsWith(u'/') ? canonicalFolder : QString(canonicalFolder % u'/'));
}

/// Paths where a source may be, the likeliest first.
QStringList candidates(const CaseSource &source, const QString &caseFolder, const QStringList &folders)
{
    QStringList paths;
    const auto offer = [&paths](const QString &path, const QString &folder) {
        if (isBelow(path, folder) && !paths.contains(path))
            paths.append(path);
    };
    offer(QDir::cleanPath(caseFolder + u'/' + source.path), caseFolder);
    for (const QString &folder : folders) {
        offer(source.absolute, folder);
        const QStringList parts = source.path.split(u'/');
        for (qsizetype from = 0; from < parts.size(); ++from)
            offer(QDir::cleanPath(folder + u'/' + parts.sliced(from).join(u'/')), folder);
    }
    return paths;
}

bool isAsSaved(const QString &path, const CaseSource &source, const CancelToken &cancel)
{
    const QFileInfo info(path);
    if (info.size() != source.size)
        return false;
    if (source.modified && modifiedOf(info) == source.modified)
        return true;
    const auto sha256 = fileSha256(path, cancel);
    return sha256 && *sha256 == source.sha256;
}

SourceFound locate(CaseSource &source, const QString &caseFolder, const QStringList &folders, const CancelToken &cancel)
{
    const QStringList paths = candidates(source, caseFolder, folders);
    for (const QString &path : paths) {
        if (isAsSaved(path, source, cancel)) {
            source.absolute = path;
            return SourceFound::AsSaved;
        }
    }
    if (paths.isEmpty())
        return SourceFound::Missing;
    source.absolute = paths.first();
    return SourceFound::Changed;
}

/// How the case names its files: see CaseSource::path. Each name is another.
std::vector<QString> namesOf(const QStringList &files, const QString &caseFolder)
{
    const QDir folder(caseFolder);
    const auto below = [&folder](const QString &file) {
        const QString relative = folder.relativeFilePath(file);
        return isPlainRelativePath(relative) ? relative : QString();
    };
    QStringList others;
    for (const QString &file : files)
        if (below(file).isEmpty())
            others.append(file);
    const QDir common(commonFolder(others) + u'/');
    std::set<QString> taken;
    std::vector<QString> names;
    for (const QString &file : files) {
        QString name = below(file);
        if (name.isEmpty())
            name = common.relativeFilePath(file);
        while (!taken.insert(name).second)
            name.prepend(u"other/"_s);
        names.push_back(name);
    }
    return names;
}

Result<std::vector<CaseSource>> sourcesOf(const CaseSnapshot &snapshot, const QString &caseFolder,
                                          const CancelToken &cancel)
{
    QStringList files;
    std::set<QString> seen;
    const auto add = [&](const QString &path) {
        if (const QString file = fileOnDisk(path); !file.isEmpty() && seen.insert(file).second)
            files.append(file);
    };
    for (const auto &source : snapshot.analysis.evidence->sources) {
        add(source->path);
        std::ranges::for_each(source->stepFiles, add);
    }
    const qsizetype ofRun = files.size();
    if (const auto &comparison = snapshot.analysis.comparison; !snapshot.edits.baseline.isEmpty())
        for (const QString &path :
             comparison ? comparison->baselinePaths + comparison->baselineStepFiles : snapshot.edits.baseline)
            add(path);
    const std::vector<QString> names = namesOf(files, caseFolder);
    std::vector<CaseSource> sources;
    for (qsizetype i = 0; i < files.size(); ++i) {
        const QFileInfo info(files[i]);
        const auto known = std::ranges::find(snapshot.known, files[i], &CaseSource::absolute);
        const bool isKnown = known != snapshot.known.end();
        CaseSource source{
            names[static_cast<size_t>(i)], files[i], info.size(), modifiedOf(info), {}, snapshot.embed, i >= ofRun};
        if (isKnown && known->embedded) { // unpacked for this case: it goes back where it came from
            source.path = known->path;
            source.embedded = true;
        }
        if (isKnown && known->size == source.size && known->modified == source.modified) {
            source.sha256 = known->sha256;
        } else {
            const auto sha256 = fileSha256(files[i], cancel);
            if (!sha256 && sha256.error().code == Code::Cancelled)
                return std::unexpected(sha256.error());
            if (!sha256) // not readable, so nothing of it is in the case
                continue;
            source.sha256 = *sha256;
        }
        sources.push_back(std::move(source));
    }
    sources.insert(sources.end(), snapshot.missing.begin(), snapshot.missing.end());
    if (sources.size() > CaseContent::MostSources)
        return failure(Code::LimitReached, tr("More than %1 files").arg(CaseContent::MostSources));
    return sources;
}

void addSaid(const CaseSnapshot &snapshot, CaseContent &content)
{
    for (const auto &[path, said] : snapshot.edits.overrides)
        if (const CasePlace place = content.placeOf(path); place.file >= 0)
            content.clocks.push_back({place, said.format, said.clock});
    content.answers = snapshot.edits.answers;
    content.postmortem = snapshot.edits.postmortem.left(CaseContent::MostPostmortem);
    for (const Annotation &note : snapshot.edits.annotations) {
        auto &[place, kept] = content.annotations.emplace_back(content.placeOf(note.source), note);
        kept.source.clear();
    }
}

void addView(const SavedView &view, CaseContent &content)
{
    content.view = view.view;
    content.view.pins =
        view.view.pins.first(std::min(view.view.pins.size(), static_cast<qsizetype>(CaseContent::MostPins)));
    if (!view.source.isEmpty())
        content.view.place = content.placeOf(view.source);
    for (const auto &[path, lines] : view.bookmarks)
        if (const CasePlace place = content.placeOf(path); place.file >= 0)
            for (const qint64 line : lines)
                if (content.bookmarks.size() < CaseContent::MostBookmarks)
                    content.bookmarks.emplace_back(place, line);
}

void addFound(const Analysis &analysis, CaseContent &content)
{
    if (analysis.findings) {
        for (const Failure &item : analysis.findings->failures) {
            if (content.failures.size() == CaseContent::MostFailures)
                break;
            const auto source = static_cast<size_t>(item.source);
            const bool isThere = item.source >= 0 && source < analysis.evidence->sources.size();
            content.failures.push_back(
                {isThere ? content.placeOf(analysis.evidence->sources[source]->path) : CasePlace(), item.line,
                 item.what, item.job, item.step, item.test});
        }
    }
    if (analysis.diagnosis) {
        for (const Verdict &verdict : analysis.diagnosis->verdicts) {
            if (content.verdicts.size() == CaseContent::MostVerdicts)
                break;
            content.verdicts.push_back({verdict.failure, verdict.cause, verdict.title,
                                        QString(verdictStatusName(verdict.status)), verdict.confidence});
        }
    }
}

} // namespace

QStringList OpenedCase::paths() const
{
    return filesOf(false);
}

QStringList OpenedCase::filesOf(bool baseline) const
{
    QStringList paths;
    for (size_t i = 0; i < found.size(); ++i)
        if (found[i] != SourceFound::Missing && content.sources[i].isBaseline == baseline)
            paths.append(content.sources[i].absolute);
    return paths;
}

QStringList OpenedCase::named(SourceFound which) const
{
    QStringList paths;
    for (size_t i = 0; i < found.size(); ++i)
        if (found[i] == which)
            paths.append(content.sources[i].path);
    return paths;
}

CaseEdits OpenedCase::edits() const
{
    CaseEdits edits;
    for (const CaseClock &said : content.clocks)
        if (const QString path = content.pathOf(said.place); !path.isEmpty())
            edits.overrides[path] = {said.format, said.clock};
    edits.answers = content.answers;
    edits.baseline = filesOf(true);
    edits.postmortem = content.postmortem;
    for (const auto &[place, note] : content.annotations) {
        Annotation &placed = edits.annotations.emplace_back(note);
        placed.source = content.pathOf(place);
    }
    return edits;
}

SavedView OpenedCase::view() const
{
    SavedView view{content.view, content.pathOf(content.view.place), {}};
    for (const auto &[place, line] : content.bookmarks)
        if (const QString path = content.pathOf(place); !path.isEmpty())
            view.bookmarks[path].push_back(line);
    return view;
}

Analysis OpenedCase::failuresAsSaved() const
{
    auto evidence = std::make_shared<Evidence>();
    auto findings = std::make_shared<Findings>();
    for (const CaseFailure &saved : content.failures) {
        const QString path = content.pathOf(saved.place);
        const auto known = std::ranges::find(evidence->sources, path, &SourceEvidence::path);
        Failure &item = findings->failures.emplace_back();
        item.id = static_cast<int>(findings->failures.size()) - 1;
        item.source = static_cast<int>(known - evidence->sources.begin());
        item.line = saved.line;
        item.what = saved.what;
        item.job = saved.job;
        item.step = saved.step;
        item.test = saved.test;
        if (known == evidence->sources.end()) {
            auto source = std::make_shared<SourceEvidence>();
            source->path = path;
            evidence->sources.push_back(std::move(source));
        }
    }
    return {evidence, nullptr, findings, nullptr};
}

Result<OpenedCase> openCase(const QString &file, const QStringList &folders, const CancelToken &cancel)
{
    CaseFileOptions options;
    options.cancel = cancel;
    auto read = readCaseFile(file, options);
    if (!read)
        return std::unexpected(read.error());
    OpenedCase opened{file, std::move(read->content), read->isNewer, {}, {}};
    auto &sources = opened.content.sources;
    if (std::ranges::any_of(sources, &CaseSource::embedded)) {
        opened.unpacked = std::make_shared<QTemporaryDir>();
        if (const auto unpacked = unpackCaseFile(file, opened.content, opened.unpacked->path(), options); !unpacked)
            return std::unexpected(unpacked.error());
    }
    const QString caseFolder = QFileInfo(file).absolutePath();
    for (CaseSource &source : sources) {
        opened.found.push_back(source.embedded ? SourceFound::AsSaved : locate(source, caseFolder, folders, cancel));
        if (cancel.isCancelled())
            return failure(Code::Cancelled, tr("Cancelled"));
    }
    return opened;
}

Result<CaseContent> saveCase(const QString &file, const CaseSnapshot &snapshot, bool update, const CancelToken &cancel)
{
    CaseContent content;
    auto sources = sourcesOf(snapshot, QFileInfo(file).absolutePath(), cancel);
    if (!sources)
        return std::unexpected(sources.error());
    content.sources = std::move(*sources);
    content.id = snapshot.id.isEmpty() ? QUuid::createUuid().toByteArray(QUuid::WithoutBraces) : snapshot.id;
    content.saved = TimeNs{QDateTime::currentMSecsSinceEpoch() * NsPerMillisecond};
    content.program = version();
    addSaid(snapshot, content);
    addFound(snapshot.analysis, content);
    addView(snapshot.view, content);
    CaseFileOptions options;
    options.cancel = cancel;
    const auto written = update ? updateCaseFile(file, content, options) : createCaseFile(file, content, options);
    if (!written)
        return std::unexpected(written.error());
    return content;
}

QString sourcesText(const OpenedCase &opened)
{
    QStringList parts;
    const auto list = [](const QStringList &names) {
        constexpr qsizetype MostNamed = 5;
        const QString named = names.first(std::min(names.size(), MostNamed)).join(u", "_s);
        return names.size() > MostNamed ? tr("%1 and %2 more").arg(named).arg(names.size() - MostNamed) : named;
    };
    if (const QStringList names = opened.missing(); !names.isEmpty())
        parts.append(tr("Not found: %1.").arg(list(names)));
    if (const QStringList names = opened.changed(); !names.isEmpty())
        parts.append(tr("Changed since the case was saved: %1.").arg(list(names)));
    return parts.join(u' ');
}

} // namespace faultline
