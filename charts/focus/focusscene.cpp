// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/focus/focusscene.h"

#include "charts/core/format.h"
#include "charts/core/telling.h"
#include "charts/tracks/metrictrack.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsLineItem>
#include <QGraphicsSimpleTextItem>
#include <QLineSeries>
#include <QLocale>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double LeftMargin = 66;
constexpr double RightMargin = 14;
constexpr double PanelGap = 4;
constexpr double LongWindow = 6 * 60; ///< Seconds from which the axis counts minutes.
constexpr double FarLimit = 3;        ///< A limit further above is named, not drawn to scale.
constexpr size_t MostPieces = 64; ///< Lines that gaps cut a series into; more would be slower than they are telling.

/// What values are divided by, and the unit that is then written.
std::pair<double, QString> shownUnit(const QByteArray &unit, double most)
{
    const bool isRate = unit.endsWith("/s");
    const QByteArray base = isRate ? unit.chopped(2) : unit;
    const QString rate = isRate ? u"/s"_s : QString();
    if (base.startsWith("byte")) {
        double factor = 1;
        for (const char *name : {"B", "KiB", "MiB", "GiB", "TiB"}) {
            if (most < factor * 1024 || std::string_view(name) == "TiB")
                return {factor, QString::fromLatin1(name) + rate};
            factor *= 1024;
        }
    }
    if (base == "seconds" && !isRate)
        return most < 1e-3 ? std::pair(1e-6, u"µs"_s) : most < 1 ? std::pair(1e-3, u"ms"_s) : std::pair(1.0, u"s"_s);
    if (base == "ratio")
        return {0.01, u"%"_s};
    const double factor = most >= 1e9 ? 1e9 : most >= 1e6 ? 1e6 : most >= 1e5 ? 1e3 : 1;
    const QString scale = factor >= 1e9 ? u"G"_s : factor >= 1e6 ? u"M"_s : factor >= 1e3 ? u"k"_s : QString();
    return {factor, QString(scale + shownText(base, 12) + rate)};
}

/// Round values for an axis of a height in pixels, at least two of them: a single one tells no distance.
std::vector<double> panelTicks(double lo, double hi, double height)
{
    constexpr int MostTried = 6;
    std::vector<double> ticks;
    for (int most = static_cast<int>(std::clamp(height / 26, 1.0, 5.0)); ticks.size() < 2 && most <= MostTried; ++most)
        ticks = valueTicks(lo, hi, most, {});
    return ticks;
}

void add(QChart &chart, QAbstractSeries *series)
{
    chart.addSeries(series);
    const auto axes = chart.axes();
    for (QAbstractAxis *axis : axes)
        series->attachAxis(axis);
}

QLineSeries *line(const QList<QPointF> &points, const QPen &pen)
{
    auto *series = new QLineSeries;
    series->replace(points);
    series->setPen(pen);
    return series;
}

/// A filled rectangle in values of the axes.
QAreaSeries *band(double left, double right, double bottom, double top, const QBrush &brush)
{
    auto *upper = new QLineSeries;
    auto *lower = new QLineSeries;
    upper->replace(QList<QPointF>{{left, top}, {right, top}});
    lower->replace(QList<QPointF>{{left, bottom}, {right, bottom}});
    auto *area = new QAreaSeries(upper, lower);
    upper->setParent(area);
    lower->setParent(area);
    area->setPen(Qt::NoPen);
    area->setBrush(brush);
    return area;
}

