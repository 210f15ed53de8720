// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QHash>
#include <QRegularExpression>

#include <vector>

namespace faultline {

/// What is looked for before something is handed on.
struct RedactionRule {
    QString id;                 ///< "github-token"
    QString title;              ///< For people.
    bool isSecret = true;       ///< Else a name: taken out only when asked for.
    QRegularExpression pattern; ///< The group `value` is replaced, or the whole match where it has none.
};

/// One value that was found.
struct RedactionHit {
    QString rule;
    QString value;
    QString pseudonym; ///< "[github-token-1]": the same wherever the value stands.
    int count = 0;
    bool isKept = false; ///< A person said that it may stay.
};

/// Takes secrets and names out of text. The same value gets the same pseudonym in all texts that one redactor sees.
class Redactor
{
public:
    /// The rules of resources/redaction.yaml.
    static std::vector<RedactionRule> shippedRules();
    /// Rules in the form of that file. Fails with place and reason where one is wrong.
    static Result<std::vector<RedactionRule>> parseRules(const QByteArray &yaml, const QString &file);
    /// `choice`: "secrets", "names", "all" or ids, joined by commas; further patterns become rules of their own. Fails where an id is
    /// unknown or a pattern wrong.
    static Result<std::vector<RedactionRule>> chosenRules(const QString &choice, const QStringList &patterns);

    /// Looks for `rules`; `kept` are values that may stay.
    explicit Redactor(std::vector<RedactionRule> rules, QStringList kept = {});

    QString redacted(const QString &text);
    /// The same for UTF-8; bytes of other encodings stay as they are where nothing is found.
    QByteArray redacted(const QByteArray &text);

    /// All values found so far, in the order of the rules, then of finding.
    std::vector<RedactionHit> hits() const;

private:
    QString redactedBy(size_t rule, const QString &text);
    RedactionHit &hit(size_t rule, const QString &value);

    std::vector<RedactionRule> m_rules;
    QStringList m_kept;
    std::vector<std::vector<RedactionHit>> m_hits;  ///< By rule.
    std::vector<QHash<QString, qsizetype>> m_known; ///< By rule: value, index into m_hits.
};

} // namespace faultline
