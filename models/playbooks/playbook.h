// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/evidence/types.h"
#include "models/playbooks/nodeshape.h"

#include <QStringList>

#include <map>
#include <vector>

namespace faultline {

struct FlowNode {
    QString id; ///< May hold dots: leaves are cause ids.
    QString label;
    NodeShape shape = NodeShape::Rect;
    Position position;
};

struct FlowEdge {
    int from = -1;
    int to = -1;
    QString label;
    Position position;
};

struct FlowSubgraph {
    QString id;
    QString label;
    std::vector<int> nodes;
};

/// The Mermaid subset: graph and flowchart, TD/TB/BT/LR/RL, node shapes, chained and labelled edges, subgraphs, comments.
struct Flowchart {
    QString direction = QStringLiteral("TD");
    std::vector<FlowNode> nodes;
    std::vector<FlowEdge> edges;
    std::vector<FlowSubgraph> subgraphs;

    int indexOf(QStringView id) const;
};
/// `firstLine` is the line of the text's first line in its file, so that errors point there.
Result<Flowchart> parseMermaid(const QString &text, const QString &file, qint64 firstLine);

enum class Strength { Proves, Supports, Hints };

/// A section of a playbook: how one decision is answered.
struct Question {
    QString id;
    QString text;                         ///< Markdown shown to people.
    DurationNs before = 60 * NsPerSecond; ///< Window around the failure.
    DurationNs after = 5 * NsPerSecond;
    std::vector<SourceKind> canShow;
    std::vector<SourceKind> absenceCountsFrom;
    Strength strength = Strength::Supports;
    QString findOutWith; ///< Command.
    QString sql;
    QStringList rulesOut; ///< Edge labels or causes marked "Rules out".
    Position position;
};

struct Playbook {
    QString id; ///< File name without ending.
    QString title;
    QString startsWhen; ///< SQL
    Flowchart chart;
    std::map<QString, Question> questions; ///< By node id.
    QString file;
};

/// Reads one playbook; every mistake is told with line and column. Fails where any is an error.
std::expected<Playbook, std::vector<Error>> parsePlaybook(const QByteArray &markdown, const QString &file);

/// A cause's page, resources/causes/<id>.md.
struct Cause {
    QString id;
    QString title;
    QString explanation; ///< Markdown with {placeholders} from the rows on the path.
    QString remedy;
    QString prevention;
    bool isSymptom = false; ///< Never named as a cause.
    QString file;
};
std::expected<Cause, std::vector<Error>> parseCause(const QByteArray &markdown, const QString &file);

/// All playbooks and causes in force.
struct PlaybookSet {
    std::vector<Playbook> playbooks;
    std::map<QString, Cause> causes;
};
/// The shipped ones (:/faultline/playbooks, :/faultline/causes) and those of the folders; broken files are told in `errors`, the rest is used.
PlaybookSet loadPlaybooks(const QStringList &folders, std::vector<Error> &errors);

} // namespace faultline
