// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"
#include "importers/core/sourcelist.h"
#include "importers/core/wideencodings.h"
#include "importers/metrics/quantiles.h"
#include "importers/metrics/ratios.h"
#include "importers/metrics/snapshots.h"
#include "models/core/sidebyside.h"
#include "models/core/translate.h"

#include <algorithm>
#include <mutex>
#include <numeric>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// From this size on a file gets all threads for itself; smaller ones are read side by side.
constexpr qint64 LargeFile = 8 * 1024 * 1024;

/// Adds up what all sources have done, one call at a time.
class ProgressSum
{
public:
    ProgressSum(const ProgressFunction &progress, qint64 total)
        : m_progress(progress)
        , m_total(total)
    {
    }
    void advance(qint64 by)
    {
        if (!m_progress || by <= 0)
            return;
        const std::lock_guard lock(m_mutex);
        m_done = std::min(m_total, m_done + by);
        m_progress(m_done, m_total);
    }

private:
    const ProgressFunction &m_progress;
    qint64 m_total;
    std::mutex m_mutex;
    qint64 m_done = 0;
};

struct Candidate {
    const Importer *importer = nullptr;
    SniffResult sniffed;
};

/// Reads one file with the importer that is surest of it, or the next where that one finds it is not its own.
class SourceReader
{
public:
    SourceReader(const ImportTools &tools, const ImportOptions &options, ProgressSum &progress)
        : m_tools(tools)
        , m_options(options)
        , m_progress(progress)
    {
    }

    /// Null where cancelled.
    std::shared_ptr<SourceEvidence> read(const FoundSource &found, int threads) const
    {
        if (found.isArchive)
            return archive(found);
        auto opened = found.bytes ? Result<std::shared_ptr<const ByteSource>>(found.bytes) : openFile(found.path);
        if (!opened)
            return unreadable(found.path, opened.error());
        tellFile(found.path, 0, (*opened)->size());
        std::shared_ptr<const ByteSource> bytes = std::move(*opened);
        std::vector<Note> notes = found.notes;
        auto head = bytes->bytes(0, SourceHead::MostBytes);
        if (!head)
            return unreadable(found.path, head.error());
        const qint64 size = bytes->size();
        if (const auto converted = narrowed(bytes, *head, notes)) {
            bytes = converted;
            head = bytes->bytes(0, SourceHead::MostBytes);
        }
        if (const auto converted = head ? withLineFeeds(bytes, *head, notes) : nullptr) {
            bytes = converted;
            head = bytes->bytes(0, SourceHead::MostBytes);
        }
        auto evidence =
            readBytes(bytes, {found.path, *head, bytes->size(), bytes->modified()}, size, std::move(notes), threads);
        if (evidence)
            nameActionsSteps(*evidence, found.steps);
        return evidence;
    }

private:
    void tellFile(const QString &path, qint64 done, qint64 size) const
    {
        if (m_options.fileProgress)
            m_options.fileProgress(path, done, size);
    }

    std::shared_ptr<SourceEvidence> unreadable(const QString &path, const Error &error) const
    {
        auto evidence = std::make_shared<SourceEvidence>();
        evidence->path = path;
        evidence->format = "unreadable";
        evidence->formatReason = tr("The file could not be read");
        addNote(evidence->notes, {Severity::Error, error.code, error.position, error.message, 1});
        return evidence;
    }

    /// An archive has nothing of its own but what it has to tell of its entries.
    static std::shared_ptr<SourceEvidence> archive(const FoundSource &found)
    {
        auto evidence = std::make_shared<SourceEvidence>();
        evidence->path = found.path;
        evidence->format = "archive";
        evidence->formatReason = tr("What could be read of it are sources of their own");
        evidence->notes = found.notes;
        return evidence;
    }

    std::vector<Candidate> candidates(const SourceHead &head, bool &forced, std::vector<Note> &notes) const
    {
        for (const auto &[ending, id] : m_options.formatOf) {
            if (head.name != ending && !head.name.endsWith(u'/' + ending))
                continue;
            if (const Importer *importer = m_tools.registry->byId(id)) {
                forced = true;
                return {{importer, {100, tr("The user named the format")}}};
            }
            addNote(notes, {Severity::Error,
                            Code::UnknownId,
                            {},
                            tr("There is no format named %1").arg(QString::fromUtf8(id)),
                            1});
        }
        std::vector<Candidate> found;
        for (const auto &importer : m_tools.registry->importers()) {
            if (SniffResult sniffed = importer->sniff(head); sniffed.score > 0)
                found.push_back({importer.get(), std::move(sniffed)});
        }
        std::ranges::stable_sort(found, std::ranges::greater(),
                                 [](const Candidate &candidate) { return candidate.sniffed.score; });
        return found;
    }

