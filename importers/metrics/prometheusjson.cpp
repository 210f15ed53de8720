// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/prometheusjson.h"

#include "importers/core/notes.h"
#include "importers/metrics/jsonrepair.h"
#include "importers/metrics/jsonseries.h"
#include "importers/metrics/jsonwindow.h"
#include "models/core/translate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr std::string_view Bom = "\xEF\xBB\xBF";

/// Reads an answer in one walk: the objects of its result go to their reader, what is left of the text is small and is parsed as one.
class AnswerReader
{
public:
    AnswerReader(SourceEvidence &evidence, const ImportContext &context, const ByteSource &bytes)
        : m_evidence(evidence)
        , m_context(context)
        , m_window(bytes)
        , m_series(m_window, evidence, context)
    {
        if (m_window.text().starts_with(Bom))
            m_at = Bom.size();
    }

    ImportOutcome read(bool isExport);

private:
    void walk(bool isExport);
    bool blanks();
    std::optional<std::string_view> string();
    void items();
    void tellDamage(qint64 depth, bool isWhole);
    bool frame();
    void apiError(const QJsonObject &answer);
    void apiMessages(const QJsonObject &answer);
    bool result(const QJsonObject &data);
    void fact(const QByteArray &key, const QString &value)
    {
        Fact fact;
        fact.subject = "query";
        fact.key = key;
        fact.value = value.left(1000).toUtf8();
        m_evidence.facts.push_back(std::move(fact));
    }
    void note(Severity severity, Code code, const QString &text, Position position = {})
    {
        addNote(m_evidence, severity, code, position, text);
    }
    void damaged(Code code, const QString &text, Position position)
    {
        note(m_context.forced ? Severity::Error : Severity::Warning, code, text, position);
    }

    SourceEvidence &m_evidence;
    const ImportContext &m_context;
    JsonWindow m_window;
    size_t m_at = 0; ///< In the window's text.
    JsonSeries m_series;
    QByteArray m_frame; ///< The answer without the objects of its result.
    bool m_understood = false;
};

/// To what stands behind blanks; false at the end of the source.
bool AnswerReader::blanks()
{
    for (;;) {
        JsonScan scan(m_window.text());
        scan.reset(m_at);
        scan.blanks();
        m_at = scan.position();
        if (!scan.atEnd())
            return true;
        if (m_window.atEnd())
            return false;
        m_window.slide(m_at);
        m_at = 0;
    }
}

/// The string that begins here, with its quotes; nullopt where it does not end.
std::optional<std::string_view> AnswerReader::string()
{
    for (;;) {
        JsonScan scan(m_window.text());
        scan.reset(m_at);
        const size_t start = m_at;
        if (scan.string()) {
            m_at = scan.position();
            return scan.between(start, m_at);
        }
        if (m_window.atEnd()) {
            m_at = scan.position();
            return std::nullopt;
        }
        m_window.slide(m_at);
        m_at = 0;
    }
}

/// Elements of a result: objects are read, others stay in the frame.
void AnswerReader::items()
{
    while (blanks() && m_window.text()[m_at] == '{') {
        while (m_at >= m_window.wholeBefore() && !m_window.atEnd()) {
            m_window.slide(m_at);
            m_at = 0;
        }
        m_at = m_series.item(m_at);
        m_understood = true;
        if (m_series.isCancelled())
            return;
        if (blanks() && m_window.text()[m_at] == ',')
            ++m_at;
    }
}

void AnswerReader::walk(bool isExport)
{
    constexpr qsizetype MostFrame = 8 * 1024 * 1024;
    QByteArray key;
    qint64 depth = 0;
    bool isWhole = true;
    while (m_frame.size() < MostFrame && !m_series.isCancelled() && blanks()) {
        const char c = m_window.text()[m_at];
        if (isExport && c == '{') {
            items();
            continue;
        }
        if (c == '"') {
            const auto text = string();
            isWhole = text.has_value();
            key = text ? QByteArray(text->data(), static_cast<qsizetype>(text->size())) : QByteArray();
            m_frame.append(key);
        } else {
            ++m_at;
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            m_frame.append(c);
        }
        // The result of an answer, or a list of metrics without an answer around it.
        if (c == '[' && (key == "\"result\"" || depth == 1))
            items();
        if (c != ':' && c != '"')
            key = {};
    }
    if (!m_series.isCancelled())
        tellDamage(depth, isWhole);
}

void AnswerReader::tellDamage(qint64 depth, bool isWhole)
{
    const bool isLeft = blanks();
    if (m_window.error())
        note(Severity::Error, m_window.error()->code, m_window.error()->message);
    else if (isLeft)
        note(Severity::Warning, Code::LimitReached, tr("The answer holds more than samples; the rest was not read"));
    else if (depth > 0 || !isWhole)
        damaged(Code::Truncated, tr("The text ends before its last bracket; what is whole was read"),
                m_window.positionOf(m_window.text().size()));
    if (m_window.badUtf8())
        damaged(Code::BadEncoding, tr("Bytes that are no UTF-8 were replaced"), *m_window.badUtf8());
}

