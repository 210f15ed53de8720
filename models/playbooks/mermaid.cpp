// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/playbook.h"

#include "models/core/translate.h"

#include <QHash>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostChartText = 1 << 20;
constexpr size_t MostNodes = 2'000;
constexpr size_t MostEdges = 10'000;
constexpr int MostSubgraphDepth = 32;

struct Shape {
    QStringView open;
    std::vector<QStringView> close;
    NodeShape shape;
};

/// Longest opening first. The shapes of mermaid.js.org/syntax/flowchart.html.
const std::vector<Shape> &shapes()
{
    static const std::vector<Shape> all{
        {u"(((", {u")))"}, NodeShape::DoubleCircle},
        {u"((", {u"))"}, NodeShape::Circle},
        {u"([", {u"])"}, NodeShape::Stadium},
        {u"[[", {u"]]"}, NodeShape::Subroutine},
        {u"[(", {u")]"}, NodeShape::Cylinder},
        {u"[/", {u"/]", u"\\]"}, NodeShape::Parallelogram},
        {u"[\\", {u"\\]", u"/]"}, NodeShape::Parallelogram},
        {u"{{", {u"}}"}, NodeShape::Hexagon},
        {u"(", {u")"}, NodeShape::Rounded},
        {u"[", {u"]"}, NodeShape::Rect},
        {u"{", {u"}"}, NodeShape::Diamond},
        {u">", {u"]"}, NodeShape::Asymmetric},
    };
    return all;
}