    std::shared_ptr<SourceEvidence> readBytes(const std::shared_ptr<const ByteSource> &bytes, const SourceHead &head,
                                              qint64 size, std::vector<Note> notes, int threads) const
    {
        ImportContext context{m_tools.signatures, m_tools.scanners, m_options.cancel, {}, false, threads};
        qint64 told = 0;
        context.progress = [this, &told, &head, size](qint64 done, qint64) {
            m_progress.advance(done - std::exchange(told, std::max(told, done)));
            tellFile(head.name, std::min(told, size), size);
        };
        const auto fresh = [&] {
            auto evidence = std::make_shared<SourceEvidence>();
            evidence->path = head.name;
            evidence->byteCount = size;
            evidence->modified = bytes->modified();
            evidence->notes = notes;
            return evidence;
        };
        for (const auto &[importer, sniffed] : candidates(head, context.forced, notes)) {
            const ImporterInfo info = importer->info();
            auto evidence = fresh();
            evidence->format = info.id;
            evidence->formatReason = sniffed.reason;
            evidence->kind = info.kind;
            evidence->basis = info.basis;
            const ImportOutcome outcome = importer->read(bytes, *evidence, context);
            if (outcome == ImportOutcome::Cancelled)
                return nullptr;
            if (outcome == ImportOutcome::NotThisFormat && context.forced)
                addNote(evidence->notes,
                        {Severity::Error, Code::NotThisFormat, {1, 1, 0}, tr("This is no %1").arg(info.title), 1});
            else if (outcome == ImportOutcome::NotThisFormat)
                continue;
            m_progress.advance(size - told);
            tellFile(head.name, size, size);
            return evidence;
        }
        auto evidence = fresh();
        evidence->format = "unknown";
        evidence->formatReason = tr("Neither text nor a known binary format");
        addNote(evidence->notes, {Severity::Warning,
                                  Code::Unsupported,
                                  {},
                                  tr("The file's format is not known; nothing of it was read"),
                                  1});
        m_progress.advance(size);
        tellFile(head.name, size, size);
        return evidence;
    }

    const ImportTools &m_tools;
    const ImportOptions &m_options;
    ProgressSum &m_progress;
};

} // namespace

Result<Evidence> importPaths(const QStringList &paths, const ImportTools &tools, const ImportOptions &options)
{
    SourceList list(*tools.registry, options.cancel);
    for (const QString &path : paths) {
        if (const auto added = list.add(path); !added)
            return std::unexpected(added.error());
    }
    const std::vector<FoundSource> files = list.take();
    std::vector<size_t> small;
    std::vector<size_t> large;
    qint64 total = 0;
    for (size_t i = 0; i < files.size(); ++i) {
        const qint64 size = files[i].size();
        total += size;
        (size >= LargeFile ? large : small).push_back(i);
    }
    const int threads = threadsOrCores(options.threads);
    ProgressSum progress(options.progress, total);
    const SourceReader reader(tools, options, progress);
    std::vector<std::shared_ptr<SourceEvidence>> sources(files.size());
    const auto read = [&](size_t index, int threadsForIt) {
        if (!options.cancel.isCancelled())
            sources[index] = reader.read(files[index], threadsForIt);
    };
    sideBySide(small.size(), threads, [&](size_t i) { read(small[i], 1); });
    for (const size_t index : large)
        read(index, threads);
    if (options.cancel.isCancelled())
        return failure(Code::Cancelled, tr("Cancelled"));
    joinSnapshots(sources);
    for (const auto &source : sources) {
        if (source && !source->series.empty()) {
            const MetricRules &rules = MetricRules::shipped();
            addQuantiles(*source, rules.histograms());
            addRatios(*source, rules.ratios());
        }
    }
    Evidence evidence;
    evidence.sources.assign(sources.begin(), sources.end());
    const auto isReadable = [](const auto &source) {
        return source && source->format != "unreadable" && source->format != "archive";
    };
    if (std::ranges::none_of(evidence.sources, isReadable)) {
        for (const auto &source : evidence.sources) {
            if (source && !source->notes.empty())
                return failure(Code::NotReadable, source->notes.front().text, tr("Check the file's permissions"),
                               source->path);
        }
        return failure(Code::NotFound, tr("There is no file to read"), tr("Name a file, or a folder with files"),
                       paths.value(0));
    }
    return evidence;
}

} // namespace faultline