/// The line above a panel: its name, and a key for each thing that is drawn.
class KeyLine : public QGraphicsItem
{
public:
    enum class Mark { Line, Dash, Band };
    struct Key {
        Mark mark;
        QColor color;
        QString text;
    };
    KeyLine(QRectF rect, QString name, std::vector<Key> keys, Theme theme)
        : m_rect(rect)
        , m_name(std::move(name))
        , m_keys(std::move(keys))
        , m_theme(std::move(theme))
    {
    }
    QRectF boundingRect() const override { return m_rect; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *) override
    {
        const QFontMetricsF metrics(m_theme.smallFont);
        const QFontMetricsF bold(m_theme.boldFont);
        double keysWidth = 0;
        for (const Key &key : m_keys)
            keysWidth += metrics.horizontalAdvance(key.text) + 34;
        // Keys go from the right; those without room are left out, the name keeps half of the line.
        size_t shown = m_keys.size();
        while (shown > 1 && keysWidth > m_rect.width() * 0.6)
            keysWidth -= metrics.horizontalAdvance(m_keys[--shown].text) + 34;
        const double nameWidth = m_rect.width() - keysWidth - 8;
        painter->setFont(m_theme.boldFont);
        painter->setPen(m_theme.text);
        painter->drawText(QRectF(m_rect.left(), m_rect.top(), nameWidth, m_rect.height()),
                          Qt::AlignVCenter | Qt::AlignLeft, bold.elidedText(m_name, Qt::ElideRight, nameWidth));
        painter->setFont(m_theme.smallFont);
        double x = m_rect.right() - keysWidth;
        for (size_t i = 0; i < shown; ++i) {
            const Key &key = m_keys[i];
            const double y = m_rect.center().y();
            if (key.mark == Mark::Band) {
                painter->fillRect(QRectF(x + 8, y - 4, 16, 8), key.color);
            } else {
                painter->setPen(QPen(key.color, 2, key.mark == Mark::Dash ? Qt::DashLine : Qt::SolidLine));
                painter->drawLine(QPointF(x + 8, y), QPointF(x + 24, y));
            }
            const double width = metrics.horizontalAdvance(key.text);
            painter->setPen(m_theme.mutedText);
            painter->drawText(QRectF(x + 29, m_rect.top(), width + 2, m_rect.height()),
                              Qt::AlignVCenter | Qt::AlignLeft, key.text);
            x += width + 34;
        }
    }

private:
    QRectF m_rect;
    QString m_name;
    std::vector<Key> m_keys;
    Theme m_theme;
};

} // namespace

FocusScene::FocusScene(const Analysis &analysis, FocusPlan plan, const Theme &theme, QSizeF size, const QTimeZone &zone)
    : m_analysis(analysis)
    , m_plan(std::move(plan))
    , m_theme(theme)
    , m_zone(zone)
{
    setSceneRect(QRectF(QPointF(0, 0), size));
    setBackgroundBrush(theme.ground);
    if (m_plan.panels.empty())
        return;
    m_zero = m_plan.failureTime ? m_plan.failureTime->time : m_plan.window.lo;
    m_unitSeconds = toSeconds(m_plan.window.length()) > LongWindow ? 60 : 1;
    m_scale = {m_plan.window, LeftMargin, std::max(10.0, size.width() - LeftMargin - RightMargin)};
    const double footer = QFontMetricsF(theme.smallFont).height() * 2 + 14;
    const double height = std::max(24.0, (size.height() - footer - 6) / static_cast<double>(m_plan.panels.size()));
    for (size_t i = 0; i < m_plan.panels.size(); ++i)
        addPanel(i, QRectF(0, 6 + static_cast<double>(i) * height, size.width(), height - PanelGap));
    addFooter(QRectF(LeftMargin, size.height() - QFontMetricsF(theme.smallFont).height() - 5, m_scale.width, 0));
    m_cursor = addLine(QLineF(), QPen(theme.cursor, 1.5));
    m_cursor->setZValue(20);
    m_cursor->hide();
}

double FocusScene::seconds(TimeNs time) const
{
    return toSeconds(time - m_zero) / m_unitSeconds;
}

void FocusScene::setValueRange(Panel &panel, const FocusPanel &content) const
{
    auto [lo, hi] = content.series->valueRange(m_plan.window)
                        .or_else([&] { return content.series->valueRange(); })
                        .value_or(std::pair(0.0, 1.0));
    if (content.limit && *content.limit > lo && *content.limit <= FarLimit * std::max(hi, 0.0))
        hi = std::max(hi, *content.limit);
    if (content.usual)
        lo = std::min(lo, std::max(content.usual->first, lo >= 0 ? 0.0 : content.usual->first));
    if (lo >= 0 && lo < 0.5 * hi)
        lo = 0;
    if (!(hi > lo))
        hi = lo + std::max(1.0, std::abs(lo) / 2);
    const double head = (hi - lo) * 0.08;
    panel.factor = shownUnit(content.series->unit(), std::max(std::abs(lo), std::abs(hi))).first;
    panel.lo = (lo == 0 ? 0 : lo - head) / panel.factor;
    panel.hi = (hi + head) / panel.factor;
}

