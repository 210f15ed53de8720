// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

class TextImporter;

/// The explicit lists of all that can be read. Adding one: its folder and a line in registry.cpp.
class Registry
{
public:
    Registry();
    ~Registry();
    Q_DISABLE_COPY_MOVE(Registry)

    /// Every importer: one for each carrier (the text engine around it), then the structured formats.
    const std::vector<std::unique_ptr<Importer>> &importers() const { return m_importers; }
    const Importer *byId(QByteArrayView id) const;

    /// The importers of text among them.
    const std::vector<const TextImporter *> &textImporters() const { return m_textImporters; }

    /// All patterns that are scanned for: the signatures', then each carrier's marks, then each recogniser's triggers.
    std::vector<QByteArray> scanPatterns(const SignatureSet &signatures) const;

private:
    std::vector<std::unique_ptr<Carrier>> m_carriers;
    std::vector<std::unique_ptr<Recogniser>> m_recognisers;
    std::vector<std::unique_ptr<Importer>> m_importers;
    std::vector<const TextImporter *> m_textImporters;
};

/// Signatures, scanners and registry ready for importing; made once, shared by all cases.
struct ImportTools {
    std::shared_ptr<const Registry> registry;
    std::shared_ptr<const SignatureSet> signatures;
    std::shared_ptr<const ScannerSet> scanners; ///< Of Registry::scanPatterns().
};
/// `signatureFolders` add to the shipped signatures; compiled scanners are looked for in all of `cacheFolders` and kept in the last.
Result<ImportTools> makeImportTools(const QStringList &signatureFolders, const QStringList &cacheFolders);

/// Makes the scanners of all carriers now, on all cores; otherwise each is made when the first source needs it.
Result<void> compileScanners(const ImportTools &tools);

/// A file, how many of its bytes are done, and its size: called from worker threads, first with 0, last with the size.
using FileProgressFunction = std::function<void(const QString &path, qint64 done, qint64 size)>;

struct ImportOptions {
    std::vector<std::pair<QString, QByteArray>> formatOf; ///< Source path or its ending, importer id.
    int threads = 0;                                      ///< 0: one a core.
    CancelToken cancel;
    ProgressFunction progress; ///< Bytes done of all bytes.
    FileProgressFunction fileProgress;
};

/// Reads files and folders (whole, recursively, in order of path), side by side. A file that cannot be read is a source with an error note.
/// Fails where a path does not exist, nothing is readable, or the task was cancelled.
Result<Evidence> importPaths(const QStringList &paths, const ImportTools &tools, const ImportOptions &options);

} // namespace faultline
