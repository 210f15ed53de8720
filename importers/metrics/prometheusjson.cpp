// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/prometheusjson.h"

#include "importers/core/notes.h"
#include "importers/metrics/jsonrepair.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"

#include <QCoreApplication>

#include <simdjson.h>

namespace faultline {

namespace {

namespace od = simdjson::ondemand;

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::PrometheusJson", text);
}

QByteArray bytesOf(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// A number as it stands in the text, without the blanks after it.
std::string_view tokenOf(od::value &value)
{
    std::string_view token = value.raw_json_token();
    while (!token.empty()
           && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t'))
        token.remove_suffix(1);
    return token;
}

/// Reads one document into series; what it cannot read becomes a note with its offset.
class JsonReader
{
public:
    JsonReader(SourceEvidence &evidence, const ImportContext &context, std::string_view text)
        : m_evidence(evidence)
        , m_context(context)
        , m_text(text)
        , m_builder(evidence)
        , m_stem(stemOfFile(evidence.path))
    {
    }

    ImportOutcome read(od::document &document);

private:
    bool answer(od::object answer);
    bool data(od::object data);
    bool result(od::array result, std::string_view type);
    bool item(od::object item);
    bool metric(od::object metric);
    bool samples(od::array values);
    bool sample(od::value pair);
    void apiError(od::object answer);
    void apiMessages(od::object answer);
    bool fail(simdjson::error_code error, const char *where);
    Position here(const char *where) const;
    void note(Severity severity, Code code, const QString &text, Position position = {})
    {
        addNote(m_evidence, severity, code, position, text);
    }

    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    std::string_view m_text;
    SeriesBuilder m_builder;
    QByteArray m_stem;
    QByteArray m_name;
    std::vector<Label> m_labels;
    int m_series = -1;
    qint64 m_histograms = 0;
    bool m_understood = false;
};

Position JsonReader::here(const char *where) const
{
    Position position;
    if (where < m_text.data() || where > m_text.data() + m_text.size())
        return position;
    position.byteOffset = where - m_text.data();
    const std::string_view before = m_text.substr(0, static_cast<size_t>(position.byteOffset));
    position.line = std::ranges::count(before, '\n') + 1;
    const size_t lineStart = before.rfind('\n');
    position.column = position.byteOffset - (lineStart == std::string_view::npos ? -1 : static_cast<qint64>(lineStart));
    return position;
}

bool JsonReader::fail(simdjson::error_code error, const char *where)
{
    note(m_context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax,
         tr("Damaged JSON (%1); the rest of the answer was not read")
             .arg(QLatin1StringView(simdjson::error_message(error))),
         here(where));
    return false;
}

bool JsonReader::sample(od::value pair)
{
    od::array array;
    if (pair.get_array().get(array))
        return false;
    qint64 ns = 0;
    double value = 0;
    int part = 0;
    for (auto element : array) {
        od::value v;
        if (element.get(v))
            return false;
        std::string_view text;
        if (part == 0) {
            const auto time = parseSecondsNs(tokenOf(v));
            od::number number;
            if (!time || v.get_number().get(number))
                return false;
            ns = *time;
        } else if (part == 1) {
            od::json_type type{};
            if (v.type().get(type))
                return false;
            if (type == od::json_type::string) {
                if (v.get_string().get(text))
                    return false;
                const auto number = parseFloat(text);
                if (!number) {
                    note(Severity::Warning, Code::BadNumber, tr("A sample's value is no number"), here(text.data()));
                    value = std::numeric_limits<double>::quiet_NaN();
                } else {
                    value = *number;
                }
            } else if (v.get_double().get(value)) {
                return false;
            }
        }
        ++part;
    }
    if (part < 2)
        return false;
    m_builder.add(m_series, SourceTime{ns}, value);
    return true;
}

bool JsonReader::samples(od::array values)
{
    if (m_series < 0)
        m_series = m_builder.series(m_name.isEmpty() ? m_stem : m_name, m_labels, 0);
    if (m_name.isEmpty() && m_series >= 0) {
        m_builder.at(m_series).kind = SeriesKind::Unknown;
    }
    for (auto element : values) {
        od::value pair;
        const char *where = nullptr;
        if (auto error = element.get(pair))
            return fail(error, where);
        const char *start = pair.raw_json_token().data();
        if (!sample(pair))
            return fail(simdjson::INCORRECT_TYPE, start);
        if ((m_builder.sampleCount() & 0xFFFF) == 0 && m_context.cancel.isCancelled())
            return false;
    }
    return true;
}

bool JsonReader::metric(od::object metric)
{
    m_name.clear();
    m_labels.clear();
    for (auto field : metric) {
        std::string_view key;
        std::string_view value;
        if (field.unescaped_key().get(key) || field.value().get_string().get(value))
            return false;
        if (key == "__name__")
            m_name = bytesOf(value);
        else
            m_labels.emplace_back(bytesOf(key), bytesOf(value));
    }
    return true;
}

bool JsonReader::item(od::object item)
{
    m_series = -1;
    m_name.clear();
    m_labels.clear();
    od::object metricObject;
    // Its place within the object is free.
    if (item.find_field_unordered("metric").get_object().get(metricObject) == simdjson::SUCCESS
        && !metric(metricObject))
        return false;
    if (item.reset().error())
        return false;
    for (auto field : item) {
        std::string_view key;
        if (field.unescaped_key().get(key))
            return false;
        od::value value;
        if (field.value().get(value))
            return false;
        if (key == "values") {
            od::array values;
            if (value.get_array().get(values) || !samples(values))
                return false;
        } else if (key == "value") {
            if (m_series < 0)
                m_series = m_builder.series(m_name.isEmpty() ? m_stem : m_name, m_labels, 0);
            if (!sample(value))
                return false;
        } else if (key == "histograms" || key == "histogram") {
            ++m_histograms;
        }
    }
    m_understood = true;
    return true;
}

bool JsonReader::result(od::array result, std::string_view type)
{
    if (type == "scalar" || type == "string") {
        m_understood = true;
        if (type == "string") {
            note(Severity::Info, Code::Unsupported, tr("A string answer holds no samples"));
            return true;
        }
        m_series = m_builder.series(m_stem, {}, 0);
        od::array pair = result;
        qint64 ns = 0;
        int part = 0;
        for (auto element : pair) {
            od::value v;
            if (element.get(v))
                return false;
            if (part++ == 0) {
                ns = parseSecondsNs(tokenOf(v)).value_or(0);
                double ignored = 0;
                if (v.get_double().get(ignored))
                    return false;
                continue;
            }
            std::string_view text;
            if (v.get_string().get(text))
                return false;
            if (const auto number = parseFloat(text))
                m_builder.add(m_series, SourceTime{ns}, *number);
        }
        return true;
    }
    for (auto element : result) {
        od::value value;
        if (auto error = element.get(value))
            return fail(error, m_text.data() + m_text.size());
        const char *start = value.raw_json_token().data();
        od::object object;
        if (value.get_object().get(object) || !item(object))
            return fail(simdjson::INCORRECT_TYPE, start);
        if (m_context.cancel.isCancelled())
            return false;
        if (m_context.progress)
            m_context.progress(start - m_text.data(), static_cast<qint64>(m_text.size()));
    }
    m_understood = true;
    return true;
}

bool JsonReader::data(od::object data)
{
    std::string type;
    std::string_view text;
    if (data.find_field_unordered("resultType").get_string().get(text) == simdjson::SUCCESS)
        type = text;
    od::array array;
    if (const auto error = data.find_field_unordered("result").get_array().get(array))
        return fail(error, m_text.data());
    return result(array, type);
}

void JsonReader::apiError(od::object answer)
{
    std::string_view type;
    std::string_view text;
    if (answer["errorType"].get_string().get(type))
        type = {};
    const QByteArray kind = bytesOf(type);
    if (answer["error"].get_string().get(text))
        text = {};
    m_understood = true;
    note(Severity::Warning, Code::BadValue,
         tr("The query failed when this was saved: %1 (%2)")
             .arg(QString::fromUtf8(bytesOf(text)).left(1000), QString::fromUtf8(kind).left(100)),
         {1, 1, 0});
}

void JsonReader::apiMessages(od::object answer)
{
    for (const std::string_view key : {"warnings", "infos"}) {
        od::array messages;
        if (answer.find_field_unordered(key).get_array().get(messages))
            continue;
        for (auto element : messages) {
            std::string_view text;
            if (element.get_string().get(text) == simdjson::SUCCESS)
                note(Severity::Info, Code::BadValue,
                     tr("Prometheus said: %1").arg(QString::fromUtf8(bytesOf(text)).left(1000)));
        }
    }
}

bool JsonReader::answer(od::object answer)
{
    std::string_view status;
    if (answer.find_field_unordered("status").get_string().get(status) == simdjson::SUCCESS && status == "error") {
        apiError(answer);
        return true;
    }
    od::array bare;
    od::object inner;
    bool good = true;
    if (answer.find_field_unordered("data").get_object().get(inner) == simdjson::SUCCESS) {
        good = data(inner);
    } else if (answer.find_field_unordered("result").get_array().get(bare) == simdjson::SUCCESS) {
        good = result(bare, {});
    } else {
        return fail(simdjson::NO_SUCH_FIELD, m_text.data());
    }
    if (good)
        apiMessages(answer);
    return good;
}

ImportOutcome JsonReader::read(od::document &document)
{
    od::json_type type{};
    if (const auto error = document.type().get(type)) {
        fail(error, m_text.data());
    } else if (type == od::json_type::array) {
        od::array array;
        if (const auto error2 = document.get_array().get(array))
            fail(error2, m_text.data());
        else
            result(array, {});
    } else {
        od::object object;
        if (const auto error2 = document.get_object().get(object))
            fail(error2, m_text.data());
        else
            answer(object);
    }
    if (m_context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    if (m_histograms > 0)
        note(Severity::Info, Code::Unsupported,
             tr("Native histograms are not read: %1 series have some").arg(m_histograms));
    const bool read = m_understood || m_builder.sampleCount() > 0;
    m_builder.finish();
    return read ? ImportOutcome::Read : ImportOutcome::Broken;
}

} // namespace

ImporterInfo PrometheusJson::info() const
{
    return {"prometheus-json", tr("Answer of the Prometheus API"), SourceKind::Metrics, TimeBasis::Utc};
}

SniffResult PrometheusJson::sniff(const SourceHead &head) const
{
    const QByteArrayView text = QByteArrayView(head.bytes).trimmed();
    if (!text.startsWith('{') && !text.startsWith('[') && !text.startsWith("\xEF\xBB\xBF"))
        return {};
    const QByteArrayView start = text.first(std::min<qsizetype>(text.size(), 16 * 1024));
    const bool metric = start.contains("\"metric\"") && (start.contains("\"values\"") || start.contains("\"value\""));
    if (start.contains("\"resultType\"") && start.contains("\"result\""))
        return {95, tr("it holds \"resultType\" and \"result\" as the Prometheus API writes them")};
    if (metric && start.contains("\"result\""))
        return {85, tr("it holds a \"result\" of metrics with values")};
    if (start.contains("\"status\"") && start.contains("\"errorType\""))
        return {90, tr("it holds \"status\" and \"errorType\" as the Prometheus API writes them")};
    if (metric && text.startsWith('['))
        return {80, tr("it is a list of metrics with values")};
    if (metric)
        return {50, tr("it holds metrics with values")};
    return {};
}

ImportOutcome PrometheusJson::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                   const ImportContext &context) const
{
    evidence.kind = SourceKind::Metrics;
    evidence.basis = TimeBasis::Utc;
    evidence.zone = "UTC";
    evidence.resolutionNs = NsPerMillisecond;
    if (bytes->size() > MostBytes)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("Only the first %1 MB were read").arg(MostBytes / 1024 / 1024));
    auto content = bytes->bytes(0, std::min(bytes->size(), MostBytes));
    if (!content) {
        addNote(evidence, Severity::Error, content.error().code, {}, content.error().message);
        return ImportOutcome::Broken;
    }
    if (content->startsWith("\xEF\xBB\xBF"))
        content->replace(0, 3, "   ");
    const std::optional<JsonDamage> damage = repairJson(*content);
    if (damage)
        addNote(evidence, context.forced ? Severity::Error : Severity::Warning, damage->code, damage->position,
                damage->text);
    const auto size = static_cast<size_t>(content->size());
    content->reserve(content->size() + static_cast<qsizetype>(simdjson::SIMDJSON_PADDING));
    od::parser parser;
    od::document document;
    const simdjson::padded_string_view view(content->constData(), size, size + simdjson::SIMDJSON_PADDING);
    if (const auto error = parser.iterate(view).get(document)) {
        addNote(evidence, Severity::Error, Code::BadSyntax, {1, 1, 0},
                tr("Not readable as JSON: %1").arg(QLatin1StringView(simdjson::error_message(error))));
        return ImportOutcome::Broken;
    }
    JsonReader reader(evidence, context, std::string_view(content->constData(), size));
    return reader.read(document);
}

} // namespace faultline
