// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/focus/focuschart.h"

#include "charts/core/telling.h"
#include "charts/focus/focusscene.h"

#include <QBuffer>
#include <QGraphicsView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QSvgGenerator>
#include <QTextDocument>
#include <QToolTip>
#include <QVBoxLayout>

namespace faultline {

struct FocusChart::Private {
    Analysis analysis;
    int failure = -1;
    QTimeZone zone{QTimeZone::UTC};
    std::optional<TimeNs> cursor;
    FocusPlan plan;
    std::unique_ptr<FocusScene> scene;
    QGraphicsView *view = nullptr;
    QLabel *empty = nullptr;
};

FocusChart::FocusChart(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Focus chart"));
    setAccessibleDescription(tr("The most telling series around the failure"));
    d->view = new QGraphicsView(this);
    d->view->setFrameShape(QFrame::NoFrame);
    d->view->setRenderHint(QPainter::Antialiasing);
    d->view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    d->view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    d->view->setFocusPolicy(Qt::NoFocus);
    d->view->setMouseTracking(true);
    d->view->viewport()->installEventFilter(this);
    d->empty = new QLabel(tr("No metrics around this failure.\nA Prometheus query_range answer or a CSV of samples "
                             "beside the log would show them here."),
                          this);
    d->empty->setAlignment(Qt::AlignCenter);
    d->empty->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->view);
    layout->addWidget(d->empty);
    d->view->hide();
}

FocusChart::~FocusChart()
{
    d->view->setScene(nullptr);
}

void FocusChart::setAnalysis(const Analysis &analysis)
{
    d->analysis = analysis;
    replan();
}

void FocusChart::setFailure(int failure)
{
    if (failure == d->failure)
        return;
    d->failure = failure;
    replan();
}

void FocusChart::replan()
{
    const bool isKnown = d->analysis.findings
                         && (d->failure < 0 || static_cast<size_t>(d->failure) < d->analysis.findings->failures.size());
    d->plan = isKnown ? FocusPlan::of(d->analysis, d->failure) : FocusPlan{};
    d->view->setVisible(!d->plan.panels.empty());
    d->empty->setVisible(d->plan.panels.empty());
    QStringList names;
    for (const FocusPanel &panel : d->plan.panels)
        names.append(seriesTitle(panel.series->series()));
    setAccessibleDescription(names.isEmpty() ? d->empty->text() : names.join(QStringLiteral("; ")));
    rebuild();
}

void FocusChart::rebuild()
{
    auto scene = d->plan.panels.empty() ? nullptr
                                        : std::make_unique<FocusScene>(d->analysis, d->plan,
                                                                       Theme::of(palette(), font()), size(), d->zone);
    d->view->setScene(scene.get());
    d->scene = std::move(scene);
    if (d->scene)
        d->scene->setTimeCursor(d->cursor);
}

int FocusChart::failure() const
{
    return d->failure;
}

void FocusChart::setZone(const QTimeZone &zone)
{
    d->zone = zone;
    rebuild();
}

std::vector<int> FocusChart::shownSeries() const
{
    std::vector<int> result;
    for (const FocusPanel &panel : d->plan.panels)
        result.push_back(panel.series->index());
    return result;
}

QImage FocusChart::renderImage(const Analysis &analysis, int failure, QSize size, bool dark, double pixelRatio)
{
    FocusPlan plan = FocusPlan::of(analysis, failure);
    if (plan.panels.empty() || size.isEmpty())
        return {};
    FocusScene scene(analysis, std::move(plan), Theme::plain(dark), size, QTimeZone::UTC);
    QImage image(size * pixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pixelRatio);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    scene.render(&painter, QRectF(QPointF(0, 0), size), scene.sceneRect());
    return image;
}

QByteArray FocusChart::renderSvg(const Analysis &analysis, int failure, QSize size, bool dark)
{
    FocusPlan plan = FocusPlan::of(analysis, failure);
    if (plan.panels.empty() || size.isEmpty())
        return {};
    FocusScene scene(analysis, std::move(plan), Theme::plain(dark), size, QTimeZone::UTC);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(tr("Metrics around the failure"));
    QPainter painter(&generator);
    painter.setRenderHint(QPainter::Antialiasing);
    scene.render(&painter, QRectF(QPointF(0, 0), size), scene.sceneRect());
    painter.end();
    return bytes;
}

QSize FocusChart::sizeHint() const
{
    return {560, 360};
}

QSize FocusChart::minimumSizeHint() const
{
    return {240, 140};
}

void FocusChart::setTimeCursor(TimeNs time)
{
    d->cursor = time;
    if (d->scene)
        d->scene->setTimeCursor(time);
}

void FocusChart::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    rebuild();
}

void FocusChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        rebuild();
}

bool FocusChart::eventFilter(QObject *watched, QEvent *event)
{
    if (!d->scene || watched != d->view->viewport())
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::MouseButtonPress) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        setFocus(Qt::MouseFocusReason);
        if (mouse->button() == Qt::LeftButton)
            activateAt(d->view->mapToScene(mouse->position().toPoint()));
        return true;
    }
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QPointF at = d->view->mapToScene(help->pos());
        const QString text = d->scene->toolTip(d->scene->itemAt(at), d->scene->panelAt(at));
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal), this);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void FocusChart::activateAt(QPointF point)
{
    if (d->scene->panelAt(point) < 0)
        return;
    const TrackItem item = d->scene->itemAt(point);
    const TimeNs time = item.time.value_or(d->scene->scale().time(point.x()));
    setTimeCursor(time);
    Q_EMIT cursorMoved(time);
    if (!item.isNull())
        Q_EMIT itemActivated(item);
}

void FocusChart::keyPressEvent(QKeyEvent *event)
{
    if (!d->scene || (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right)) {
        QWidget::keyPressEvent(event);
        return;
    }
    // From sample to sample of the first series.
    const SeriesView &view = *d->plan.panels.front().series;
    const TimeNs from = d->cursor.value_or(d->plan.failureTime ? d->plan.failureTime->time : d->plan.window.middle());
    const auto near = view.nearest(from);
    if (!near)
        return;
    const bool forward = event->key() == Qt::Key_Right;
    if (forward ? *near + 1 >= view.values().size() : *near == 0)
        return;
    const size_t sample = view.timeOf(*near) == from || !d->cursor ? (forward ? *near + 1 : *near - 1) : *near;
    setTimeCursor(view.timeOf(sample));
    Q_EMIT cursorMoved(view.timeOf(sample));
}

} // namespace faultline
