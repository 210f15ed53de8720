// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <vector>

namespace faultline {

/// What is looked for before something is handed on.
struct RedactionRule {
    QString id;                 ///< "github-token"
    QString title;              ///< For people.
    bool isSecret = true;       ///< Else a name: taken out only when asked for.
    QRegularExpression pattern; ///< The group `value` is replaced, or the whole match where it has none.
    bool isOn = true;           ///< Else what it finds is told, and stays.
};

/// Where a value stands, as a person is shown it before something is handed on.
struct RedactionPlace {
    QString where;  ///< "ci.log:59"
    QString before; ///< The value with some of what stands around it.
    QString after;  ///< The same once all rules have gone over it.
};

/// One value that was found.
struct RedactionHit {
    QString rule;
    QString value;
    QString pseudonym; ///< "[github-token-1]": the same wherever the value stands.
    int count = 0;
    bool isKept = false;                ///< A person said that it may stay, or that its rule may not be used.
    std::vector<RedactionPlace> places; ///< The first of them; each text once.

    static constexpr size_t MostPlaces = 50;
};

/// Takes secrets and names out of text. The same value gets the same pseudonym in all texts that one redactor sees. A secret that was found
/// once is taken out also where no rule would know it: a password told in a note.
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

    /// Where the texts that follow stand, for RedactionPlace::where; a line of 0 is left out.
    void setPlace(const QString &name, qint64 line = 0)
    {
        m_place = name;
        m_line = line;
    }

    /// Takes over what another redactor of the same rules found, so that it is known from the first text on.
    void know(const Redactor &other);

    QString redacted(const QString &text);
    /// The same for UTF-8; bytes of other encodings stay as they are where nothing is found.
    QByteArray redacted(const QByteArray &text);

    /// All values found so far, in the order of the rules, then of finding.
    std::vector<RedactionHit> hits() const;
    /// The same by rule, as they were given.
    const std::vector<std::vector<RedactionHit>> &hitsByRule() const { return m_hits; }

private:
    QString redactedBy(size_t rule, const QString &text);
    QString withoutKnown(const QString &text);
    qsizetype hit(size_t rule, const QString &value);
    void tellPlaces(const QString &before, const QString &after);

    std::vector<RedactionRule> m_rules;
    QSet<QString> m_kept;
    QString m_place;
    qint64 m_line = 0;
    std::vector<std::pair<size_t, qsizetype>> m_here; ///< Of the text in hand: rule, index into its hits.
    std::vector<std::vector<RedactionHit>> m_hits;    ///< By rule.
    std::vector<QHash<QString, qsizetype>> m_known;   ///< By rule: value, index into m_hits.
};

} // namespace faultline
