// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/redactedcase.h"

#include "app/analysis/savedcase.h"
#include "models/core/translate.h"
#include "models/redaction/redactedanalysis.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

bool isText(const QString &path)
{
    constexpr qint64 Looked = 64 * 1024;
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && !file.read(Looked).contains('\0');
}

/// Line by line: what lies across two lines no rule finds in the analysis either.
Result<void> copyRedacted(const QString &from, const QString &to, Redactor &redactor, const CancelToken &cancel)
{
    QFile in(from);
    QFile out(to);
    if (!in.open(QIODevice::ReadOnly))
        return failure(Code::NotReadable, in.errorString(), {}, from);
    if (!QDir().mkpath(QFileInfo(to).path()) || !out.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return failure(Code::NotReadable, out.errorString(), {}, to);
    const QString name = QFileInfo(from).fileName();
    for (qint64 line = 1; !in.atEnd(); ++line) {
        if (cancel.isCancelled())
            return failure(Code::Cancelled, tr("Cancelled"));
        redactor.setPlace(name, line);
        const QByteArray text = redactor.redacted(in.readLine());
        if (out.write(text) != text.size())
            return failure(Code::NotReadable, out.errorString(), {}, to);
    }
    out.close();
    out.open(QIODevice::ReadWrite);
    out.setFileTime(QFileInfo(from).lastModified(), QFileDevice::FileModificationTime);
    return {};
}

/// Where each source's copy lies, by its path; those that stay out have none.
using Copies = std::map<QString, QString>;

Result<Copies> copySources(const Evidence &evidence, const QString &folder, Redactor &redactor, QStringList &out,
                           const CancelToken &cancel)
{
    QStringList files;
    for (const auto &source : evidence.sources)
        if (QFileInfo(source->path).isFile())
            files.append(source->path);
        else
            out.append(QFileInfo(source->path).fileName()); // in an archive
    const QString common = commonFolder(files);
    Copies copies;
    for (const QString &path : std::as_const(files)) {
        if (!isText(path)) {
            out.append(QFileInfo(path).fileName());
            continue;
        }
        redactor.setPlace(QFileInfo(path).fileName());
        QString copy = folder + u'/' + redactor.redacted(path.sliced(common.size() + 1));
        while (QFileInfo::exists(copy))
            copy += u".other"_s;
        if (const auto copied = copyRedacted(path, copy, redactor, cancel); !copied)
            return std::unexpected(copied.error());
        copies[path] = copy;
    }
    return copies;
}

} // namespace

Result<QStringList> saveRedactedCase(const QString &file, const RedactedCase &wanted, const CancelToken &cancel)
{
    Redactor redactor(wanted.rules, wanted.kept);
    const Analysis redacted = redactedAnalysis(wanted.analysis, redactor, cancel);
    const QTemporaryDir folder;
    QStringList out;
    const auto copies = copySources(*wanted.analysis.evidence, folder.path(), redactor, out, cancel);
    if (!copies)
        return std::unexpected(copies.error());
    const auto copyOf = [&copies](const QString &path) {
        const auto found = copies->find(path);
        return found == copies->end() ? QString() : found->second;
    };
    CaseSnapshot snapshot;
    snapshot.analysis = redacted;
    snapshot.analysis.comparison = nullptr;
    auto evidence = std::make_shared<Evidence>();
    for (const auto &source : wanted.analysis.evidence->sources) {
        auto placed = std::make_shared<SourceEvidence>();
        placed->path = copyOf(source->path);
        evidence->sources.push_back(std::move(placed));
    }
    snapshot.analysis.evidence = std::move(evidence);
    snapshot.edits.answers = wanted.edits.answers;
    snapshot.edits.postmortem = redacted.postmortem;
    for (const auto &[path, said] : wanted.edits.overrides)
        if (const QString copy = copyOf(path); !copy.isEmpty())
            snapshot.edits.overrides[copy] = said;
    if (redacted.annotations)
        snapshot.edits.annotations = *redacted.annotations;
    for (size_t i = 0; i < snapshot.edits.annotations.size(); ++i)
        snapshot.edits.annotations[i].source = copyOf((*wanted.analysis.annotations)[i].source);
    snapshot.view.view = wanted.view.view;
    snapshot.view.source = copyOf(wanted.view.source);
    for (const auto &[path, lines] : wanted.view.bookmarks)
        if (const QString copy = copyOf(path); !copy.isEmpty())
            snapshot.view.bookmarks[copy] = lines;
    snapshot.embed = true;
    const auto saved = saveCase(file, snapshot, false, cancel);
    if (!saved)
        return std::unexpected(saved.error());
    return out;
}

} // namespace faultline
