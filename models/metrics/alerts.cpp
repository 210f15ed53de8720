// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics/alerts.h"

#include "models/core/translate.h"
#include "models/metrics/promevaluation.h"

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr QByteArrayView Subject = "alert/";
constexpr QByteArrayView OutcomeKey = "outcome";
constexpr size_t MostFirings = 1'000;    ///< Of a source.
constexpr size_t MostLooks = 50'000'000; ///< Series looked at for one alert, all moments together.
constexpr qsizetype MostLabelText = 1'000;

struct Alert {
    qint64 line = 0;
    QByteArray name;
    QByteArray query;
    QByteArray wait; ///< As written.
    QByteArray severity;
};

/// A series that fulfils the query.
struct Pending {
    TimeNs since;
    TimeNs last;
    double value = 0;
    std::optional<TimeNs> fired;
    double firedValue = 0;
};

struct Firing {
    Pending pending;
    std::vector<Label> labels;
    std::optional<TimeNs> until; ///< None: still when the samples end.
};

struct WatchOutcome {
    std::vector<Firing> firings;
    DurationNs longestNs = 0; ///< Of those that did not wait long enough.
    DurationNs errorNs = 0;
    bool wasThinned = false;
};

bool holdsAlerts(const SourceEvidence &source)
{
    return source.format == "prometheus-rules"
           && std::ranges::any_of(source.facts, [](const Fact &fact) { return fact.subject.startsWith(Subject); });
}

/// Alerts of one name may stand in a file more than once: each begins with its query.
std::vector<Alert> alertsOf(const SourceEvidence &source)
{
    std::vector<Alert> alerts;
    for (const Fact &fact : source.facts) {
        if (!fact.subject.startsWith(Subject))
            continue;
        if (fact.key == "expr")
            alerts.push_back({fact.line, fact.subject.sliced(Subject.size()), fact.value, {}, {}});
        else if (!alerts.empty() && fact.key == "for")
            alerts.back().wait = fact.value;
        else if (!alerts.empty() && fact.key == "severity")
            alerts.back().severity = fact.value;
    }
    return alerts;
}

/// Goes through the moments and remembers since when each series fulfils the query.
class Watch
{
public:
    Watch(PromEvaluation &evaluation, DurationNs waitNs)
        : m_evaluation(evaluation)
        , m_waitNs(waitNs)
    {
    }

    WatchOutcome run()
    {
        WatchOutcome outcome;
        outcome.errorNs = m_evaluation.errorNs();
        std::vector<TimeNs> moments = m_evaluation.moments();
        const size_t most = std::max<size_t>(1, MostLooks / std::max<size_t>(1, m_evaluation.seriesCount()));
        const size_t every = (moments.size() + most - 1) / std::max<size_t>(1, most);
        outcome.wasThinned = every > 1;
        for (size_t i = 0; i < moments.size(); i += std::max<size_t>(1, every))
            look(moments[i], outcome);
        for (auto &[key, pending] : m_pending)
            end(key, pending, std::nullopt, outcome);
        return outcome;
    }

private:
    void look(TimeNs time, WatchOutcome &outcome)
    {
        for (auto &[key, pending] : m_pending)
            ripen(pending, time);
        for (const PromEvaluation::Element &element : m_evaluation.at(time)) {
            Pending &pending =
                m_pending.try_emplace(element.key, Pending{time, time, element.value, {}, 0}).first->second;
            pending.last = time;
            pending.value = element.value;
            if (!pending.fired && time - pending.since >= m_waitNs)
                fire(pending, time);
        }
        std::erase_if(m_pending, [&](auto &item) {
            if (item.second.last == time)
                return false;
            end(item.first, item.second, time, outcome);
            return true;
        });
    }
    /// Between two samples the first one holds: the wait may end there.
    void ripen(Pending &pending, TimeNs next) const
    {
        const TimeNs ripe = pending.since + m_waitNs;
        if (!pending.fired && ripe < next && next - pending.last <= PromEvaluation::LookBack)
            fire(pending, ripe);
    }
    static void fire(Pending &pending, TimeNs time)
    {
        pending.fired = time;
        pending.firedValue = pending.value;
    }
    void end(const QByteArray &key, const Pending &pending, std::optional<TimeNs> until, WatchOutcome &outcome) const
    {
        if (!pending.fired)
            outcome.longestNs = std::max(outcome.longestNs, pending.last - pending.since);
        else if (outcome.firings.size() < MostFirings)
            outcome.firings.push_back({pending, m_evaluation.labels(key), until});
    }

