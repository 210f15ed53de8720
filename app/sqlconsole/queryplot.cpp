// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sqlconsole/queryplot.h"

#include <QSet>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Numbers of these columns name things; they are no values.
bool isName(const QString &column)
{
    static const QSet<QString> names{u"source"_s, u"line"_s, u"last_line"_s, u"id"_s,     u"parent"_s,
                                     u"series"_s, u"pid"_s,  u"failure"_s,   u"follows"_s};
    return names.contains(column.toLower());
}

std::optional<double> numberOf(const QVariant &value)
{
    if (value.typeId() == QMetaType::LongLong || value.typeId() == QMetaType::Double)
        return value.toDouble();
    return std::nullopt;
}

struct Columns {
    qsizetype time = -1;
    std::vector<qsizetype> values;
    std::vector<qsizetype> texts;
};

Columns columnsOf(const Rows &rows)
{
    Columns columns;
    columns.time = rows.columns.indexOf(u"time"_s, 0, Qt::CaseInsensitive);
    for (qsizetype i = 0; i < rows.columns.size(); ++i) {
        const QString &name = rows.columns.at(i);
        if (isTimeColumn(name)) {
            if (columns.time < 0)
                columns.time = i;
            continue;
        }
        if (isName(name))
            continue;
        const auto holds = [&](const auto &test) {
            return std::ranges::any_of(rows.rows, [&](const auto &row) { return test(row[static_cast<size_t>(i)]); });
        };
        if (holds([](const QVariant &value) { return value.typeId() == QMetaType::QString; }))
            columns.texts.push_back(i);
        else if (holds([](const QVariant &value) { return numberOf(value).has_value(); }))
            columns.values.push_back(i);
    }
    return columns;
}

void sortByTime(Series &series)
{
    std::vector<size_t> order(series.times.size());
    for (size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::stable_sort(order, {}, [&](size_t i) { return series.times[i]; });
    std::vector<SourceTime> times;
    std::vector<double> values;
    for (const size_t i : order) {
        times.push_back(series.times[i]);
        values.push_back(series.values[i]);
    }
    series.times = std::move(times);
    series.values = std::move(values);
}

void addSeries(SourceEvidence &source, const Rows &rows, const Columns &columns, bool &isCut)
{
    std::map<std::pair<qsizetype, QByteArray>, size_t> known; // column and labels
    for (const auto &row : rows.rows) {
        const QVariant &time = row[static_cast<size_t>(columns.time)];
        if (time.typeId() != QMetaType::LongLong)
            continue;
        QByteArray key;
        for (const qsizetype text : columns.texts)
            key += row[static_cast<size_t>(text)].toString().toUtf8() + '\0';
        for (const qsizetype column : columns.values) {
            const auto value = numberOf(row[static_cast<size_t>(column)]);
            if (!value)
                continue;
            const auto [at, isNew] = known.try_emplace({column, key}, source.series.size());
            if (isNew && source.series.size() >= QueryPlot::MostSeries) {
                known.erase(at);
                isCut = true;
                continue;
            }
            if (isNew) {
                Series series;
                series.name = rows.columns.at(column).toUtf8();
                series.kind = SeriesKind::Gauge;
                for (const qsizetype text : columns.texts)
                    series.labels.emplace_back(rows.columns.at(text).toUtf8(),
                                               row[static_cast<size_t>(text)].toString().left(200).toUtf8());
                source.series.push_back(std::move(series));
            }
            source.series[at->second].times.push_back(SourceTime{time.toLongLong()});
            source.series[at->second].values.push_back(*value);
        }
    }
    std::ranges::for_each(source.series, sortByTime);
}

void addEvents(SourceEvidence &source, std::vector<QueryPlot::Place> &places, const Rows &rows, const Columns &columns)
{
    std::vector<std::pair<Event, QueryPlot::Place>> events;
    for (size_t i = 0; i < rows.rows.size(); ++i) {
        const QVariant &time = rows.rows[i][static_cast<size_t>(columns.time)];
        if (time.typeId() != QMetaType::LongLong)
            continue;
        const SourceTime at{time.toLongLong()};
        Event event;
        event.time = SourceInterval{at, at};
        QStringList texts;
        for (const qsizetype text : columns.texts)
            texts.append(rows.rows[i][static_cast<size_t>(text)].toString());
        event.text = texts.join(u" · ").toUtf8().left(Event::MostEventText);
        event.severity = severityFromName(rows.value(i, u"level").toByteArray()).value_or(Severity::Info);
        const QVariant of = rows.value(i, u"source");
        events.emplace_back(event,
                            QueryPlot::Place{of.isValid() ? of.toInt() : -1, rows.value(i, u"line").toLongLong()});
    }
    std::ranges::stable_sort(events, {}, [](const auto &event) { return event.first.time->lo; });
    for (auto &[event, place] : events) {
        event.line = static_cast<qint64>(places.size()) + 1;
        event.lastLine = event.line;
        source.events.push_back(std::move(event));
        places.push_back(place);
    }
}

} // namespace

bool isTimeColumn(const QString &column)
{
    static const QSet<QString> names{u"time"_s, u"time_lo"_s, u"time_hi"_s, u"start"_s, u"end"_s,     u"first"_s,
                                     u"last"_s, u"from"_s,    u"to"_s,      u"peak"_s,  u"captured"_s};
    return names.contains(column.toLower());
}

std::shared_ptr<const QueryPlot> QueryPlot::of(const Rows &rows, const QString &name)
{
    const Columns columns = columnsOf(rows);
    if (columns.time < 0 || rows.rows.empty())
        return nullptr;
    auto plot = std::make_shared<QueryPlot>();
    auto source = std::make_shared<SourceEvidence>();
    source->path = name;
    source->kind = SourceKind::Other;
    source->format = "query";
    source->basis = TimeBasis::Utc;
    if (columns.values.empty())
        addEvents(*source, plot->places, rows, columns);
    else
        addSeries(*source, rows, columns, plot->isCut);
    if (source->events.empty() && source->series.empty())
        return nullptr;
    plot->source = source;
    return plot;
}

} // namespace faultline