void FocusScene::addPanel(size_t index, const QRectF &room)
{
    const FocusPanel &content = m_plan.panels[index];
    const double keys = QFontMetricsF(m_theme.boldFont).height() + 4;
    Panel panel;
    panel.plot = QRectF(LeftMargin, room.top() + keys, m_scale.width, std::max(8.0, room.height() - keys - 6));
    setValueRange(panel, content);
    auto *chart = new QChart;
    chart->setTheme(m_theme.dark ? QChart::ChartThemeDark : QChart::ChartThemeLight);
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setBackgroundVisible(false);
    chart->setPlotAreaBackgroundVisible(false);
    chart->legend()->hide();
    chart->setMargins({});
    addItem(chart);
    chart->setZValue(static_cast<double>(index));
    const bool isLast = index + 1 == m_plan.panels.size();
    addAxes(*chart, panel, isLast);
    addBands(*chart, content, panel);
    addLines(*chart, content, panel, index);
    const QRectF geometry = room.adjusted(0, 0, 0, 8);
    chart->setGeometry(geometry);
    chart->setPlotArea(panel.plot.translated(-geometry.topLeft()));
    // A picture is painted before the event loop gets to lay out the chart.
    chart->layout()->activate();
    addKeys(content, QRectF(LeftMargin, room.top(), m_scale.width, keys));
    m_panels.push_back(panel);
}

/// Qt Charts keeps the values; grid and labels are drawn here, because its own layout moves axes off a fixed plot area.
void FocusScene::addAxes(QChart &chart, const Panel &panel, bool isLast)
{
    auto *x = new QValueAxis;
    x->setRange(seconds(m_plan.window.lo), seconds(m_plan.window.hi));
    x->setVisible(false);
    chart.addAxis(x, Qt::AlignBottom);
    auto *y = new QValueAxis;
    y->setRange(panel.lo, panel.hi);
    y->setVisible(false);
    chart.addAxis(y, Qt::AlignLeft);

    const QColor ink = readable(m_theme.mutedText, m_theme.ground, 4.5);
    const auto grid = [this](QLineF line, const QColor &color) {
        line.translate(0.5, 0.5);
        addLine(line, QPen(color, 1))->setZValue(-1);
    };
    const auto label = [&](const QString &text, QPointF anchor, bool isBelow) {
        auto *item = addSimpleText(text, m_theme.smallFont);
        item->setBrush(ink);
        const QRectF box = item->boundingRect();
        item->setPos(isBelow ? QPointF(anchor.x() - box.width() / 2, anchor.y() + 3)
                             : QPointF(anchor.x() - box.width() - 7, anchor.y() - box.height() / 2));
    };
    const QString unit = m_unitSeconds > 1 ? tr("min") : tr("s");
    const int mostX = static_cast<int>(std::max(2.0, panel.plot.width() / 80));
    for (const double tick : valueTicks(x->min(), x->max(), mostX, {})) {
        const double share = (tick - x->min()) / (x->max() - x->min());
        const double at = std::round(panel.plot.left() + share * panel.plot.width());
        grid(QLineF(at, panel.plot.top(), at, panel.plot.bottom()), m_theme.grid);
        const QString text = QLocale().toString(tick, 'g', 6) % QChar(0x00a0) % unit;
        if (isLast)
            label(QString(text).replace(u'-', QChar(0x2212)), {at, panel.plot.bottom()}, true);
    }
    for (const double tick : panelTicks(panel.lo, panel.hi, panel.plot.height())) {
        const double share = (tick - panel.lo) / (panel.hi - panel.lo);
        const double at = std::round(panel.plot.bottom() - share * panel.plot.height());
        grid(QLineF(panel.plot.left(), at, panel.plot.right(), at), m_theme.grid);
        label(QLocale().toString(tick, 'g', 6), {panel.plot.left(), at}, false);
    }
    grid(QLineF(panel.plot.bottomLeft(), panel.plot.bottomRight()), m_theme.border);
}

