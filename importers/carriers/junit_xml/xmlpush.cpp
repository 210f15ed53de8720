// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/xmlpush.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>

namespace faultline {

namespace {

std::string_view viewOf(const xmlChar *text)
{
    return text ? std::string_view(reinterpret_cast<const char *>(text)) : std::string_view();
}

constexpr size_t Parts = 5; // of an attribute

} // namespace

std::string_view XmlAttributes::value(std::string_view name) const
{
    for (size_t i = 0; i + Parts <= m_fives.size(); i += Parts) {
        if (viewOf(m_fives[i]) == name)
            return {reinterpret_cast<const char *>(m_fives[i + 3]),
                    static_cast<size_t>(m_fives[i + 4] - m_fives[i + 3])};
    }
    return {};
}

struct XmlPush::State {
    explicit State(XmlHandler &taker)
        : handler(taker)
    {
    }

    XmlHandler &handler;
    xmlParserCtxtPtr parser = nullptr;
    QString error;
    bool definesEntities = false;
    bool isStopped = false;

    static State &of(void *data) { return *static_cast<State *>(data); }

    void stop()
    {
        isStopped = true;
        xmlStopParser(parser);
    }

    static void start(void *data, const xmlChar *name, const xmlChar *, const xmlChar *, int, const xmlChar **,
                      int attributes, int, const xmlChar **values)
    {
        State &state = of(data);
        if (!state.isStopped)
            state.handler.startElement(viewOf(name), XmlAttributes({values, static_cast<size_t>(attributes) * Parts}));
    }
    static void end(void *data, const xmlChar *, const xmlChar *, const xmlChar *)
    {
        if (!of(data).isStopped)
            of(data).handler.endElement();
    }
    static void text(void *data, const xmlChar *text, int length)
    {
        if (!of(data).isStopped)
            of(data).handler.text({reinterpret_cast<const char *>(text), static_cast<size_t>(length)});
    }
    static void entity(void *data, const xmlChar *, int, const xmlChar *, const xmlChar *, xmlChar *)
    {
        of(data).definesEntities = true;
        of(data).stop();
    }
    /// libxml2 passes it const since 2.12.
    template<typename ErrorPointer>
    static void complain(void *data, ErrorPointer error)
    {
        State &state = of(data);
        if (error->level == XML_ERR_FATAL && state.error.isEmpty())
            state.error = QString::fromUtf8(error->message).trimmed();
    }
};

XmlPush::XmlPush(XmlHandler &handler)
    : m_state(std::make_unique<State>(handler))
{
    xmlInitParser();
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = &State::start;
    sax.endElementNs = &State::end;
    sax.characters = &State::text;
    sax.ignorableWhitespace = &State::text;
    sax.cdataBlock = &State::text;
    sax.entityDecl = &State::entity;
    sax.serror = &State::complain;
    m_state->parser = xmlCreatePushParserCtxt(&sax, m_state.get(), nullptr, 0, nullptr);
    Q_CHECK_PTR(m_state->parser);
    // Long texts are read, references to characters replaced; what could blow up, entities of its own, is refused above.
    xmlCtxtUseOptions(m_state->parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_HUGE | XML_PARSE_IGNORE_ENC);
}

XmlPush::~XmlPush()
{
    xmlFreeDoc(m_state->parser->myDoc);
    xmlFreeParserCtxt(m_state->parser);
}

bool XmlPush::feed(QByteArrayView part)
{
    if (!m_state->isStopped && m_state->error.isEmpty())
        xmlParseChunk(m_state->parser, part.data(), static_cast<int>(part.size()), 0);
    return !m_state->isStopped && m_state->error.isEmpty();
}

bool XmlPush::finish()
{
    if (!m_state->isStopped && m_state->error.isEmpty())
        xmlParseChunk(m_state->parser, nullptr, 0, 1);
    return !m_state->isStopped && m_state->error.isEmpty();
}

void XmlPush::stop()
{
    m_state->stop();
}

qint64 XmlPush::line() const
{
    return m_state->parser->input ? m_state->parser->input->line : 1;
}

QString XmlPush::error() const
{
    return m_state->error;
}

bool XmlPush::definesEntities() const
{
    return m_state->definesEntities;
}

} // namespace faultline
