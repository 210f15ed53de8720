// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/objecttree.h"

#include "importers/core/notes.h"
#include "importers/metrics/jsonrepair.h"
#include "importers/state/plainyaml.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <simdjson.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>

namespace faultline {

namespace {

namespace od = simdjson::ondemand;

/// What fills a third of an object and tells nothing of its state.
bool isLeftOut(const QByteArray &key)
{
    return key == "managedFields" || key == "kubectl.kubernetes.io/last-applied-configuration";
}

/// A stream over bytes that are there already.
class ViewBuffer : public std::streambuf
{
public:
    explicit ViewBuffer(QByteArrayView bytes)
    {
        // The interface is not const; nothing is ever put into it.
        char *begin = const_cast<char *>(bytes.data());
        setg(begin, begin, begin + bytes.size());
    }
};

class YamlEvents : public YAML::EventHandler
{
public:
    YamlEvents(ObjectTreeBuilder &builder, qint64 linesBefore)
        : m_builder(builder)
        , m_linesBefore(linesBefore)
        , m_line(linesBefore + 1)
    {
    }
    qint64 lastLine() const { return m_line; }
    bool sawAlias() const { return m_alias; }

    void OnDocumentStart(const YAML::Mark &mark) override { lineOf(mark); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t) override { value({}, mark, true); }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override
    {
        m_alias = true;
        value({}, mark, true);
    }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t, const std::string &text) override
    {
        // A plain scalar has the tag "?", a quoted one "!": only plain ones can be null.
        const bool isNull = tag == "?" && (text == "null" || text == "~" || text.empty());
        value(bytesOf(text), mark, isNull);
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t,
                         YAML::EmitterStyle::value) override
    {
        m_builder.start(ObjectNode::Kind::List, lineOf(mark));
    }
    void OnSequenceEnd() override { m_builder.end(m_line); }
    void OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
        m_builder.start(ObjectNode::Kind::Map, lineOf(mark));
    }
    void OnMapEnd() override { m_builder.end(m_line); }

private:
    qint64 lineOf(const YAML::Mark &mark)
    {
        m_line = std::max<qint64>(m_line, mark.line + 1 + m_linesBefore);
        return m_line;
    }
    void value(QByteArray text, const YAML::Mark &mark, bool isNull)
    {
        const qint64 line = lineOf(mark);
        if (m_builder.expectsKey())
            m_builder.key(std::move(text));
        else
            m_builder.scalar(std::move(text), line, isNull);
    }

    ObjectTreeBuilder &m_builder;
    qint64 m_linesBefore;
    qint64 m_line;
    bool m_alias = false;
};

/// Reads a text of YAML piece by piece: a document, or one element of its list "items", so that a broken one does not cost the others.
class YamlReader
{
public:
    YamlReader(const WholeText &text, SourceEvidence &evidence, bool forced,
               const std::function<void(ObjectNode &&)> &take)
        : m_text(text)
        , m_evidence(evidence)
        , m_severity(forced ? Severity::Error : Severity::Warning)
        , m_take(take)
    {
    }

    void read()
    {
        qint64 first = 1;
        for (qint64 number = 1; number <= m_text.lineCount(); ++number) {
            const std::string_view line = m_text.line(number);
            if (line == "---" || line.starts_with("--- ") || line == "...") {
                document(first, number - 1);
                first = number + 1;
            }
        }
        document(first, m_text.lineCount());
        if (m_sawAlias)
            addNote(m_evidence, Severity::Info, Code::Unsupported, {}, tr("Aliases in YAML are not followed"));
    }
    bool wasCapped() const { return m_capped; }

private:
    static size_t indentOf(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }
    static bool isBlank(std::string_view line) { return indentOf(line) == line.size() || line[indentOf(line)] == '#'; }

    void document(qint64 first, qint64 last)
    {
        qint64 items = first;
        while (items <= last && m_text.line(items) != "items:")
            ++items;
        qint64 number = items + 1;
        while (number <= last && isBlank(m_text.line(number)))
            ++number;
        const size_t indent = number <= last ? indentOf(m_text.line(number)) : 0;
        const auto isDash = [&](std::string_view line) {
            return indentOf(line) == indent && line.substr(indent).starts_with("- ");
        };
        if (number > last || !isDash(m_text.line(number)))
            return piece(first, last);
        piece(first, items - 1);
        // Whatever belongs to an element stands further in than its dash.
        qint64 start = number;
        for (++number; number <= last; ++number) {
            const std::string_view line = m_text.line(number);
            if (isBlank(line) || indentOf(line) > indent)
                continue;
            piece(start, number - 1);
            start = number;
            if (!isDash(line))
                break; // kind and metadata of the list
        }
        piece(start, last);
    }

    void piece(qint64 first, qint64 last)
    {
        while (first <= last && isBlank(m_text.line(first)))
            ++first;
        if (first > last)
            return;
        std::vector<ObjectNode> objects;
        ObjectTreeBuilder builder([&objects](ObjectNode &&object) { objects.push_back(std::move(object)); });
        if (PlainYaml(m_text, builder).read(first, last)) {
            builder.finish(last);
            m_capped = m_capped || builder.wasCapped();
            for (ObjectNode &object : objects)
                m_take(std::move(object));
            return;
        }
        builder.finish(last);
        anyYaml(first, last);
    }