void FocusScene::addBands(QChart &chart, const FocusPanel &content, const Panel &panel) const
{
    const double left = seconds(m_plan.window.lo);
    const double right = seconds(m_plan.window.hi);
    const auto clamped = [&](double value) { return std::clamp(value / panel.factor, panel.lo, panel.hi); };
    if (content.usual) {
        double bottom = clamped(content.usual->first);
        double top = clamped(content.usual->second);
        // A band thinner than a line is still a band.
        const double least = (panel.hi - panel.lo) * 3 / std::max(panel.plot.height(), 3.0);
        if (top - bottom < least) {
            const double middle = (top + bottom) / 2;
            bottom = std::max(panel.lo, middle - least / 2);
            top = std::min(panel.hi, middle + least / 2);
        }
        add(chart, band(left, right, bottom, top, Theme::shade(m_theme.baseline, m_theme.dark ? 0.3 : 0.22)));
    }
    if (content.spike >= 0) {
        const Spike &spike = m_analysis.findings->spikes[static_cast<size_t>(content.spike)];
        const double least = (right - left) * 2 / std::max(panel.plot.width(), 2.0);
        const double from = std::clamp(seconds(spike.start) - least / 2, left, right);
        const double to = std::clamp(seconds(spike.end) + least / 2, left, right);
        const bool isSaturated = spike.kind == SpikeKind::Saturation;
        const QColor color = isSaturated ? m_theme.failure : m_theme.spike;
        add(chart, band(from, to, panel.lo, panel.hi, Theme::shade(color, m_theme.dark ? 0.2 : 0.16)));
    }
    if (m_plan.failureTime && m_plan.failureTime->hi > m_plan.failureTime->lo) {
        const double from = std::clamp(seconds(m_plan.failureTime->lo), left, right);
        const double to = std::clamp(seconds(m_plan.failureTime->hi), left, right);
        add(chart, band(from, to, panel.lo, panel.hi, Theme::shade(m_theme.failure, 0.12)));
    }
}