    PromEvaluation &m_evaluation;
    DurationNs m_waitNs;
    std::map<QByteArray, Pending> m_pending; ///< By the key of its labels.
};

Severity severityOf(const QByteArray &label)
{
    const QByteArray name = label.toLower();
    if (name == "critical" || name == "page" || name == "error" || name == "high")
        return Severity::Error;
    return name == "info" || name == "none" || name == "low" ? Severity::Info : Severity::Warning;
}

QByteArray labelText(const std::vector<Label> &labels)
{
    Series named;
    named.labels = labels;
    return named.id().left(MostLabelText);
}

QByteArray durationText(DurationNs ns)
{
    return QByteArray::number(toSeconds(ns), 'g', 6) + " s";
}

SourceInterval around(TimeNs time, DurationNs errorNs)
{
    return {SourceTime{time.ns - errorNs}, SourceTime{time.ns + errorNs}};
}

/// The alerts of one source, and what becomes of it.
class AlertSource
{
public:
    AlertSource(const SourceEvidence &source, PromSeries &series)
        : m_source(std::make_shared<SourceEvidence>(source))
        , m_series(series)
    {
        // What an earlier evaluation left.
        std::erase_if(m_source->events, [](const Event &event) { return event.signature == AlertSignature; });
        m_source->spans.clear();
        std::erase_if(m_source->facts, [](const Fact &fact) { return fact.key == OutcomeKey; });
        std::erase_if(m_source->notes, [](const Note &note) {
            return note.code == Code::NotFound || (note.code == Code::LimitReached && note.position.line > 0);
        });
    }

    std::shared_ptr<const SourceEvidence> run()
    {
        for (const Alert &alert : alertsOf(*m_source))
            evaluate(alert);
        if (m_withoutSeries > 0)
            note(m_firstWithout, Code::NotFound,
                 tr("Alerts that watch series which this case does not hold, and so were not evaluated: %1 (%2)")
                     .arg(m_withoutSeries)
                     .arg(m_missing.join(u", "_s)));
        return m_source;
    }

private:
    void note(qint64 line, Code code, const QString &text)
    {
        addNote(m_source->notes, {Severity::Info, code, {line, 1, -1}, text, 1});
    }
    void tellOutcome(const Alert &alert, const QString &text)
    {
        Fact fact;
        fact.line = alert.line;
        fact.subject = Subject + alert.name;
        fact.key = OutcomeKey.toByteArray();
        fact.value = text.toUtf8();
        m_source->facts.push_back(std::move(fact));
    }
    void evaluate(const Alert &alert);
    void addFiring(const Alert &alert, const Firing &firing, DurationNs errorNs);

    std::shared_ptr<SourceEvidence> m_source;
    PromSeries &m_series;
    size_t m_withoutSeries = 0;
    qint64 m_firstWithout = 0;
    QStringList m_missing;
};

/// The first name that a query asks for and that no series has; empty where all are there.
QByteArray missingName(const PromQuery &query, const PromSeries &series)
{
    for (const LabelMatcher &matcher : query.matchers)
        if (matcher.label == "__name__" && !matcher.isExpression && !matcher.isNegated
            && !series.hasName(matcher.value))
            return matcher.value;
    for (const PromQuery &operand : query.operands)
        if (const QByteArray name = missingName(operand, series); !name.isEmpty())
            return name;
    return {};
}

