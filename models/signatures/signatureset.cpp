// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/signatureset.h"

#include "models/core/translate.h"
#include "models/signatures/capture.h"
#include "models/signatures/check.h"
#include "models/signatures/shippedsignatures.h"

#include <QFile>
#include <QHash>

#include <array>
#include <deque>
#include <future>
#include <iterator>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

struct Compiled {
    explicit Compiled(const Signature &signature)
        : pattern(signature.pattern)
        , continues(signature.block ? signature.block->continues : QByteArray())
        , ends(signature.block ? signature.block->ends : QByteArray())
    {
    }
    LazyCapturePattern pattern;
    LazyCapturePattern continues; ///< Empty: any line does.
    LazyCapturePattern ends;      ///< Empty: none does.
    unsigned kinds = 0;           ///< A bit a SourceKind; 0: any.
};

constexpr unsigned bitOf(SourceKind kind)
{
    return 1U << static_cast<unsigned>(kind);
}

/// The shipped ones are checked when the program is built: app/compilescanner.cpp.
bool isShipped(const Signature &signature)
{
    return signature.file.startsWith(ShippedSignatures);
}

struct SignatureFiles {
    std::vector<Signature> signatures;
    std::vector<Error> errors;
};

SignatureFiles readFiles(const QDir &folder, const QStringList &names)
{
    SignatureFiles result;
    for (const QString &name : names) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            std::ranges::move(readSignatures(file.readAll(), file.fileName(), result.errors),
                              std::back_inserter(result.signatures));
        else
            result.errors.push_back({Code::NotReadable, file.errorString(), {}, file.fileName(), {}});
    }
    return result;
}

/// Reads all *.yaml of a folder in order of name; an id that is known already is replaced.
void readFolder(const QDir &folder, std::vector<Signature> &all, std::vector<Error> &errors)
{
    QHash<QByteArray, size_t> known;
    for (size_t i = 0; i < all.size(); ++i)
        known.insert(all[i].id, i);
    const QStringList names = folder.entryList({u"*.yaml"_s, u"*.yml"_s}, QDir::Files, QDir::Name);
    // YAML is slow to read: by two threads, each a half.
    const qsizetype half = names.size() / 2;
    auto later = std::async(std::launch::async, [&] { return readFiles(folder, names.sliced(half)); });
    std::array parts{readFiles(folder, names.first(half)), later.get()};
    for (SignatureFiles &read : parts) {
        std::ranges::move(read.errors, std::back_inserter(errors));
        for (Signature &signature : read.signatures) {
            if (const auto before = known.find(signature.id); before != known.end()) {
                all[*before] = std::move(signature);
                known.erase(before); // a second time within this folder is a mistake, for create() to refuse
                continue;
            }
            all.push_back(std::move(signature));
        }
    }
}

} // namespace

struct SignatureSet::Private {
    std::vector<Signature> signatures;
    std::deque<Compiled> compiled;
    QHash<QByteArray, int> index;
};

SignatureSet::SignatureSet(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}
SignatureSet::~SignatureSet() = default;

Result<std::shared_ptr<const SignatureSet>> SignatureSet::create(std::vector<Signature> signatures)
{
    auto p = std::make_unique<Private>();
    std::vector<Error> errors;
    for (size_t i = 0; i < signatures.size(); ++i) {
        const Signature &signature = signatures[i];
        std::vector<Error> mistakes;
        if (!isShipped(signature))
            mistakes = checkSignature(signature, CheckDepth::Loading);
        if (const auto first = p->index.constFind(signature.id); first != p->index.constEnd()) {
            const Signature &other = signatures[static_cast<size_t>(*first)];
            mistakes.push_back({Code::BadValue, tr("The id '%1' is taken").arg(QString::fromUtf8(signature.id)),
                                tr("It stands in %1, line %2").arg(other.file).arg(other.position.line), signature.file,
                                signature.position});
        }
        if (mistakes.empty()) {
            p->index.insert(signature.id, static_cast<int>(i));
            Compiled &compiled = p->compiled.emplace_back(signature);
            for (const SourceKind kind : signature.sources)
                compiled.kinds |= bitOf(kind);
        }
        errors.insert(errors.end(), std::make_move_iterator(mistakes.begin()), std::make_move_iterator(mistakes.end()));
    }
    if (!errors.empty())
        return std::unexpected(firstOf(std::move(errors)));
    p->signatures = std::move(signatures);
    return std::shared_ptr<const SignatureSet>(new SignatureSet(std::move(p)));
}

Result<std::shared_ptr<const SignatureSet>> SignatureSet::load(const QStringList &folders,
                                                               const QStringList &cacheFolders)
{
    std::vector<Signature> all;
    std::vector<Error> errors;
    if (auto kept = keptSignatures(cacheFolders)) {
        all = std::move(*kept);
    } else {
        readFolder(QDir(ShippedSignatures), all, errors);
        if (errors.empty() && !cacheFolders.isEmpty())
            keepSignatures(all, cacheFolders.back());
    }
    for (const QString &folder : folders) {
        if (!QDir(folder).exists())
            errors.push_back({Code::NotFound, tr("There is no folder %1").arg(folder), {}, folder, {}});
        else
            readFolder(QDir(folder), all, errors);
    }
    if (!errors.empty())
        return std::unexpected(firstOf(std::move(errors)));
    return create(std::move(all));
}

const std::vector<Signature> &SignatureSet::signatures() const
{
    return d->signatures;
}

std::vector<QByteArray> SignatureSet::patterns() const
{
    std::vector<QByteArray> patterns;
    patterns.reserve(d->signatures.size());
    for (const Signature &signature : d->signatures)
        patterns.push_back(signature.pattern);
    return patterns;
}

int SignatureSet::indexOf(QByteArrayView id) const
{
    return d->index.value(QByteArray::fromRawData(id.data(), id.size()), -1);
}

std::optional<Fields> SignatureSet::capture(int signature, QByteArrayView payload) const
{
    return d->compiled[static_cast<size_t>(signature)].pattern.get().match(payload);
}

bool SignatureSet::appliesTo(int signature, SourceKind kind) const
{
    const unsigned kinds = d->compiled[static_cast<size_t>(signature)].kinds;
    return kinds == 0 || (kinds & bitOf(kind)) != 0;
}

bool SignatureSet::continuesBlock(int signature, QByteArrayView payload) const
{
    if (!d->signatures[static_cast<size_t>(signature)].block)
        return false;
    const LazyCapturePattern &continues = d->compiled[static_cast<size_t>(signature)].continues;
    return continues.isEmpty() || continues.get().matches(payload);
}

bool SignatureSet::endsBlock(int signature, QByteArrayView payload) const
{
    const LazyCapturePattern &ends = d->compiled[static_cast<size_t>(signature)].ends;
    return !ends.isEmpty() && ends.get().matches(payload);
}

} // namespace faultline
