// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/mermaidexport.h"

#include "models/core/translate.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Inside quotes only quotes, entities and markup need care; line breaks become <br/>.
QString quotedLabel(const QString &label)
{
    QString text;
    for (const QChar c : label) {
        if (c == u'"')
            text += u"#quot;"_s;
        else if (c == u'#')
            text += u"#35;"_s;
        else if (c == u'&')
            text += u"#amp;"_s;
        else if (c == u'<')
            text += u"#lt;"_s;
        else if (c == u'>')
            text += u"#gt;"_s;
        else if (c == u'%') // "%%" begins a comment or a directive, in quotes too
            text += u"#37;"_s;
        else if (c == u'`')
            text += u"#96;"_s;
        else if (c == u'\n')
            text += u"<br/>"_s;
        else if (c.isPrint())
            text += c;
    }
    return u'"' % text.trimmed() % u'"';
}

QString className(const WalkedNode &node)
{
    switch (node.state) {
    case NodeState::NotReached: return u"idle"_s;
    case NodeState::Answered: return u"taken"_s;
    case NodeState::Open: return u"open"_s;
    case NodeState::RuledOut: return u"ruledOut"_s;
    case NodeState::Confirmed: return u"confirmed"_s;
    case NodeState::Likely: return u"likely"_s;
    case NodeState::Possible: break;
    }
    return u"possible"_s;
}

/// "q_kernel", "c_mem_oom_cgroup": letters, digits and '_', made unique by the node's number where two would be the same.
QStringList safeIds(const WalkedFlowchart &chart)
{
    static const QRegularExpression unsafe(u"[^A-Za-z0-9]+"_s);
    QStringList ids;
    for (const WalkedNode &node : chart.nodes) {
        QString id = (!node.cause.isEmpty() ? u"c_"_s
                      : node.isDecision     ? u"q_"_s
                                            : u"n_"_s)
                     + QString(node.id).replace(unsafe, u"_"_s);
        if (ids.contains(id))
            id += u'_' % QString::number(ids.size());
        ids.push_back(id);
    }
    return ids;
}

} // namespace

QString mermaidOf(const WalkedFlowchart &chart)
{
    const QStringList ids = safeIds(chart);
    QString text = chart.leftToRight ? u"flowchart LR\n"_s : u"flowchart TD\n"_s;
    for (size_t i = 0; i < chart.nodes.size(); ++i) {
        const WalkedNode &node = chart.nodes[i];
        QString said = node.label.isEmpty() ? node.id : node.label;
        if (node.byHand)
            said += u'\n' % tr("by hand: %1").arg(node.answer);
        else if (node.state == NodeState::RuledOut && !node.reason.isEmpty())
            said += u'\n' % tr("ruled out: %1").arg(node.reason);
        const QString label = quotedLabel(said);
        const QString &id = ids[static_cast<qsizetype>(i)];
        const QString open = node.isDecision ? u"{"_s : node.cause.isEmpty() ? u"(["_s : u"["_s;
        const QString close = node.isDecision ? u"}"_s : node.cause.isEmpty() ? u"])"_s : u"]"_s;
        text += u"    "_s % id % open % label % close % u":::"_s % className(node) % u'\n';
    }
    QStringList taken;
    QStringList open;
    for (size_t i = 0; i < chart.edges.size(); ++i) {
        const WalkedEdge &edge = chart.edges[i];
        const QString arrow = edge.state == EdgeState::Taken      ? u" ==>"_s
                              : edge.state == EdgeState::NotTaken ? u" -->"_s
                                                                  : u" -.->"_s;
        text += u"    "_s % ids[edge.from] % arrow
                % (edge.label.isEmpty() ? QString() : QString(u'|' % quotedLabel(edge.label) % u'|')) % u' '
                % ids[edge.to] % u'\n';
        if (edge.state == EdgeState::Taken)
            taken += QString::number(i);
        else if (edge.state == EdgeState::Open)
            open += QString::number(i);
    }
    text += u"    classDef idle fill:#f4f4f4,stroke:#b0b0b0,color:#707070\n"
            "    classDef taken fill:#dcebfb,stroke:#1f6fb2,color:#10314d\n"
            "    classDef open fill:#fff6d6,stroke:#b58a00,color:#4d3b00,stroke-dasharray:4 3\n"
            "    classDef ruledOut fill:#eeeeee,stroke:#909090,color:#707070,stroke-dasharray:2 2\n"
            "    classDef confirmed fill:#c62828,stroke:#7f1414,color:#ffffff,stroke-width:3px\n"
            "    classDef likely fill:#ef8f3c,stroke:#9c5311,color:#2b1500,stroke-width:2px\n"
            "    classDef possible fill:#fde3c6,stroke:#c98a4a,color:#4d2c0a\n"_s;
    if (!taken.isEmpty())
        text += u"    linkStyle "_s % taken.join(u',') % u" stroke:#1f6fb2,stroke-width:3px\n"_s;
    if (!open.isEmpty())
        text += u"    linkStyle "_s % open.join(u',') % u" stroke:#b58a00,stroke-width:2px\n"_s;
    return text;
}

} // namespace faultline