void AlertSource::evaluate(const Alert &alert)
{
    constexpr qsizetype MostNamed = 5;
    const auto query = parsePromQuery(alert.query);
    if (!query || query->isScalar()) // noted when it was read
        return tellOutcome(alert, tr("not evaluated"));
    const auto waitNs = alert.wait.isEmpty() ? std::optional<DurationNs>(0) : promDuration(alert.wait);
    if (!waitNs)
        return tellOutcome(alert, tr("not evaluated"));
    PromEvaluation evaluation(*query, m_series);
    if (evaluation.seriesCount() == 0) {
        const QString name = QString::fromUtf8(missingName(*query, m_series).left(200));
        if (!name.isEmpty() && m_missing.size() < MostNamed && !m_missing.contains(name))
            m_missing.append(name);
        if (m_withoutSeries++ == 0)
            m_firstWithout = alert.line;
        return tellOutcome(alert, name.isEmpty() ? tr("not evaluated: no series of the case fits")
                                                 : tr("not evaluated: no series %1").arg(name));
    }
    const WatchOutcome outcome = Watch(evaluation, *waitNs).run();
    if (outcome.wasThinned || m_series.isFull())
        note(alert.line, Code::LimitReached,
             tr("%1: too many samples to look at each").arg(QString::fromUtf8(alert.name)));
    for (const Firing &firing : outcome.firings)
        addFiring(alert, firing, outcome.errorNs);
    if (!outcome.firings.empty())
        tellOutcome(alert, tr("fired: %1").arg(outcome.firings.size()));
    else if (outcome.longestNs > 0)
        tellOutcome(alert, tr("did not fire: pending for %1 of %2")
                               .arg(QString::fromUtf8(durationText(outcome.longestNs)), QString::fromUtf8(alert.wait)));
    else
        tellOutcome(alert, tr("did not fire"));
}

void AlertSource::addFiring(const Alert &alert, const Firing &firing, DurationNs errorNs)
{
    if (m_source->events.size() >= MostFirings)
        return;
    const Pending &pending = firing.pending;
    const TimeNs fired = pending.fired.value_or(pending.since);
    const TimeNs seenUntil = firing.until.value_or(pending.last);
    Event event;
    event.line = event.lastLine = alert.line;
    event.time = around(fired, errorNs);
    event.signature = AlertSignature.toByteArray();
    event.severity = severityOf(alert.severity);
    const QByteArray value = QByteArray::number(pending.firedValue, 'g', 6);
    const QByteArray labels = firing.labels.empty() ? QByteArray() : QByteArray(' ' + labelText(firing.labels));
    event.text = tr("alert %1 fired:%2 = %3, held for %4")
                     .arg(QString::fromUtf8(alert.name), QString::fromUtf8(labels), QString::fromUtf8(value),
                          QString::fromUtf8(durationText(seenUntil - pending.since)))
                     .toUtf8();
    event.fields = {{"alert", alert.name},
                    {"for", alert.wait.isEmpty() ? "0s" : alert.wait},
                    {"since", toRfc3339(pending.since)},
                    {"until", firing.until ? toRfc3339(*firing.until) : QByteArray()},
                    {"value", value},
                    {"expr", alert.query}};
    for (const auto &[label, labelValue] : firing.labels) {
        if (label == "pod")
            event.identity.pod = labelValue;
        else if (label == "container")
            event.identity.container = labelValue;
        else if (label == "node" || label == "host")
            event.identity.host = labelValue;
    }
    Span span;
    span.kind = SpanKind::State;
    span.name = alert.name;
    span.start = SourceTime{fired.ns};
    span.end = SourceTime{seenUntil.ns};
    span.outcome = Outcome::Failed;
    span.line = span.lastLine = alert.line;
    span.identity = event.identity;
    m_source->events.push_back(std::move(event));
    m_source->spans.push_back(std::move(span));
}

} // namespace

Alerted withAlerts(std::shared_ptr<const Evidence> evidence, Placement placement)
{
    if (std::ranges::none_of(evidence->sources, [](const auto &source) { return holdsAlerts(*source); }))
        return {std::move(evidence), std::move(placement)};
    Evidence alerted = *evidence;
    PromSeries series(*evidence, placement);
    for (size_t i = 0; i < alerted.sources.size(); ++i) {
        if (!holdsAlerts(*alerted.sources[i]))
            continue;
        alerted.sources[i] = AlertSource(*alerted.sources[i], series).run();
        // Its events are told in the time of the axis.
        SourcePlacement &own = placement.sources[i];
        own = {};
        if (alerted.sources[i]->events.empty()) {
            own.reason = tr("It tells no times.");
            continue;
        }
        own.segments = {{SourceTime{std::numeric_limits<qint64>::min()}, 0, 0, 0}};
        own.how = PlacementHow::Derived;
        own.reason = tr("Its alerts stand where the series that they watch do.");
    }
    return {std::make_shared<const Evidence>(std::move(alerted)), std::move(placement)};
}

} // namespace faultline
