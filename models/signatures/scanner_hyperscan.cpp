// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef FAULTLINE_HAVE_HYPERSCAN
#include "models/signatures/engines.h"

#include "models/core/keptfile.h"
#include "models/core/translate.h"

#include <QCryptographicHash>
#include <QStringBuilder>

#include <hs.h>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostScanBytes = std::numeric_limits<unsigned>::max() / 2;

struct DatabaseDeleter {
    void operator()(hs_database_t *database) const { hs_free_database(database); }
};
struct ScratchDeleter {
    void operator()(hs_scratch_t *scratch) const { hs_free_scratch(scratch); }
};
struct CompileErrorDeleter {
    void operator()(hs_compile_error_t *error) const { hs_free_compile_error(error); }
};
using Database = std::unique_ptr<hs_database_t, DatabaseDeleter>;
using HsScratch = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

class HyperscanScratch : public Scanner::Scratch
{
public:
    HyperscanScratch(HsScratch scratch, size_t patternCount)
        : hs(std::move(scratch))
        , hits(patternCount)
    {
    }
    HsScratch hs;
    LineHits hits;
};

struct HitContext {
    LineHits &hits;
    const Scanner::Hit &hit;
    qint64 base;
};

int onMatch(unsigned id, unsigned long long, unsigned long long to, unsigned, void *data)
{
    auto &context = *static_cast<HitContext *>(data);
    const qint64 end = context.base + static_cast<qint64>(to);
    if (context.hits.isNew(static_cast<int>(id), end))
        context.hit(static_cast<int>(id), end);
    return 0;
}

class HyperscanScanner : public Scanner
{
public:
    HyperscanScanner(Database database, HsScratch prototype, size_t patternCount)
        : m_database(std::move(database))
        , m_prototype(std::move(prototype))
        , m_patternCount(patternCount)
    {
    }

    std::unique_ptr<Scratch> makeScratch() const override
    {
        hs_scratch_t *scratch = nullptr;
        if (hs_clone_scratch(m_prototype.get(), &scratch) != HS_SUCCESS)
            throw std::bad_alloc(); // as any other allocation that fails
        return std::make_unique<HyperscanScratch>(HsScratch(scratch), m_patternCount);
    }

    void scan(std::string_view bytes, Scratch &scratch, const Hit &hit) const override
    {
        auto &mine = static_cast<HyperscanScratch &>(scratch);
        mine.hits.begin(bytes);
        size_t from = 0;
        while (from < bytes.size()) {
            size_t length = bytes.size() - from;
            if (length > MostScanBytes) {
                const size_t lineFeed = bytes.rfind('\n', from + MostScanBytes);
                length = lineFeed == std::string_view::npos || lineFeed < from ? MostScanBytes : lineFeed + 1 - from;
            }
            HitContext context{mine.hits, hit, static_cast<qint64>(from)};
            const hs_error_t status = hs_scan(m_database.get(), bytes.data() + from, static_cast<unsigned>(length), 0,
                                              mine.hs.get(), onMatch, &context);
            Q_ASSERT(status == HS_SUCCESS);
            Q_UNUSED(status)
            from += length;
        }
    }

private:
    Database m_database;
    HsScratch m_prototype;
    size_t m_patternCount;
};

unsigned flagsOf(const ScanForm &form)
{
    return HS_FLAG_MULTILINE | (form.caseless ? HS_FLAG_CASELESS : 0U);
}

Result<Database> compile(const std::vector<ScanForm> &forms)
{
    std::vector<const char *> expressions;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (size_t i = 0; i < forms.size(); ++i) {
        if (forms[i].expression.isEmpty())
            continue;
        expressions.push_back(forms[i].expression.constData());
        flags.push_back(flagsOf(forms[i]));
        ids.push_back(static_cast<unsigned>(i));
    }
    hs_database_t *database = nullptr;
    hs_compile_error_t *error = nullptr;
    if (hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()), HS_MODE_BLOCK,
                         nullptr, &database, &error)
        == HS_SUCCESS)
        return Database(database);
    const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> owned(error);
    const QString which =
        error->expression >= 0 ? QString::fromUtf8(expressions[static_cast<size_t>(error->expression)]) : QString();
    return failure(Code::Unsupported,
                   tr("Hyperscan cannot compile %1: %2").arg(which, QString::fromUtf8(error->message)));
}

/// Of the patterns as they were written: to rewrite them for the scan takes longer than to read what was compiled of them.
QByteArray keyOf(const std::vector<QByteArray> &patterns)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(hs_version()));
    hash.addData(QByteArrayView(FAULTLINE_SCAN_FORMS));
    for (const QByteArray &pattern : patterns) {
        const QByteArray head = QByteArray::number(pattern.size()) + ' ';
        hash.addData(head);
        hash.addData(pattern);
    }
    return hash.result();
}

/// Null where the file is absent, broken, or made for another version or processor: then it is simply made again.
Database readDatabase(const QString &path)
{
    const auto content = readKept(path);
    hs_database_t *database = nullptr;
    if (!content
        || hs_deserialize_database(content->data(), static_cast<size_t>(content->size()), &database) != HS_SUCCESS)
        return {};
    return Database(database);
}

void keepDatabase(const QString &path, const hs_database_t *database)
{
    char *bytes = nullptr;
    size_t length = 0;
    if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS)
        return;
    const std::unique_ptr<char, decltype(&std::free)> owned(bytes, &std::free);
    writeKept(path, QByteArrayView(bytes, static_cast<qsizetype>(length)));
}

} // namespace

Result<std::shared_ptr<const Scanner>> makeHyperscanScanner(const std::vector<QByteArray> &patterns,
                                                            const QStringList &cacheFolders)
{
    if (hs_valid_platform() != HS_SUCCESS)
        return failure(Code::Unsupported, tr("This processor cannot run Hyperscan"));
    if (std::ranges::all_of(patterns, &QByteArray::isEmpty))
        return failure(Code::Unsupported, tr("Hyperscan needs a pattern"));
    const QString name = "/scanner-"_L1 % QString::fromLatin1(keyOf(patterns).toHex()) % ".hs"_L1;
    Database database;
    for (const QString &folder : cacheFolders) {
        if (!database)
            database = readDatabase(folder % name);
    }
    if (!database) {
        const auto forms = scanForms(patterns);
        if (!forms)
            return std::unexpected(forms.error());
        auto compiled = compile(*forms);
        if (!compiled)
            return std::unexpected(compiled.error());
        database = std::move(*compiled);
        if (!cacheFolders.isEmpty())
            keepDatabase(cacheFolders.back() % name, database.get());
    }
    hs_scratch_t *scratch = nullptr;
    if (hs_alloc_scratch(database.get(), &scratch) != HS_SUCCESS)
        return failure(Code::Internal, tr("Hyperscan cannot get its working memory"));
    return std::make_shared<HyperscanScanner>(std::move(database), HsScratch(scratch), patterns.size());
}

Result<void> compilesInHyperscan(const ScanForm &form)
{
    if (const auto database = compile({form}); !database)
        return std::unexpected(database.error());
    return {};
}

} // namespace faultline
#endif
