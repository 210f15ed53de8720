// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/exposition.h"

#include "importers/core/cursor.h"
#include "importers/metrics/numbers.h"
#include "models/core/translate.h"

#include <cmath>

namespace faultline {

namespace {

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Each is compared with all before it.
constexpr size_t MostLabels = 1'000;

/// Takes the parts of a line; the first mistake ends it.
class Parser
{
public:
    Parser(std::string_view line, ExpositionDialect dialect, ExpositionSample &sample)
        : m_cursor(line)
        , m_line(line)
        , m_dialect(dialect)
        , m_sample(sample)
    {
    }

    std::optional<ExpositionError> parse();

private:
    bool strict() const { return m_dialect == ExpositionDialect::OpenMetrics; }
    bool fail(const QString &text)
    {
        m_error = {static_cast<qint64>(m_cursor.position()) + 1, text};
        return false;
    }
    bool name();
    bool labels(std::vector<LabelView> &labels, bool nameInside);
    bool quoted(std::string_view &value);
    bool escaped(std::string_view &value, size_t start);
    bool separator();
    bool value();
    bool timestamp();
    bool exemplar();

    Cursor m_cursor;
    std::string_view m_line;
    ExpositionDialect m_dialect;
    ExpositionSample &m_sample;
    ExpositionError m_error;
};

bool Parser::name()
{
    const size_t start = m_cursor.position();
    while (!m_cursor.atEnd()
           && (isNameStart(m_cursor.peek()) || m_cursor.peek() == ':' || Cursor::isDigit(m_cursor.peek())))
        m_cursor.reset(m_cursor.position() + 1);
    m_sample.name = m_line.substr(start, m_cursor.position() - start);
    if (m_sample.name.empty())
        return m_cursor.peek() == '{' || fail(tr("A metric name is missing"));
    if (Cursor::isDigit(m_sample.name.front())) {
        m_cursor.reset(start);
        return fail(tr("A metric name begins with a digit"));
    }
    return true;
}

bool Parser::quoted(std::string_view &value)
{
    if (!m_cursor.take('"'))
        return fail(tr("A label value has no opening quote"));
    const size_t start = m_cursor.position();
    const size_t end = m_line.find_first_of("\"\\", start);
    if (end == std::string_view::npos) {
        m_cursor.reset(m_line.size());
        return fail(tr("A label value has no closing quote"));
    }
    if (m_line[end] == '\\')
        return escaped(value, start);
    value = m_line.substr(start, end - start);
    m_cursor.reset(end + 1);
    return true;
}

bool Parser::escaped(std::string_view &value, size_t start)
{
    std::string &text = m_sample.unescaped.emplace_back();
    m_cursor.reset(start);
    for (;;) {
        if (m_cursor.atEnd())
            return fail(tr("A label value has no closing quote"));
        const char c = m_cursor.peek();
        m_cursor.reset(m_cursor.position() + 1);
        if (c == '"') {
            value = text;
            return true;
        }
        if (c != '\\') {
            text.push_back(c);
            continue;
        }
        const char meant = m_cursor.peek();
        if (meant == 'n')
            text.push_back('\n');
        else if (meant == '\\' || meant == '"')
            text.push_back(meant);
        else
            text.append({'\\', meant});
        if (!m_cursor.atEnd())
            m_cursor.reset(m_cursor.position() + 1);
    }
}

bool Parser::labels(std::vector<LabelView> &labels, bool nameInside)
{
    const bool freeBlanks = !strict();
    if (freeBlanks)
        m_cursor.blanks();
    for (bool first = true; !m_cursor.take('}'); first = false) {
        if (!first) {
            if (!m_cursor.take(','))
                return fail(tr("Labels are not separated by a comma"));
            if (freeBlanks)
                m_cursor.blanks();
            // The classic format allows a comma after the last label.
            if (!strict() && m_cursor.take('}'))
                return true;
        }
        std::string_view value;
        if (nameInside && m_sample.name.empty() && m_cursor.peek() == '"') {
            const size_t start = m_cursor.position();
            if (!quoted(value))
                return false;
            if (m_cursor.peek() != '=') {
                m_sample.name = m_line.substr(start + 1, m_cursor.position() - start - 2);
                if (freeBlanks)
                    m_cursor.blanks();
                continue;
            }
            return fail(tr("A label name is quoted"));
        }
        const size_t start = m_cursor.position();
        while (isNameStart(m_cursor.peek()) || Cursor::isDigit(m_cursor.peek()))
            m_cursor.reset(m_cursor.position() + 1);
        const std::string_view label = m_line.substr(start, m_cursor.position() - start);
        if (label.empty() || Cursor::isDigit(label.front())) {
            m_cursor.reset(start);
            return fail(tr("A label name is missing or not allowed"));
        }
        if (freeBlanks)
            m_cursor.blanks();
        if (!m_cursor.take('='))
            return fail(tr("A label has no '='"));
        if (freeBlanks)
            m_cursor.blanks();
        if (!quoted(value))
            return false;
        if (freeBlanks)
            m_cursor.blanks();
        if (labels.size() >= MostLabels)
            return fail(tr("More labels than a series may have"));
        for (const auto &[known, ignored] : labels)
            if (known == label)
                return fail(tr("A label stands twice"));
        labels.emplace_back(label, value);
    }
    return true;
}

bool Parser::separator()
{
    if (strict())
        return m_cursor.take(' ') || fail(tr("A space is missing"));
    return m_cursor.blanks() > 0 || m_cursor.position() == 0 || m_line[m_cursor.position() - 1] == '}'
           || fail(tr("A blank is missing"));
}

bool Parser::value()
{
    m_sample.valueText = m_cursor.word();
    const auto value = parseFloat(m_sample.valueText);
    if (!value) {
        m_cursor.reset(m_cursor.position() - m_sample.valueText.size());
        return fail(tr("The value is no number"));
    }
    m_sample.value = *value;
    return true;
}

bool Parser::timestamp()
{
    const std::string_view text = m_cursor.word();
    const auto number = parseFloat(text);
    const bool whole = text.find_first_not_of("0123456789-+") == std::string_view::npos;
    if (!number || !std::isfinite(*number)
        || (m_dialect == ExpositionDialect::Prometheus && !whole && !text.contains('.'))) {
        m_cursor.reset(m_cursor.position() - text.size());
        return fail(tr("The time stamp is no number"));
    }
    m_sample.timestamp = text;
    return true;
}

bool Parser::exemplar()
{
    constexpr qsizetype MostCharacters = 128;
    m_sample.hasExemplar = true;
    if (!m_cursor.take("# {"))
        return fail(tr("Not an exemplar"));
    if (!labels(m_sample.exemplarLabels, false))
        return false;
    qsizetype characters = 0;
    for (const auto &[label, text] : m_sample.exemplarLabels)
        characters += static_cast<qsizetype>(label.size())
                      + QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUcs4().size();
    if (characters > MostCharacters)
        return fail(tr("The exemplar's labels are longer than 128 characters"));
    if (!m_cursor.take(' '))
        return fail(tr("A space is missing"));
    if (!parseFloat(m_cursor.word()))
        return fail(tr("The exemplar's value is no number"));
    if (m_cursor.atEnd())
        return true;
    if (!m_cursor.take(' '))
        return fail(tr("A space is missing"));
    const auto time = parseFloat(m_cursor.word());
    if (!time || !std::isfinite(*time))
        return fail(tr("The exemplar's time stamp is no number"));
    return m_cursor.atEnd() || fail(tr("Text after the exemplar"));
}

std::optional<ExpositionError> Parser::parse()
{
    if (!strict())
        m_cursor.blanks();
    const size_t start = m_cursor.position();
    if (!name())
        return m_error;
    const size_t afterName = m_cursor.position();
    if (!strict())
        m_cursor.blanks();
    if (m_cursor.take('{')) {
        if (!labels(m_sample.labels, true))
            return m_error;
        m_sample.seriesText = m_line.substr(start, m_cursor.position() - start);
    } else {
        m_cursor.reset(afterName);
        m_sample.seriesText = m_sample.name;
    }
    for (size_t i = 0; i < m_sample.labels.size(); ++i) {
        if (m_sample.labels[i].first != "__name__" || !m_sample.name.empty())
            continue;
        m_sample.name = m_sample.labels[i].second;
        m_sample.labels.erase(m_sample.labels.begin() + static_cast<std::ptrdiff_t>(i));
        break;
    }
    if (m_sample.name.empty() && m_dialect != ExpositionDialect::PromtoolDump) {
        fail(tr("A metric name is missing"));
        return m_error;
    }
    if (!separator() || !value())
        return m_error;
    if (!strict()) {
        m_cursor.blanks();
        if (!m_cursor.atEnd() && m_cursor.peek() != '#' && !timestamp())
            return m_error;
        m_cursor.blanks();
        if (!m_cursor.atEnd() && !(m_cursor.rest().starts_with("# {") && exemplar())) {
            fail(tr("Text after the sample"));
            return m_error;
        }
        return std::nullopt;
    }
    if (m_cursor.atEnd())
        return std::nullopt;
    if (!separator())
        return m_error;
    if (m_cursor.peek() != '#') {
        if (!timestamp())
            return m_error;
        if (!m_cursor.atEnd() && !separator())
            return m_error;
        if (m_cursor.atEnd() && m_line.back() != ' ')
            return std::nullopt;
    }
    if (!exemplar())
        return m_error;
    return std::nullopt;
}

} // namespace

bool isMetricName(std::string_view name)
{
    if (name.empty() || Cursor::isDigit(name.front()))
        return false;
    for (const char c : name)
        if (!isNameStart(c) && !Cursor::isDigit(c) && c != ':')
            return false;
    return true;
}

bool isLabelName(std::string_view name)
{
    return isMetricName(name) && !name.contains(':');
}

void ExpositionSample::clear()
{
    name = seriesText = valueText = {};
    labels.clear();
    value = 0;
    timestamp.reset();
    hasExemplar = false;
    exemplarLabels.clear();
    unescaped.clear();
}

std::optional<ExpositionError> parseExpositionLine(std::string_view line, ExpositionDialect dialect,
                                                   ExpositionSample &sample)
{
    sample.clear();
    return Parser(line, dialect, sample).parse();
}

} // namespace faultline
