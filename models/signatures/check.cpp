// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/check.h"

#include "models/core/translate.h"
#include "models/signatures/capture.h"
#include "models/signatures/engines.h"
#include "models/signatures/signatureset.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Gathers the mistakes of one signature.
class Checker
{
public:
    Checker(const Signature &signature, CheckDepth depth)
        : m_signature(signature)
        , m_depth(depth)
    {
    }

    std::vector<Error> run()
    {
        const bool scans = checkForm();
        const auto pattern = CapturePattern::compile(m_signature.pattern);
        if (!pattern && scans)
            complain(tr("PCRE2 cannot compile the pattern: %1").arg(pattern.error().message), {},
                     pattern.error().position.column);
        checkBlock();
        if (pattern) {
            checkPlaceholders(m_signature.title, pattern->names());
            checkPlaceholders(m_signature.failure, pattern->names());
        }
        return std::move(m_errors);
    }

private:
    void complain(const QString &message, const QString &hint = {}, qint64 columnInPattern = 0)
    {
        Position position = m_signature.position;
        if (columnInPattern > 0)
            position.column += columnInPattern; // the opening quote makes up for counting from 1
        const QString subject = QString::fromUtf8(m_signature.id);
        m_errors.push_back({Code::BadValue, u"%1: %2"_s.arg(subject, message), hint, m_signature.file, position});
    }

    bool checkForm()
    {
        const auto form = scanForm(m_signature.pattern);
        if (!form) {
            complain(form.error().message, form.error().hint, form.error().position.column);
            return false;
        }
        if (form->literalLength < FewestLiteralBytes)
            complain(tr("The pattern holds no word of %1 letters that every match must have").arg(FewestLiteralBytes),
                     tr("Without one every scan is slow; add what the line always says"));
        if (m_depth == CheckDepth::Loading)
            return true; // scanForm() lets through what all engines take; makeScanner() has the last word
#ifdef FAULTLINE_HAVE_RE2
        if (const auto compiled = compilesInRe2(*form); !compiled)
            complain(tr("RE2 cannot compile the pattern: %1").arg(compiled.error().message));
#endif
#ifdef FAULTLINE_HAVE_HYPERSCAN
        if (const auto compiled = compilesInHyperscan(*form); !compiled)
            complain(compiled.error().message);
#endif
        return true;
    }

    void checkBlock()
    {
        if (!m_signature.block)
            return;
        for (const QByteArray &pattern : {m_signature.block->continues, m_signature.block->ends}) {
            if (pattern.isEmpty())
                continue;
            if (const auto compiled = CapturePattern::compile(pattern); !compiled)
                complain(tr("PCRE2 cannot compile the block's pattern %1: %2")
                             .arg(QString::fromUtf8(pattern), compiled.error().message));
        }
    }

    void checkPlaceholders(const QString &text, const std::vector<QByteArray> &names)
    {
        static const QRegularExpression placeholder(u"\\{([^{}]*)\\}"_s);
        for (const auto &match : placeholder.globalMatch(text)) {
            const QString name = match.captured(1);
            if (std::ranges::find(names, name.toUtf8()) == names.end())
                complain(tr("'{%1}' names no group of the pattern").arg(name),
                         tr("Write the group as (?<%1>…)").arg(name));
        }
    }

    const Signature &m_signature;
    CheckDepth m_depth;
    std::vector<Error> m_errors;
};

Error exampleError(const Signature &signature, const QString &message, QByteArrayView line)
{
    const QString shown = QString::fromUtf8(line.first(std::min<qsizetype>(line.size(), 200)));
    return {Code::BadValue,
            u"%1: %2: %3"_s.arg(QString::fromUtf8(signature.id), message, shown),
            {},
            signature.file,
            signature.position};
}

/// The first line must match, the others must continue or end the block.
void testExample(const SignatureSet &set, int index, const QByteArray &example, std::vector<Error> &errors)
{
    const Signature &signature = set.signatures()[static_cast<size_t>(index)];
    QList<QByteArray> lines = example.split('\n');
    if (lines.size() > 1 && lines.last().isEmpty())
        lines.removeLast();
    if (!set.capture(index, lines.first()))
        errors.push_back(exampleError(signature, tr("The example does not match"), lines.first()));
    for (qsizetype i = 1; i < lines.size(); ++i) {
        if (set.endsBlock(index, lines[i]) && i + 1 == lines.size())
            break;
        if (!set.continuesBlock(index, lines[i]) || set.endsBlock(index, lines[i]))
            errors.push_back(
                exampleError(signature, tr("The block does not go on over this line of the example"), lines[i]));
    }
}

} // namespace

std::vector<Error> checkSignature(const Signature &signature, CheckDepth depth)
{
    return Checker(signature, depth).run();
}

std::vector<Error> selfTest(const SignatureSet &set)
{
    std::vector<Error> errors;
    const auto &signatures = set.signatures();
    for (int index = 0; index < static_cast<int>(signatures.size()); ++index) {
        const Signature &signature = signatures[static_cast<size_t>(index)];
        for (const QByteArray &example : signature.examples)
            testExample(set, index, example, errors);
        for (const QByteArray &line : signature.counterexamples) {
            if (set.capture(index, line))
                errors.push_back(exampleError(signature, tr("The counterexample matches"), line));
        }
    }
    return errors;
}

std::vector<Error> checkSignatureFile(const QByteArray &yaml, const QString &file)
{
    std::vector<Error> errors;
    std::vector<Signature> signatures = readSignatures(yaml, file, errors);
    std::vector<Signature> sound;
    for (Signature &signature : signatures) {
        std::vector<Error> mistakes = checkSignature(signature, CheckDepth::Authoring);
        const auto same = std::ranges::find(sound, signature.id, &Signature::id);
        if (same != sound.end())
            mistakes.push_back({Code::BadValue, tr("The id '%1' is taken").arg(QString::fromUtf8(signature.id)),
                                tr("It stands in line %1").arg(same->position.line), file, signature.position});
        if (mistakes.empty())
            sound.push_back(std::move(signature));
        errors.insert(errors.end(), mistakes.begin(), mistakes.end());
    }
    if (const auto set = SignatureSet::create(std::move(sound))) {
        const std::vector<Error> failed = selfTest(**set);
        errors.insert(errors.end(), failed.begin(), failed.end());
    }
    std::ranges::stable_sort(errors, {},
                             [](const Error &error) { return std::pair(error.position.line, error.position.column); });
    return errors;
}

} // namespace faultline
