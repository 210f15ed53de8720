// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/evidence/evidence.h"
#include "models/signatures/scannerset.h"
#include "models/signatures/signatureset.h"

#include <memory>

namespace faultline {

struct ImporterInfo {
    QByteArray id; ///< "github-actions", as in sources[].format and --format-of.
    QString title; ///< "GitHub Actions log"
    SourceKind kind = SourceKind::Other;
    TimeBasis basis = TimeBasis::None;
};

/// The first bytes of a source, for telling what it is.
struct SourceHead {
    static constexpr qint64 MostBytes = 64 * 1024;

    QString name;                   ///< Path; only its last part should weigh, and less than content.
    QByteArray bytes;               ///< At most MostBytes, as in the file (a BOM still inside).
    qint64 size = 0;                ///< Of the whole source.
    std::optional<TimeNs> modified; ///< The file's own time: for stamps without year or date.
};

/// How sure an importer is that a source is its own: 0 not at all, 100 certain. The reason is shown to people.
struct SniffResult {
    int score = 0;
    QString reason;
};

enum class ImportOutcome {
    Read,          ///< All of it, or all but what the notes tell.
    NotThisFormat, ///< Another importer may try.
    Broken,        ///< This format, but nothing of it could be read; the notes say where.
    Cancelled,
};

/// What an import may use; shared by all sources of a case.
struct ImportContext {
    std::shared_ptr<const SignatureSet> signatures;
    std::shared_ptr<const ScannerSet> scanners; ///< Of Registry::scanPatterns().
    CancelToken cancel;
    ProgressFunction progress; ///< Bytes done of this source; may be empty.
    /// Forced by --format-of: breaking the format's rules is then an error with line and column, not a reason to try another.
    bool forced = false;
    int threads = 1; ///< How many may work on one large source.
};

/// Reads one kind of file into evidence. A plain object: no widgets, signals or threads of its own.
class Importer
{
public:
    Importer() = default;
    virtual ~Importer() = default;
    Q_DISABLE_COPY_MOVE(Importer)

    virtual ImporterInfo info() const = 0;
    /// From name and head alone; content beats name.
    virtual SniffResult sniff(const SourceHead &head) const = 0;
    /// Fills `evidence`, whose path, byteCount and modified are set already.
    virtual ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                               const ImportContext &context) const = 0;
};

} // namespace faultline