/// Mermaid's entities (#quot; #35; &amp;), line breaks and markdown quotes taken out of a label.
QString plainLabel(QString label)
{
    static const QRegularExpression lineBreak(u"<br\\s*/?>"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression entity(u"[#&]#?([A-Za-z]+|[0-9]{1,7});"_s);
    label = label.trimmed();
    if (label.size() >= 2 && label.startsWith(u'`') && label.endsWith(u'`'))
        label = label.sliced(1, label.size() - 2);
    label.replace(lineBreak, u"\n"_s);
    static const QHash<QString, QString> names{{u"quot"_s, u"\""_s}, {u"amp"_s, u"&"_s},  {u"lt"_s, u"<"_s},
                                               {u"gt"_s, u">"_s},    {u"apos"_s, u"'"_s}, {u"nbsp"_s, u" "_s},
                                               {u"semi"_s, u";"_s}};
    QString plain;
    qsizetype from = 0;
    for (auto matches = entity.globalMatch(label); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        plain += QStringView(label).sliced(from, match.capturedStart() - from);
        from = match.capturedEnd();
        bool isNumber = false;
        const uint code = match.captured(1).toUInt(&isNumber);
        if (isNumber && code > 0 && code <= 0x10FFFF)
            plain += QString::fromUcs4(reinterpret_cast<const char32_t *>(&code), 1);
        else
            plain += names.value(match.captured(1), match.captured(0));
    }
    plain += QStringView(label).sliced(from);
    return plain;
}

class MermaidParser
{
public:
    MermaidParser(QStringView text, QString file, qint64 firstLine)
        : m_text(text)
        , m_file(std::move(file))
        , m_line(firstLine)
    {
    }

    Result<Flowchart> parse();

private:
    bool fail(const QString &message, const QString &hint = {});
    bool failAt(Position position, const QString &message, const QString &hint = {});
    bool atEnd() const { return m_at >= m_text.size(); }
    QStringView rest() const { return m_text.sliced(m_at); }
    bool at(QStringView what) const { return rest().startsWith(what); }
    QChar peek(qsizetype ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar(); }
    Position here() const { return {m_line, m_at - m_lineStart + 1, -1}; }
    void advance(qsizetype count);
    void skipBlanks();
    void skipLine();
    void skipBetweenStatements();
    bool atStatementEnd() const;
    QStringView word() const;
    QStringView line() const;

    bool header();
    bool statement();
    bool openSubgraph();
    bool chain();
    bool nodeGroup(std::vector<int> &nodes);
    bool node(int &index);
    QString nodeId();
    bool nodeText(FlowNode &node);
    bool nodeData(FlowNode &node);
    bool textUntil(const std::vector<QStringView> &close, QString &text, Position opened);
    bool quoted(QString &text);
    bool link(QString &label, bool &found);
    bool endLink(QStringView kind);
    int declare(const QString &id, Position position);

    QStringView m_text;
    QString m_file;
    qint64 m_line;
    qsizetype m_at = 0;
    qsizetype m_lineStart = 0;
    Flowchart m_chart;
    QHash<QString, int> m_index;
    std::vector<std::pair<int, Position>> m_open; ///< Subgraphs being read.
    std::optional<Error> m_error;
};

bool MermaidParser::failAt(Position position, const QString &message, const QString &hint)
{
    if (!m_error)
        m_error = Error{Code::BadSyntax, message, hint, m_file, position};
    return false;
}

bool MermaidParser::fail(const QString &message, const QString &hint)
{
    return failAt(here(), message, hint);
}

void MermaidParser::advance(qsizetype count)
{
    for (; count > 0 && !atEnd(); --count) {
        if (m_text[m_at++] == u'\n') {
            ++m_line;
            m_lineStart = m_at;
        }
    }
}

void MermaidParser::skipBlanks()
{
    while (!atEnd() && peek() != u'\n' && peek().isSpace())
        advance(1);
}

QStringView MermaidParser::line() const
{
    const qsizetype end = rest().indexOf(u'\n');
    return end < 0 ? rest() : rest().first(end);
}

void MermaidParser::skipLine()
{
    advance(line().size());
}

void MermaidParser::skipBetweenStatements()
{
    while (!atEnd()) {
        if (peek().isSpace() || peek() == u';')
            advance(1);
        else if (at(u"%%{")) {
            const qsizetype end = rest().indexOf(u"}%%");
            advance(end < 0 ? rest().size() : end + 3);
        } else if (at(u"%%"))
            skipLine();
        else
            return;
    }
}

bool MermaidParser::atStatementEnd() const
{
    return atEnd() || peek() == u'\n' || peek() == u';' || at(u"%%");
}

QStringView MermaidParser::word() const
{
    qsizetype end = 0;
    while (m_at + end < m_text.size() && (peek(end).isLetterOrNumber() || peek(end) == u'-' || peek(end) == u'_'))
        ++end;
    return rest().first(end);
}

Result<Flowchart> MermaidParser::parse()
{
    if (m_text.size() > MostChartText)
        return failure(Code::LimitReached, tr("The flowchart is longer than a million characters"), {}, m_file,
                       {m_line, 1, -1});
    bool good = header();
    while (good) {
        skipBetweenStatements();
        if (atEnd())
            break;
        good = statement();
    }
    if (good && !m_open.empty())
        good = failAt(m_open.back().second, tr("This subgraph has no end"), tr("Close it with a line that says: end"));
    if (!good)
        return std::unexpected(*m_error);
    return std::move(m_chart);
}

bool MermaidParser::header()
{
    skipBetweenStatements();
    if (at(u"---")) { // YAML before the chart
        skipLine();
        while (!atEnd()) {
            advance(1);
            if (line().trimmed() == u"---") {
                skipLine();
                break;
            }
            skipLine();
        }
        skipBetweenStatements();
    }
    const QStringView first = word();
    if (first != u"graph" && first != u"flowchart" && first != u"flowchart-elk")
        return fail(tr("A flowchart begins with 'flowchart' or 'graph'"), tr("Write, for example: flowchart TD"));
    advance(first.size());
    skipBlanks();
    if (atStatementEnd())
        return true;
    static const QHash<QString, QString> directions{{u"TD"_s, u"TD"_s}, {u"TB"_s, u"TB"_s}, {u"BT"_s, u"BT"_s},
                                                    {u"LR"_s, u"LR"_s}, {u"RL"_s, u"RL"_s}, {u">"_s, u"LR"_s},
                                                    {u"<"_s, u"RL"_s},  {u"^"_s, u"BT"_s},  {u"v"_s, u"TB"_s}};
    const QString direction = word().isEmpty() ? QString(peek()) : word().toString();
    if (!directions.contains(direction))
        return fail(tr("'%1' is no direction").arg(direction), tr("Use TD, TB, BT, LR or RL"));
    m_chart.direction = directions.value(direction);
    advance(direction.size());
    skipBlanks();
    return atStatementEnd() || fail(tr("Nothing may follow the direction on its line"));
}

bool MermaidParser::statement()
{
    static const QStringList ignored{u"classDef"_s, u"class"_s,    u"style"_s,   u"linkStyle"_s,
                                     u"click"_s,    u"accTitle"_s, u"accDescr"_s};
    const QString first = word().toString();
    const QChar after = peek(first.size());
    const bool isKeyword = after.isNull() || after.isSpace() || after == u';' || after == u':';
    if (isKeyword && ignored.contains(first)) {
        skipLine();
        return true;
    }
    if (isKeyword && first == u"subgraph")
        return openSubgraph();
    if (isKeyword && first == u"end") {
        if (m_open.empty())
            return fail(tr("'end' without a subgraph"));
        advance(first.size());
        m_open.pop_back();
        skipBlanks();
        return atStatementEnd() || fail(tr("Nothing may follow 'end' on its line"));
    }
    if (isKeyword && first == u"direction") {
        skipLine();
        return true;
    }
    return chain();
}

bool MermaidParser::openSubgraph()
{
    const Position position = here();
    if (m_open.size() >= MostSubgraphDepth)
        return fail(tr("Subgraphs lie deeper than %1").arg(MostSubgraphDepth));
    advance(8);
    skipBlanks();
    FlowSubgraph subgraph;
    if (peek() == u'"') {
        if (!quoted(subgraph.label))
            return false;
        subgraph.id = subgraph.label;
    } else if (!atStatementEnd()) {
        subgraph.id = nodeId();
        FlowNode titled;
        if (!subgraph.id.isEmpty() && peek() == u' ')
            skipBlanks();
        if (!subgraph.id.isEmpty() && !atStatementEnd() && (peek() == u'[' || peek() == u'(' || peek() == u'{')) {
            if (!nodeText(titled))
                return false;
            subgraph.label = titled.label;
        } else { // a title of several words
            QString title = subgraph.id;
            while (!atStatementEnd()) {
                title += (title.isEmpty() || m_text[m_at - 1] != u' ' ? u""_s : u" "_s) + peek();
                advance(1);
            }
            subgraph.id = subgraph.label = title.simplified();
        }
    }
    skipBlanks();
    if (!atStatementEnd())
        return fail(tr("Unexpected text after the subgraph's title"));
    m_chart.subgraphs.push_back(std::move(subgraph));
    m_open.emplace_back(static_cast<int>(m_chart.subgraphs.size()) - 1, position);
    return true;
}

bool MermaidParser::chain()
{
    std::vector<int> from;
    if (!nodeGroup(from))
        return false;
    for (;;) {
        skipBlanks();
        if (atStatementEnd())
            return true;
        const Position position = here();
        QString label;
        bool found = false;
        if (!link(label, found))
            return false;
        if (!found)
            return fail(tr("Expected an arrow or the end of the line, found '%1'")
                            .arg(rest().first(std::min<qsizetype>(rest().size(), 10))),
                        tr("Put labels with brackets or signs into quotes"));
        skipBlanks();
        if (atStatementEnd())
            return fail(tr("The arrow leads to no node"));
        std::vector<int> to;
        if (!nodeGroup(to))
            return false;
        for (const int a : from) {
            for (const int b : to) {
                if (m_chart.edges.size() >= MostEdges)
                    return fail(tr("More than %1 edges").arg(MostEdges));
                m_chart.edges.push_back({a, b, label, position});
            }
        }
        from = std::move(to);
    }
}

bool MermaidParser::nodeGroup(std::vector<int> &nodes)
{
    for (;;) {
        int index = -1;
        if (!node(index))
            return false;
        nodes.push_back(index);
        skipBlanks();
        if (peek() != u'&')
            return true;
        advance(1);
        skipBlanks();
    }
}

int MermaidParser::declare(const QString &id, Position position)
{
    const auto known = m_index.constFind(id);
    if (known != m_index.constEnd())
        return *known;
    const int index = static_cast<int>(m_chart.nodes.size());
    m_chart.nodes.push_back({id, id, NodeShape::Rect, position});
    m_index.insert(id, index);
    if (!m_open.empty())
        m_chart.subgraphs[static_cast<size_t>(m_open.back().first)].nodes.push_back(index);
    return index;
}

/// Letters, digits and _ . / + # *, and '-' or '=' where they do not begin an arrow.
QString MermaidParser::nodeId()
{
    qsizetype end = 0;
    for (; m_at + end < m_text.size(); ++end) {
        const QChar c = peek(end);
        const QChar next = peek(end + 1);
        if (c == u'-'   ? next == u'-' || next == u'>' || next == u'.' || next.isSpace() || next.isNull()
            : c == u'=' ? next == u'='
                        : false)
            break;
        const bool joins =
            c == u'_' || c == u'.' || c == u'/' || c == u'+' || c == u'#' || c == u'*' || c == u'-' || c == u'=';
        if (!joins && !c.isLetterOrNumber() && !c.isSurrogate() && !c.isMark())
            break;
    }
    const QString id = rest().first(end).toString();
    advance(end);
    return id;
}

bool MermaidParser::node(int &index)
{
    const Position position = here();
    const QString id = nodeId();
    if (id.isEmpty())
        return fail(atStatementEnd() ? tr("Expected a node") : tr("'%1' cannot begin a node").arg(peek()),
                    tr("A node is an id, or an id and a label: a[Label]"));
    if (m_chart.nodes.size() >= MostNodes)
        return fail(tr("More than %1 nodes").arg(MostNodes));
    if (const QStringView keyword = word(); id == u"end" && keyword.isEmpty())
        return failAt(position, tr("'end' cannot be a node's id"), tr("Write End, or give it another id"));
    index = declare(id, position);
    FlowNode &declared = m_chart.nodes[static_cast<size_t>(index)];
    if (at(u"@{")) {
        if (!nodeData(declared))
            return false;
    } else if (peek() == u'[' || peek() == u'(' || peek() == u'{' || peek() == u'>') {
        if (!nodeText(declared))
            return false;
        declared.position = position;
    }
    if (at(u":::")) {
        advance(3);
        if (nodeId().isEmpty())
            return fail(tr("Expected the name of a class after ':::'"));
    }
    return true;
}

bool MermaidParser::nodeText(FlowNode &node)
{
    const auto shape = std::ranges::find_if(shapes(), [this](const Shape &s) { return at(s.open); });
    const bool leansLeft = at(u"[\\");
    const qsizetype opened = m_at;
    const Position position = here();
    advance(shape->open.size());
    QString text;
    if (!textUntil(shape->close, text, position))
        return false;
    node.shape = shape->shape;
    if (shape->shape == NodeShape::Parallelogram && m_at - opened > 2 && (m_text[m_at - 2] == u'\\') != leansLeft)
        node.shape = NodeShape::Trapezoid;
    node.label = plainLabel(text);
    return true;
}

/// The newer form, id@{ shape: diamond, label: "Text" }; only those two are looked at.
bool MermaidParser::nodeData(FlowNode &node)
{
    const Position position = here();
    const qsizetype end = rest().indexOf(u'}');
    if (end < 0)
        return failAt(position, tr("'@{' is not closed"));
    static const QRegularExpression labelKey(u"\\blabel\\s*:\\s*(?:\"([^\"]*)\"|([^,}]*))"_s);
    static const QRegularExpression shapeKey(u"\\bshape\\s*:\\s*([\\w-]+)"_s);
    static const QHash<QString, NodeShape> names{
        {u"diamond"_s, NodeShape::Diamond}, {u"diam"_s, NodeShape::Diamond},       {u"decision"_s, NodeShape::Diamond},
        {u"hex"_s, NodeShape::Hexagon},     {u"rounded"_s, NodeShape::Rounded},    {u"stadium"_s, NodeShape::Stadium},
        {u"circle"_s, NodeShape::Circle},   {u"subproc"_s, NodeShape::Subroutine}, {u"cyl"_s, NodeShape::Cylinder},
    };
    const QString data = rest().first(end).toString();
    if (const auto match = labelKey.match(data); match.hasMatch())
        node.label = plainLabel(match.hasCaptured(1) ? match.captured(1) : match.captured(2));
    if (const auto match = shapeKey.match(data); match.hasMatch())
        node.shape = names.value(match.captured(1), NodeShape::Rect);
    advance(end + 1);
    return true;
}

bool MermaidParser::quoted(QString &text)
{
    const Position position = here();
    const qsizetype end = m_text.indexOf(u'"', m_at + 1);
    if (end < 0)
        return failAt(position, tr("The quote is not closed"));
    text = m_text.sliced(m_at + 1, end - m_at - 1).toString();
    advance(end + 1 - m_at);
    return true;
}

bool MermaidParser::textUntil(const std::vector<QStringView> &close, QString &text, Position opened)
{
    const auto closing = [&]() -> qsizetype {
        for (const QStringView c : close) {
            if (at(c))
                return c.size();
        }
        return 0;
    };
    skipBlanks();
    if (peek() == u'"') {
        if (!quoted(text))
            return false;
        skipBlanks();
        const qsizetype size = closing();
        if (size == 0)
            return fail(tr("Expected '%1' after the quoted label").arg(close.front()));
        advance(size);
        return true;
    }
    // Brackets inside an unquoted label are not for Mermaid, yet people write them where they match.
    const QChar last = close.front().front();
    const QChar opening = last == u']' ? u'[' : last == u')' ? u'(' : last == u'}' ? u'{' : QChar();
    for (int depth = 0; !atEnd() && peek() != u'\n'; advance(1)) {
        if (const qsizetype size = closing(); size > 0 && depth == 0) {
            advance(size);
            return true;
        }
        if (!opening.isNull() && peek() == opening)
            ++depth;
        else if (peek() == last && depth > 0)
            --depth;
        text += peek();
    }
    return failAt(opened, tr("The label is not closed: '%1' is missing").arg(close.front()),
                  tr("Put labels with brackets or signs into quotes"));
}

/// The end of an arrow with a text inside, of the same kind as its start.
bool MermaidParser::endLink(QStringView kind)
{
    static const QRegularExpression normal(u"\\A--+[-xo>]"_s);
    static const QRegularExpression thick(u"\\A==+[=xo>]"_s);
    static const QRegularExpression dotted(u"\\A\\.+-[xo>]?"_s);
    const QRegularExpression &end = kind == u"--" ? normal : kind == u"==" ? thick : dotted;
    const auto match = end.matchView(rest().first(std::min<qsizetype>(rest().size(), 80)));
    if (!match.hasMatch())
        return false;
    advance(match.capturedLength());
    return true;
}

bool MermaidParser::link(QString &label, bool &found)
{
    static const QRegularExpression whole(u"\\A[xo<]?(?:--+[-xo>]|==+[=xo>]|-\\.+-[xo>]?|~~~+)"_s);
    static const QRegularExpression start(u"\\A[xo<]?(--|==|-\\.)"_s);
    const QStringView near = rest().first(std::min<qsizetype>(rest().size(), 80));
    const Position position = here();
    if (const auto match = whole.matchView(near); match.hasMatch()) {
        found = true;
        advance(match.capturedLength());
        skipBlanks();
        if (peek() != u'|')
            return true;
        const Position opened = here();
        advance(1);
        QString text;
        if (!textUntil({u"|"}, text, opened))
            return false;
        label = plainLabel(text);
        return true;
    }
    const auto match = start.matchView(near);
    if (!match.hasMatch())
        return true;
    found = true;
    const QString kind = match.captured(1);
    advance(match.capturedLength());
    skipBlanks();
    QString text;
    if (peek() == u'"' && !quoted(text))
        return false;
    for (; !atEnd() && peek() != u'\n'; advance(1)) {
        if (endLink(kind)) {
            label = plainLabel(text);
            return true;
        }
        text += peek();
    }
    return failAt(position, tr("The arrow is not closed"), tr("Write: a -- text --> b"));
}

} // namespace

int Flowchart::indexOf(QStringView id) const
{
    const auto found = std::ranges::find_if(nodes, [id](const FlowNode &node) { return node.id == id; });
    return found == nodes.end() ? -1 : static_cast<int>(found - nodes.begin());
}

Result<Flowchart> parseMermaid(const QString &text, const QString &file, qint64 firstLine)
{
    QString plain = text;
    plain.replace(u"\r\n"_s, u"\n"_s);
    return MermaidParser(plain, file, firstLine).parse();
}

} // namespace faultline