    /// What kubectl does not write: by a parser of all of YAML.
    void anyYaml(qint64 first, qint64 last)
    {
        const qsizetype from = m_text.position(first).byteOffset;
        const qsizetype to = last >= m_text.lineCount() ? m_text.bytes().size() : m_text.position(last + 1).byteOffset;
        ViewBuffer buffer(m_text.bytes().sliced(from, to - from));
        std::istream stream(&buffer);
        ObjectTreeBuilder builder(m_take);
        YamlEvents events(builder, first - 1);
        try {
            YAML::Parser parser(stream);
            // There is one document in a piece. More than that is a token that the parser does not get past: it would begin
            // a new one at the same place for ever.
            parser.HandleNextDocument(events);
        } catch (const YAML::Exception &broken) {
            const qint64 line = broken.mark.is_null() ? events.lastLine() : broken.mark.line + first;
            addNote(m_evidence, m_severity, Code::BadSyntax,
                    m_text.position(line, broken.mark.is_null() ? 1 : broken.mark.column + 1),
                    tr("Not YAML from here on: %1").arg(QString::fromStdString(broken.msg)));
        }
        m_sawAlias = m_sawAlias || events.sawAlias();
        builder.finish(events.lastLine());
        m_capped = m_capped || builder.wasCapped();
    }

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    Severity m_severity;
    const std::function<void(ObjectNode &&)> &m_take;
    bool m_sawAlias = false;
    bool m_capped = false;
};

/// Walks a JSON document; simdjson knows where each value stands, but not on which line.
class JsonWalk
{
public:
    JsonWalk(const WholeText &text, const char *begin, ObjectTreeBuilder &builder)
        : m_text(text)
        , m_begin(begin)
        , m_builder(builder)
    {
    }

    simdjson::error_code walk(od::value value, size_t depth)
    {
        const std::string_view token = value.raw_json_token();
        m_line = m_text.lineAt(token.data() - m_begin, m_line);
        od::json_type type{};
        if (const auto error = value.type().get(type))
            return error;
        switch (type) {
        case od::json_type::object: return walkObject(value, depth);
        case od::json_type::array: return walkArray(value, depth);
        case od::json_type::string: {
            std::string_view string;
            if (const auto error = value.get_string(true).get(string))
                return error;
            m_builder.scalar(bytesOf(string), m_line, false);
            break;
        }
        case od::json_type::null: {
            bool isNull = false;
            if (const auto error = value.is_null().get(isNull))
                return error;
            m_builder.scalar({}, m_line, true);
            break;
        }
        default: m_builder.scalar(bytesOf(token).trimmed(), m_line, false);
        }
        return simdjson::SUCCESS;
    }
    qint64 line() const { return m_line; }

private:
    simdjson::error_code walkObject(od::value value, size_t depth)
    {
        od::object object;
        if (const auto error = value.get_object().get(object))
            return error;
        m_builder.start(ObjectNode::Kind::Map, m_line);
        for (auto field : object) {
            std::string_view key;
            if (const auto error = field.unescaped_key(true).get(key))
                return error;
            m_builder.key(bytesOf(key));
            od::value member;
            if (const auto error = std::move(field).value().get(member))
                return error;
            if (const auto error = below(member, depth))
                return error;
        }
        m_builder.end(m_line);
        return simdjson::SUCCESS;
    }
    simdjson::error_code walkArray(od::value value, size_t depth)
    {
        od::array array;
        if (const auto error = value.get_array().get(array))
            return error;
        m_builder.start(ObjectNode::Kind::List, m_line);
        for (auto element : array) {
            od::value member;
            if (const auto error = element.get(member))
                return error;
            if (const auto error = below(member, depth))
                return error;
        }
        m_builder.end(m_line);
        return simdjson::SUCCESS;
    }
    simdjson::error_code below(od::value value, size_t depth)
    {
        if (depth < ObjectTreeBuilder::MostDepth)
            return walk(value, depth + 1);
        m_builder.scalar({}, m_line, true); // Not gone into: simdjson skips what is not read.
        return simdjson::SUCCESS;
    }

    const WholeText &m_text;
    const char *m_begin;
    ObjectTreeBuilder &m_builder;
    qint64 m_line = 1;
};

void readJson(const WholeText &text, SourceEvidence &evidence, bool forced, ObjectTreeBuilder &builder)
{
    QByteArray content = text.bytes().toByteArray();
    if (content.startsWith("\xEF\xBB\xBF"))
        content.replace(0, 3, "   ");
    const Severity severity = forced ? Severity::Error : Severity::Warning;
    if (const std::optional<JsonDamage> damage = repairJson(content))
        addNote(evidence, severity, damage->code, damage->position, damage->text);
    const auto size = static_cast<size_t>(content.size());
    content.reserve(content.size() + static_cast<qsizetype>(simdjson::SIMDJSON_PADDING));
    const simdjson::padded_string_view view(content.constData(), size, size + simdjson::SIMDJSON_PADDING);
    od::parser parser;
    od::document document;
    JsonWalk walk(text, content.constData(), builder);
    od::value root;
    auto error = parser.iterate(view).get(document);
    if (!error)
        error = document.get_value().get(root);
    if (!error)
        error = walk.walk(root, 0);
    if (error)
        addNote(evidence, severity, Code::BadSyntax, text.position(walk.line()),
                tr("Not readable as JSON from here on: %1").arg(QLatin1StringView(simdjson::error_message(error))));
    builder.finish(walk.line());
}

} // namespace

