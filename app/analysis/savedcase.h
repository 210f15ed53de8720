// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/caseedits.h"
#include "models/casefile/casefile.h"

class QTemporaryDir;

namespace faultline {

/// Where a person looks and what is marked there, by the sources' paths.
struct SavedView {
    CaseView view;  ///< Without its place.
    QString source; ///< The one that is looked at; may be empty.
    std::map<QString, std::vector<qint64>> bookmarks;
};

enum class SourceFound { AsSaved, Changed, Missing };

/// A case file with its sources found.
struct OpenedCase {
    QString file;
    CaseContent
        content; ///< `absolute` of each source that was found is where; of one that is missing, what the file says.
    bool isNewer = false;
    std::vector<SourceFound> found;          ///< One for each source.
    std::shared_ptr<QTemporaryDir> unpacked; ///< Holds the embedded sources; null where there are none.

    /// The files to read, without those of the run that passed.
    QStringList paths() const;
    /// Relative paths of those that are missing, or changed since the case was saved.
    QStringList missing() const { return named(SourceFound::Missing); }
    QStringList changed() const { return named(SourceFound::Changed); }
    CaseEdits edits() const;
    SavedView view() const;
    /// As much of the analysis that the case was saved with as says which failure is which.
    Analysis failuresAsSaved() const;

private:
    QStringList filesOf(bool baseline) const;
    QStringList named(SourceFound which) const;
};

/// Reads a case and looks for its sources: only regular files below the case's own folder, or below one of `folders`, which the user
/// chose; there also by the end of its path, where it was moved. Links do not lead out of these. A source is as saved if its size is, and its
/// time or hash.
Result<OpenedCase> openCase(const QString &file, const QStringList &folders, const CancelToken &cancel = {});

/// What is to be saved of a case, from the thread that asks for it.
struct CaseSnapshot {
    Analysis analysis;
    CaseEdits edits;
    SavedView view;
    QByteArray id;                   ///< Empty: a new case.
    std::vector<CaseSource> known;   ///< As last saved or opened: their hashes stand while size and time do.
    std::vector<CaseSource> missing; ///< Stay in the case though they are not there.
    bool embed = false;              ///< Put the sources themselves into the file.
};

/// Hashes the files (which reads all of them where they are not known) and writes the case, in place where `update`, else as a new file.
/// Returns what was written. `folder` of the case decides how the sources are named.
Result<CaseContent> saveCase(const QString &file, const CaseSnapshot &snapshot, bool update,
                             const CancelToken &cancel = {});

/// What to tell of a case whose sources are not all as they were saved; empty where they are.
QString sourcesText(const OpenedCase &opened);

/// The file on disk that a source's path is, or is in; empty where there is none.
QString fileOnDisk(QString path);

/// The deepest folder that holds all the files; empty where none does.
QString commonFolder(const QStringList &files);

} // namespace faultline