void FocusScene::addLines(QChart &chart, const FocusPanel &content, const Panel &panel, size_t index) const
{
    const QColor color = m_theme.series(static_cast<int>(index));
    if (content.limit && *content.limit / panel.factor <= panel.hi && *content.limit / panel.factor >= panel.lo) {
        const double limit = *content.limit / panel.factor;
        add(chart, line({{seconds(m_plan.window.lo), limit}, {seconds(m_plan.window.hi), limit}},
                        QPen(m_theme.limit, 1.4, Qt::DashLine)));
    }
    size_t pieces = 0;
    for (const PlotLine &points : content.series->plot(m_scale)) {
        if (++pieces > MostPieces)
            break;
        QList<QPointF> list;
        list.reserve(static_cast<qsizetype>(points.size()));
        for (const PlotPoint &point : points)
            list.append({seconds(content.series->timeOf(point.sample)), point.value / panel.factor});
        auto *series = line(list, QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const bool isSparse =
            points.size() == 1 || (points.back().x - points.front().x) / static_cast<double>(points.size() - 1) >= 8;
        add(chart, series);
        if (isSparse) {
            series->setMarkerSize(3.5);
            series->setPointsVisible(true);
        }
    }
    if (m_plan.failureTime) {
        const double x = seconds(m_plan.failureTime->time);
        add(chart, line({{x, panel.lo}, {x, panel.hi}}, QPen(m_theme.failure, 2)));
    }
}

void FocusScene::addKeys(const FocusPanel &content, const QRectF &room)
{
    const SeriesView &view = *content.series;
    const QByteArray unit = view.unit();
    std::vector<KeyLine::Key> keys;
    if (content.spike >= 0) {
        const Spike &spike = m_analysis.findings->spikes[static_cast<size_t>(content.spike)];
        const bool isSaturated = spike.kind == SpikeKind::Saturation;
        keys.push_back({KeyLine::Mark::Band, Theme::shade(isSaturated ? m_theme.failure : m_theme.spike, 0.4),
                        QString(spikeKindText(spike.kind) % u' ' % formatValue(spike.value, unit))});
    }
    if (content.limit)
        keys.push_back({KeyLine::Mark::Dash, m_theme.limit, tr("limit %1").arg(formatValue(*content.limit, unit))});
    if (content.baseline)
        keys.push_back({KeyLine::Mark::Band, Theme::shade(m_theme.baseline, 0.4),
                        tr("usually %1").arg(formatValue(*content.baseline, unit))});
    addItem(new KeyLine(room, seriesTitle(view.series()), std::move(keys), m_theme));
    // The unit stands above the value axis.
    const double most =
        view.valueRange(m_plan.window).or_else([&] { return view.valueRange(); }).value_or(std::pair(0.0, 1.0)).second;
    auto *text = addSimpleText(
        shownUnit(unit,
                  std::max(most, content.limit.value_or(most) <= FarLimit * most ? content.limit.value_or(most) : most))
            .second,
        m_theme.smallFont);
    text->setBrush(readable(m_theme.mutedText, m_theme.ground, 4.5));
    text->setPos(LeftMargin - text->boundingRect().width() - 7, room.top() - 1);
}

void FocusScene::addFooter(const QRectF &room)
{
    const QString text =
        m_plan.failureTime
            ? tr("time from the failure at %1 %2")
                  .arg(formatTime(m_plan.failureTime->time, m_zone, NsPerMillisecond),
                       zoneName(m_plan.failureTime->time, m_zone))
            : tr("time from %1 %2").arg(formatTime(m_zero, m_zone, NsPerMillisecond), zoneName(m_zero, m_zone));
    auto *item = addSimpleText(text, m_theme.smallFont);
    item->setBrush(readable(m_theme.mutedText, m_theme.ground, 4.5));
    item->setPos(room.center().x() - item->boundingRect().width() / 2, room.top());
}

int FocusScene::panelAt(QPointF point) const
{
    for (size_t i = 0; i < m_panels.size(); ++i)
        if (m_panels[i].plot.adjusted(-2, -2, 2, 2).contains(point))
            return static_cast<int>(i);
    return -1;
}

TrackItem FocusScene::itemAt(QPointF point) const
{
    const int panel = panelAt(point);
    TrackItem item;
    if (panel < 0)
        return item;
    const FocusPanel &content = m_plan.panels[static_cast<size_t>(panel)];
    const TimeNs time = m_scale.time(point.x());
    item.series = content.series->index();
    item.source = content.series->ref().source;
    if (content.spike >= 0) {
        const Spike &spike = m_analysis.findings->spikes[static_cast<size_t>(content.spike)];
        if (m_scale.x(spike.start) - 3 <= point.x() && point.x() <= m_scale.x(spike.end) + 3) {
            item.kind = TrackItem::Kind::Spike;
            item.spike = content.spike;
            item.failure = spike.failure;
            item.time = spike.peak;
            return item;
        }
    }
    const auto sample = content.series->nearest(time);
    if (!sample)
        return {};
    item.kind = TrackItem::Kind::Sample;
    item.line = content.series->series().line;
    item.time = content.series->timeOf(*sample);
    return item;
}

QString FocusScene::toolTip(const TrackItem &item, int panel) const
{
    if (panel < 0 || item.isNull() || !item.time)
        return {};
    const SeriesView &view = *m_plan.panels[static_cast<size_t>(panel)].series;
    const auto sample = view.nearest(*item.time);
    if (!sample)
        return {};
    const QString distance = m_plan.failureTime
                                 ? QString(u" · "_s % formatDuration(*item.time - m_plan.failureTime->time, true))
                                 : QString();
    return formatValue(view.values()[*sample], view.unit()) % u" · "_s
           % formatTime(*item.time, m_zone, NsPerMillisecond * 100) % distance % u'\n' % seriesTitle(view.series());
}

void FocusScene::setTimeCursor(std::optional<TimeNs> time)
{
    if (!m_cursor)
        return;
    m_cursor->setVisible(time && m_plan.window.contains(*time));
    if (!time || m_panels.empty())
        return;
    const double x = m_scale.x(*time);
    m_cursor->setLine(QLineF(x, m_panels.front().plot.top(), x, m_panels.back().plot.bottom()));
}

} // namespace faultline