ObjectNode::ObjectNode() = default;

const ObjectNode *ObjectNode::find(QByteArrayView key) const
{
    if (kind != Kind::Map)
        return nullptr;
    const auto found = std::ranges::find_if(members, [key](const auto &member) { return member.first == key; });
    return found == members.end() ? nullptr : &found->second;
}

const ObjectNode *ObjectNode::find(std::initializer_list<QByteArrayView> path) const
{
    const ObjectNode *node = this;
    for (const QByteArrayView key : path)
        if (node)
            node = node->find(key);
    return node;
}

QByteArray ObjectNode::textAt(std::initializer_list<QByteArrayView> path) const
{
    const ObjectNode *node = find(path);
    return node && node->kind == Kind::Scalar ? node->text : QByteArray();
}

bool ObjectTreeBuilder::expectsKey() const
{
    return m_skipping == 0 && !m_frames.empty() && m_frames.back().node.kind == ObjectNode::Kind::Map
           && !m_frames.back().hasKey;
}

void ObjectTreeBuilder::key(QByteArray key)
{
    if (m_skipping > 0 || m_frames.empty())
        return;
    m_frames.back().key = std::move(key);
    m_frames.back().hasKey = true;
}

void ObjectTreeBuilder::scalar(QByteArray text, qint64 line, bool isNull)
{
    if (m_skipping > 0)
        return;
    ObjectNode node;
    node.kind = isNull ? ObjectNode::Kind::Null : ObjectNode::Kind::Scalar;
    if (!isNull)
        node.text = std::move(text);
    node.line = node.lastLine = line;
    attach(std::move(node));
}

void ObjectTreeBuilder::start(ObjectNode::Kind kind, qint64 line)
{
    const bool tooMuch = m_frames.size() >= MostDepth || m_nodes >= MostNodes;
    m_capped = m_capped || tooMuch;
    // A map as a key of a map has no meaning here.
    const bool isKey = expectsKey();
    if (m_skipping > 0 || tooMuch || isKey || (!m_frames.empty() && isLeftOut(m_frames.back().key))) {
        if (m_skipping == 0 && isKey)
            m_frames.back().hasKey = true;
        else if (m_skipping == 0 && !m_frames.empty())
            m_frames.back().hasKey = false;
        ++m_skipping;
        return;
    }
    Frame frame;
    frame.node.kind = kind;
    frame.node.line = frame.node.lastLine = line;
    frame.isStream = kind == ObjectNode::Kind::List
                     && (m_frames.empty() || (m_frames.size() == 1 && m_frames.back().key == "items"));
    m_frames.push_back(std::move(frame));
}

void ObjectTreeBuilder::end(qint64 line)
{
    if (m_skipping > 0) {
        --m_skipping;
        return;
    }
    if (m_frames.empty())
        return;
    ObjectNode node = std::move(m_frames.back().node);
    node.lastLine = line;
    m_frames.pop_back();
    attach(std::move(node));
}

void ObjectTreeBuilder::attach(ObjectNode &&node)
{
    if (m_frames.empty()) {
        m_nodes = 0;
        m_take(std::move(node));
        return;
    }
    Frame &parent = m_frames.back();
    if (parent.isStream) {
        m_nodes = 0;
        m_take(std::move(node));
        return;
    }
    parent.node.lastLine = std::max(parent.node.lastLine, node.lastLine);
    const bool isMap = parent.node.kind == ObjectNode::Kind::Map;
    const bool wanted = ++m_nodes <= MostNodes && !(isMap && isLeftOut(parent.key));
    m_capped = m_capped || m_nodes > MostNodes;
    if (wanted)
        parent.node.members.emplace_back(isMap ? std::move(parent.key) : QByteArray(), std::move(node));
    parent.key.clear();
    parent.hasKey = false;
}

void ObjectTreeBuilder::finish(qint64 line)
{
    m_skipping = 0;
    while (!m_frames.empty())
        end(line);
}

void readObjects(const WholeText &text, bool isJson, SourceEvidence &evidence, bool forced,
                 const std::function<void(ObjectNode &&)> &take)
{
    bool capped = false;
    if (isJson) {
        ObjectTreeBuilder builder(take);
        readJson(text, evidence, forced, builder);
        capped = builder.wasCapped();
    } else {
        YamlReader reader(text, evidence, forced, take);
        reader.read();
        capped = reader.wasCapped();
    }
    if (capped)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("An object is too large or too deep; parts of it were left out"));
}

} // namespace faultline
