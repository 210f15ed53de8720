// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/flowexport.h"

#include "app/report/reportdata.h"
#include "charts/flow/flowview.h"
#include "models/core/translate.h"

#include <QBuffer>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString stateOf(const WalkedNode &node)
{
    switch (node.state) {
    case NodeState::Confirmed: return tr("confirmed");
    case NodeState::Likely: return tr("likely");
    case NodeState::Possible: return tr("possible");
    case NodeState::RuledOut: return tr("ruled out");
    case NodeState::Open: return node.byHand ? tr("%1, answered by hand").arg(node.answer) : tr("open");
    case NodeState::Answered: return node.byHand ? tr("%1, answered by hand").arg(node.answer) : node.answer;
    case NodeState::NotReached: break;
    }
    return {};
}

} // namespace

QString flowchartMarkdown(const WalkedFlowchart &chart, const Analysis &analysis)
{
    QString text = u"# "_s % markdownEscaped(chart.title.isEmpty() ? chart.playbook : chart.title)
                   % u"\n\n```mermaid\n"_s % chart.mermaid.trimmed() % u"\n```\n"_s;
    for (const WalkedNode &node : chart.nodes) {
        const bool tells = node.state != NodeState::NotReached && (node.isDecision || !node.cause.isEmpty());
        if (!tells)
            continue;
        text += u"\n## "_s % markdownEscaped(node.label) % u"\n\n**"_s % markdownEscaped(stateOf(node)) % u"**"_s;
        if (!node.reason.isEmpty())
            text += u' ' % markdownEscaped(node.reason);
        text += u"\n\n"_s % markdownPlaces(reportPlaces(analysis, node.rows));
    }
    return text;
}

Result<void> saveFlowchart(const QString &file, const QString &format, const WalkedFlowchart &chart,
                           const Analysis &analysis, const FlowView &view)
{
    QByteArray bytes;
    if (format == u"svg") {
        bytes = view.renderSvg(false);
    } else if (format == u"png") {
        QBuffer buffer(&bytes);
        view.renderImage(false).save(&buffer, "PNG");
    } else {
        bytes = (format == u"md" ? flowchartMarkdown(chart, analysis) : chart.mermaid).toUtf8();
    }
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit())
        return failure(Code::NotReadable, tr("The file cannot be written: %1").arg(out.errorString()));
    return {};
}

} // namespace faultline
