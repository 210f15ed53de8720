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

/// Source kinds of which one is enough: "kernel-log or journal".
using SourceKinds = std::vector<SourceKind>;

/// "Rules out: no -> mem.oom.global" in a section: taking that edge speaks against causes.
struct RulesOut {
    QString edge;       ///< Label of the edge.
    QStringList causes; ///< Empty: all that only the other edges lead to.
};

/// A section of a playbook: how one decision is answered.
struct Question {
    QString id;
    QString text;                         ///< Markdown shown to people.
    DurationNs before = 60 * NsPerSecond; ///< Window around the failure.
    DurationNs after = 5 * NsPerSecond;
    std::vector<SourceKind> canShow;
    std::vector<SourceKind> absenceCountsFrom; ///< Flat; the groups below say which belong together.
    std::vector<SourceKinds> absenceGroups;    ///< Of every group one source must be there and cover the window.
    bool absenceCountsFromOwn = false;         ///< "the failing log": the failure's own source is enough, by its lines.
    Strength strength = Strength::Supports;
    QString findOutWith; ///< Command.
    QString sql;
    std::vector<RulesOut> rulesOut;
    Position position;    ///< Of the section's heading.
    Position sqlPosition; ///< Of the query's first line.
};

struct Playbook {
    QString id; ///< File name without ending.
    QString title;
    QString intro;      ///< Markdown before the first section.
    QString startsWhen; ///< SQL; empty: only other playbooks lead here.
    Position startsPosition;
    Flowchart chart;
    std::map<QString, Question> questions; ///< By node id.
    QString file;
};

/// Reads one playbook; every mistake is told with line and column. Fails where any is an error.
std::expected<Playbook, std::vector<Error>> parsePlaybook(const QByteArray &markdown, const QString &file);

/// How deep a cause lies: of two that are equally sure the deeper one is named first.
enum class Depth {
    Proximate, ///< What broke first in sight, and may have a reason of its own: a refused connection, a failed assertion.
    Usual,
    Root, ///< Explains the others: the kernel killed the peer.
};

/// A cause's page, resources/causes/<id>.md.
struct Cause {
    QString id;
    QString title;
    QString explanation; ///< Markdown with {placeholders} from the rows on the path.
    QString remedy;
    QString prevention;
    bool isSymptom = false; ///< Never named as a cause.
    /// Takes something away from the run (memory, time, disk): must come before the symptom and touch what failed.
    bool isResource = false;
    Depth depth = Depth::Usual;
    QString file;
};
std::expected<Cause, std::vector<Error>> parseCause(const QByteArray &markdown, const QString &file);

/// Yes and no of an edge, in English or as the flowcharts of other languages write them (是, 否, ja, nein, oui, non, да, нет).
bool isYes(QStringView label);
bool isNo(QStringView label);

/// All playbooks and causes in force.
struct PlaybookSet {
    std::vector<Playbook> playbooks;
    std::map<QString, Cause> causes;

    const Playbook *playbook(QStringView id) const;
    /// The playbook that a [[node]] calls, by its label or its id; null where it calls none.
    const Playbook *called(const FlowNode &node) const;
};
/// The shipped ones (:/faultline/playbooks, :/faultline/causes) and those of the folders; broken files are told in `errors`, the rest is used.
/// A playbook of a folder replaces a shipped one of the same id, and so do causes. Playbooks that lead to causes or playbooks that are
/// not there, or that call each other in a circle, are left out.
PlaybookSet loadPlaybooks(const QStringList &folders, std::vector<Error> &errors);

} // namespace faultline
