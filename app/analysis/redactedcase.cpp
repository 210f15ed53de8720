// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/redactedcase.h"

#include "app/analysis/savedcase.h"
#include "importers/core/sourcelist.h"
#include "importers/core/wideencodings.h"
#include "models/core/translate.h"
#include "models/redaction/redactedanalysis.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// The bytes of a source as Qt reads lines.
class SourceDevice : public QIODevice
{
public:
    explicit SourceDevice(std::shared_ptr<const ByteSource> bytes)
        : m_bytes(std::move(bytes))
    {
        open(QIODevice::ReadOnly);
    }
    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return QIODevice::bytesAvailable() + m_bytes->size() - m_at; }
    bool isText()
    {
        constexpr qint64 Looked = 64 * 1024;
        return !peek(Looked).contains('\0');
    }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const auto got = m_bytes->read(m_at, std::span(data, static_cast<size_t>(most)));
        if (!got) {
            setErrorString(got.error().toString());
            return -1;
        }
        m_at += *got;
        return *got;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    std::shared_ptr<const ByteSource> m_bytes;
    qint64 m_at = 0;
};

/// UTF-16 and UTF-32 as UTF-8; anything else, and what is too long for that, as it is.
std::shared_ptr<const ByteSource> asText(const std::shared_ptr<const ByteSource> &bytes)
{
    const auto head = bytes->bytes(0, SourceHead::MostBytes);
    std::vector<Note> notes;
    const auto converted = head && bytes->size() <= MostWideBytes ? narrowed(bytes, *head, notes) : nullptr;
    return converted ? converted : bytes;
}

/// Line by line: what lies across two lines no rule finds in the analysis either.
Result<void> copyRedacted(SourceDevice &in, const QString &from, const QString &to, Redactor &redactor,
                          const CancelToken &cancel)
{
    QFile out(to);
    if (!QDir().mkpath(QFileInfo(to).path()) || !out.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return failure(Code::NotReadable, out.errorString(), {}, to);
    const QString name = QFileInfo(from).fileName();
    for (qint64 line = 1; !in.atEnd(); ++line) {
        if (cancel.isCancelled())
            return failure(Code::Cancelled, tr("Cancelled"));
        redactor.setPlace(name, line);
        const QByteArray before = in.readLine();
        if (before.isEmpty())
            return failure(Code::NotReadable, in.errorString(), {}, from);
        const QByteArray text = redactor.redacted(before);
        if (out.write(text) != text.size())
            return failure(Code::NotReadable, out.errorString(), {}, to);
    }
    return {};
}

void keepTime(const QString &file, const std::optional<TimeNs> &time)
{
    QFile copy(file);
    if (time && copy.open(QIODevice::ReadWrite))
        copy.setFileTime(QDateTime::fromMSecsSinceEpoch(time->ns / NsPerMillisecond), QFile::FileModificationTime);
}

/// Where each source's copy lies, by its path; those that stay out have none.
using Copies = std::map<QString, QString>;

/// What archives and compressed files hold is copied as files of their own, below a folder of the archive's name.
Result<Copies> copySources(const Evidence &evidence, const QString &folder, Redactor &redactor, QStringList &out,
                           const CancelToken &cancel)
{
    QStringList paths;
    for (const auto &source : evidence.sources) {
        paths.append(source->path);
        paths.append(source->stepFiles);
    }
    const Registry registry;
    SourceList list(registry, cancel);
    for (const QString &path : std::as_const(paths)) {
        const QString file = fileOnDisk(path);
        if (const auto added = file.isEmpty() ? Result<void>() : list.add(file); !added)
            return std::unexpected(added.error());
    }
    const QString common = commonFolder(paths);
    Copies copies;
    for (const FoundSource &found : list.takeFiles()) {
        if (found.isArchive)
            continue;
        const auto bytes = found.bytes ? Result<std::shared_ptr<const ByteSource>>(found.bytes) : openFile(found.path);
        if (!bytes)
            return std::unexpected(bytes.error());
        SourceDevice in(asText(*bytes));
        if (!in.isText())
            continue;
        redactor.setPlace(QFileInfo(found.path).fileName());
        QString copy = folder + u'/' + redactor.redacted(found.path.sliced(common.size() + 1));
        while (QFileInfo::exists(copy))
            copy += u".other"_s;
        if (const auto copied = copyRedacted(in, found.path, copy, redactor, cancel); !copied)
            return std::unexpected(copied.error());
        keepTime(copy, (*bytes)->modified());
        copies[found.path] = copy;
    }
    for (const QString &path : std::as_const(paths)) {
        const auto inside = copies.lower_bound(path + u'/'); // of an archive that has something to tell of itself
        const bool isOpened = inside != copies.end() && inside->first.startsWith(path + u'/');
        if (!copies.contains(path) && !isOpened)
            out.append(QFileInfo(path).fileName());
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
        for (const QString &step : source->stepFiles)
            placed->stepFiles.append(copyOf(step));
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