void AnswerReader::apiError(const QJsonObject &answer)
{
    const QString text = answer["error"_L1].toString();
    const QString type = answer["errorType"_L1].toString();
    fact("errorType", type);
    fact("error", text);
    m_understood = true;
    note(Severity::Warning, Code::BadValue,
         tr("The query failed when this was saved: %1 (%2)").arg(text.left(1000), type.left(100)), {1, 1, 0});
}

void AnswerReader::apiMessages(const QJsonObject &answer)
{
    for (const auto key : {"warnings"_L1, "infos"_L1}) {
        const QJsonArray messages = answer[key].toArray();
        if (!messages.isEmpty())
            fact(QByteArray(key.data(), key.size()), QString::number(messages.size()));
        for (const QJsonValue &message : messages)
            note(Severity::Info, Code::BadValue, tr("Prometheus said: %1").arg(message.toString().left(1000)));
    }
}

bool AnswerReader::result(const QJsonObject &data)
{
    const QString type = data["resultType"_L1].toString();
    const QJsonArray rest = data["result"_L1].toArray();
    if (!type.isEmpty())
        fact("resultType", type);
    if (type == "string"_L1) {
        fact("string", rest.at(1).toString());
        note(Severity::Info, Code::Unsupported, tr("A string answer holds no samples"));
        return true;
    }
    if (type == "scalar"_L1) {
        // Not from the parsed answer: a double has not all digits of the time.
        const qsizetype start = m_frame.lastIndexOf('[');
        if (start < 0)
            return false;
        return m_series.scalar({m_frame.constData() + start, static_cast<size_t>(m_frame.size() - start)});
    }
    return m_understood || data.contains("result"_L1);
}

bool AnswerReader::frame()
{
    repairJson(m_frame);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(m_frame, &error);
    if (document.isArray())
        return true;
    const QJsonObject answer = document.object();
    if (answer.contains("status"_L1))
        fact("status", answer["status"_L1].toString());
    if (answer["status"_L1].toString() == "error"_L1) {
        apiError(answer);
        return true;
    }
    apiMessages(answer);
    if (answer["data"_L1].isObject() ? result(answer["data"_L1].toObject()) : result(answer))
        return true;
    damaged(Code::BadSyntax,
            document.isNull() ? tr("Not readable as JSON: %1").arg(error.errorString())
                              : tr("The answer has no result"),
            {1, 1, 0});
    return false;
}

ImportOutcome AnswerReader::read(bool isExport)
{
    walk(isExport);
    if (m_series.isCancelled())
        return ImportOutcome::Cancelled;
    const bool understood = isExport ? m_understood : frame() || m_understood;
    if (m_series.histogramCount() > 0)
        fact("histogramPoints", QString::number(m_series.histogramCount()));
    const bool read = understood || m_series.sampleCount() > 0;
    m_series.finish();
    return read ? ImportOutcome::Read : ImportOutcome::Broken;
}

ImportOutcome readJson(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context, bool isExport)
{
    evidence.kind = SourceKind::Metrics;
    evidence.basis = TimeBasis::Utc;
    evidence.zone = "UTC";
    evidence.resolutionNs = NsPerMillisecond;
    return AnswerReader(evidence, context, *bytes).read(isExport);
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
    return readJson(bytes, evidence, context, false);
}

ImporterInfo VictoriaExport::info() const
{
    return {"victoriametrics-export", tr("Export of VictoriaMetrics"), SourceKind::Metrics, TimeBasis::Utc};
}

SniffResult VictoriaExport::sniff(const SourceHead &head) const
{
    QByteArrayView text = QByteArrayView(head.bytes).trimmed();
    if (text.startsWith(Bom))
        text.slice(static_cast<qsizetype>(Bom.size()));
    if (!text.startsWith("{\"metric\":") || !text.contains("\"values\":"))
        return {};
    // A series of many values is longer than the head; its times stand behind them.
    const qsizetype values = text.indexOf("\"values\":");
    const QByteArrayView list = text.sliced(values + 9).trimmed();
    if (!text.contains("\"timestamps\":") && (!list.startsWith('[') || list.sliced(1).trimmed().startsWith('[')))
        return {};
    return {94, tr("its lines hold a \"metric\" with \"values\" and \"timestamps\"")};
}

ImportOutcome VictoriaExport::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                   const ImportContext &context) const
{
    return readJson(bytes, evidence, context, true);
}

} // namespace faultline
