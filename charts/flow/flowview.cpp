// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flow/flowview.h"

#include "charts/core/format.h"
#include "charts/flow/flowpainter.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QProcess>
#include <QTimer>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostDotMs = 4000;
constexpr double LeastScale = 0.15;
constexpr double MostScale = 3;
constexpr double WheelZoom = 1.25;
constexpr double FitMargin = 10;
constexpr qsizetype MostDotOutput = 32 * 1024 * 1024;

} // namespace

struct FlowView::Private {
    explicit Private(FlowView *view)
        : q(view)
        , theme(Theme::of(view->palette(), view->font()))
    {
    }

    void layOut();
    void startDot();
    void finishDot(QProcess *process);
    void setLayout(FlowLayout made);
    void stopDot();
    void fitAll();
    /// The whole where it can be read; else the cause found and the question before it, at a size that can.
    void showStory();
    void zoomAt(QPointF at, double factor);
    void keepInSight();
    int nodeAt(QPointF at) const;
    int neighbour(int key) const;
    int alongEdge(int key) const;
    void setCurrent(int node);
    QString toolTip(int node) const;
    QTransform transform() const { return QTransform(scale, 0, 0, scale, offset.x(), offset.y()); }

    FlowView *q;
    Theme theme;
    WalkedFlowchart chart;
    FlowSizes sizes;
    FlowLayout layout;
    bool useGraphviz = true;
    QProcess *dot = nullptr;
    int current = -1;
    double scale = 1;
    QPointF offset;
    bool isFitted = true; ///< Follows the widget's size until a person zooms or pans.
    bool isPanning = false;
    QPointF pressedAt;
    QPointF pressedOffset;
    int pressedNode = -1;
};

void FlowView::Private::layOut()
{
    stopDot();
    layout = {};
    if (chart.nodes.empty()) {
        q->update();
        return;
    }
    sizes = FlowSizes::of(chart, theme);
    if (useGraphviz && !dotProgram().isEmpty())
        startDot();
    else
        setLayout(layeredLayout(chart, sizes));
}

void FlowView::Private::stopDot()
{
    if (!dot)
        return;
    dot->disconnect(q);
    dot->kill();
    dot->deleteLater();
    dot = nullptr;
}

void FlowView::Private::startDot()
{
    dot = new QProcess(q);
    QProcess *process = dot;
    const auto done = [this, process] {
        if (process == dot)
            finishDot(process);
    };
    QObject::connect(process, &QProcess::finished, q, done);
    QObject::connect(process, &QProcess::errorOccurred, q, done);
    QTimer::singleShot(MostDotMs, process, [process] { process->kill(); });
    process->start(dotProgram(), {u"-Tjson"_s});
    process->write(dotSource(chart, sizes));
    process->closeWriteChannel();
}

void FlowView::Private::finishDot(QProcess *process)
{
    dot = nullptr;
    process->deleteLater();
    const bool isGood = process->error() == QProcess::UnknownError && process->exitStatus() == QProcess::NormalExit
                        && process->exitCode() == 0 && process->bytesAvailable() < MostDotOutput;
    auto made = isGood ? dotLayout(process->readAllStandardOutput(), chart, sizes) : std::unexpected(Error{});
    setLayout(made ? std::move(*made) : layeredLayout(chart, sizes));
}

void FlowView::Private::setLayout(FlowLayout made)
{
    layout = std::move(made);
    showStory();
    q->update();
    Q_EMIT q->layoutFinished();
}

void FlowView::Private::fitAll()
{
    if (layout.isEmpty())
        return;
    const QSizeF room = QSizeF(q->size()) - QSizeF(2 * FitMargin, 2 * FitMargin);
    scale = std::clamp(std::min(room.width() / layout.bounds.width(), room.height() / layout.bounds.height()),
                       LeastScale, 1.0);
    offset = QRectF(q->rect()).center() - layout.bounds.center() * scale;
    isFitted = true;
}

void FlowView::Private::showStory()
{
    constexpr double Readable = 0.7;
    fitAll();
    if (layout.isEmpty() || scale >= Readable)
        return;
    QRectF story;
    for (size_t i = 0; i < chart.nodes.size() && i < layout.nodes.size(); ++i) {
        const NodeState state = chart.nodes[i].state;
        if (state == NodeState::Confirmed || state == NodeState::Likely)
            story |= layout.nodes[i];
    }
    for (const WalkedEdge &edge : chart.edges)
        if (!story.isNull() && edge.state == EdgeState::Taken && std::cmp_less(edge.to, layout.nodes.size())
            && story.intersects(layout.nodes[static_cast<size_t>(edge.to)]))
            story |= layout.nodes[static_cast<size_t>(edge.from)];
    if (story.isNull())
        return;
    const QSizeF room = QSizeF(q->size()) - QSizeF(2 * FitMargin, 2 * FitMargin);
    scale = std::clamp(std::min(room.width() / story.width(), room.height() / story.height()), scale, Readable);
    offset = QRectF(q->rect()).center() - story.center() * scale;
}

void FlowView::Private::zoomAt(QPointF at, double factor)
{
    const double next = std::clamp(scale * factor, LeastScale, MostScale);
    offset = at - (at - offset) * (next / scale);
    scale = next;
    isFitted = false;
    keepInSight();
    q->update();
}

/// Some of the chart always stays in the widget.
void FlowView::Private::keepInSight()
{
    if (layout.isEmpty())
        return;
    const QRectF shown = transform().mapRect(layout.bounds);
    const double margin = 60;
    const double dx = std::max(0.0, margin - shown.right()) + std::min(0.0, q->width() - margin - shown.left());
    const double dy = std::max(0.0, margin - shown.bottom()) + std::min(0.0, q->height() - margin - shown.top());
    offset += QPointF(dx, dy);
}

int FlowView::Private::nodeAt(QPointF at) const
{
    const QPointF point = transform().inverted().map(at);
    for (size_t i = 0; i < layout.nodes.size(); ++i)
        if (layout.nodes[i].contains(point) && flowOutline(flowShape(chart.nodes[i]), layout.nodes[i]).contains(point))
            return static_cast<int>(i);
    return -1;
}

/// Where a key leads along the edges: forwards to what was taken before all else, backwards to where the path came from.
int FlowView::Private::alongEdge(int key) const
{
    const int forwards = chart.leftToRight ? Qt::Key_Right : Qt::Key_Down;
    const int backwards = chart.leftToRight ? Qt::Key_Left : Qt::Key_Up;
    if (key != forwards && key != backwards)
        return -1;
    const auto weight = [](EdgeState state) {
        return state == EdgeState::Taken ? 3 : state == EdgeState::Open ? 2 : state == EdgeState::NotTaken ? 1 : 0;
    };
    int best = -1;
    int most = -1;
    for (const WalkedEdge &edge : chart.edges) {
        const int here = key == forwards ? edge.from : edge.to;
        const int there = key == forwards ? edge.to : edge.from;
        if (here == current && there >= 0 && there != current && weight(edge.state) > most) {
            most = weight(edge.state);
            best = there;
        }
    }
    return best;
}

int FlowView::Private::neighbour(int key) const
{
    if (layout.isEmpty())
        return -1;
    if (current < 0)
        return 0;
    if (const int next = alongEdge(key); next >= 0)
        return next;
    const QPointF from = layout.nodes[static_cast<size_t>(current)].center();
    int best = -1;
    double least = 0;
    for (size_t i = 0; i < layout.nodes.size(); ++i) {
        const QPointF to = layout.nodes[i].center() - from;
        const double along = key == Qt::Key_Left    ? -to.x()
                             : key == Qt::Key_Right ? to.x()
                             : key == Qt::Key_Up    ? -to.y()
                                                    : to.y();
        const double aside = key == Qt::Key_Left || key == Qt::Key_Right ? std::abs(to.y()) : std::abs(to.x());
        if (along < 4)
            continue;
        const double distance = along + 2.5 * aside;
        if (best < 0 || distance < least) {
            best = static_cast<int>(i);
            least = distance;
        }
    }
    return best;
}

void FlowView::Private::setCurrent(int node)
{
    current = node;
    if (node >= 0)
        q->setAccessibleDescription(toolTip(node));
    if (node >= 0 && !layout.isEmpty()) {
        const QRectF rect = transform().mapRect(layout.nodes[static_cast<size_t>(node)]).adjusted(-12, -12, 12, 12);
        const QRectF room = q->rect();
        if (!room.contains(rect)) {
            const auto into = [](double lo, double hi, double from, double to) {
                return lo < from ? from - lo : hi > to ? std::max(to - hi, from - lo) : 0.0;
            };
            offset += QPointF(into(rect.left(), rect.right(), room.left(), room.right()),
                              into(rect.top(), rect.bottom(), room.top(), room.bottom()));
            isFitted = false;
        }
    }
    q->update();
}

QString FlowView::Private::toolTip(int node) const
{
    const WalkedNode &what = chart.nodes[static_cast<size_t>(node)];
    QString text = flowLabel(what);
    if (const QString status = flowStatus(what); !status.isEmpty())
        text += u" – "_s % status;
    if (!what.reason.isEmpty())
        text += u'\n' % shownText(what.reason.toUtf8(), 400);
    // The question is Markdown: plain enough to read as it is.
    if (const QString question = what.question.section(u"\n```"_s, 0, 0).trimmed(); !question.isEmpty())
        text += u"\n\n"_s % question.left(600);
    if (!what.rows.empty())
        text += u"\n\n"_s % FlowView::tr("rows of evidence: %1").arg(what.rows.size());
    return text;
}

FlowView::FlowView(QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Diagnosis flowchart"));
}

FlowView::~FlowView()
{
    d->stopDot();
}

void FlowView::setFlowchart(const WalkedFlowchart &chart)
{
    const bool isSame = chart.playbook == d->chart.playbook && chart.failure == d->chart.failure
                        && chart.nodes.size() == d->chart.nodes.size();
    d->chart = chart;
    if (!isSame)
        d->current = -1;
    setAccessibleDescription(chart.title);
    d->layOut();
}

void FlowView::clear()
{
    setFlowchart({});
}

const WalkedFlowchart &FlowView::flowchart() const
{
    return d->chart;
}

int FlowView::currentNode() const
{
    return d->current;
}

void FlowView::setUseGraphviz(bool use)
{
    if (use == d->useGraphviz)
        return;
    d->useGraphviz = use;
    d->layOut();
}

bool FlowView::isLaidOut() const
{
    return !d->layout.isEmpty();
}

QRectF FlowView::nodeRect(int node) const
{
    if (node < 0 || static_cast<size_t>(node) >= d->layout.nodes.size())
        return {};
    return d->transform().mapRect(d->layout.nodes[static_cast<size_t>(node)]);
}

QByteArray FlowView::renderSvg(bool dark) const
{
    return flowSvg(d->chart, d->layout, Theme::plain(dark));
}

QImage FlowView::renderImage(bool dark, double pixelRatio) const
{
    return flowImage(d->chart, d->layout, Theme::plain(dark), pixelRatio);
}

QSize FlowView::sizeHint() const
{
    return {560, 420};
}

QSize FlowView::minimumSizeHint() const
{
    return {240, 160};
}

void FlowView::setCurrentNode(int node)
{
    if (node >= -1 && node < static_cast<int>(d->chart.nodes.size()))
        d->setCurrent(node);
}

void FlowView::fit()
{
    d->fitAll();
    update();
}

void FlowView::zoomIn()
{
    d->zoomAt(QRectF(rect()).center(), WheelZoom);
}

void FlowView::zoomOut()
{
    d->zoomAt(QRectF(rect()).center(), 1 / WheelZoom);
}

bool FlowView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int node = d->nodeAt(help->pos());
    if (node < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), Qt::convertFromPlainText(d->toolTip(node), Qt::WhiteSpaceNormal), this);
    return true;
}

void FlowView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), d->theme.ground);
    if (d->layout.isEmpty()) {
        painter.setPen(readable(d->theme.mutedText, d->theme.ground, 4.5));
        painter.setFont(d->theme.font);
        painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap,
                         d->chart.nodes.empty() ? tr("No playbook was walked for this failure")
                                                : tr("Laying out the flowchart …"));
        return;
    }
    painter.setTransform(d->transform(), true);
    paintFlow(painter, d->chart, d->layout, d->theme, d->current);
    painter.resetTransform();
    if (hasFocus()) {
        painter.setPen(QPen(d->theme.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void FlowView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (d->isFitted)
        d->showStory();
    else
        d->keepInSight();
}

void FlowView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange) {
        d->theme = Theme::of(palette(), font());
        if (event->type() == QEvent::FontChange)
            d->layOut();
        update();
    }
}

void FlowView::mousePressEvent(QMouseEvent *event)
{
    d->pressedAt = event->position();
    d->pressedOffset = d->offset;
    d->pressedNode = event->button() == Qt::LeftButton ? d->nodeAt(event->position()) : -1;
    d->isPanning = false;
}

void FlowView::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & (Qt::LeftButton | Qt::MiddleButton)) {
        const QPointF moved = event->position() - d->pressedAt;
        if (!d->isPanning && moved.manhattanLength() < QApplication::startDragDistance())
            return;
        d->isPanning = true;
        d->isFitted = false;
        setCursor(Qt::ClosedHandCursor);
        d->offset = d->pressedOffset + moved;
        d->keepInSight();
        update();
        return;
    }
    setCursor(d->nodeAt(event->position()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void FlowView::mouseReleaseEvent(QMouseEvent *event)
{
    unsetCursor();
    if (std::exchange(d->isPanning, false) || event->button() != Qt::LeftButton)
        return;
    const int node = d->nodeAt(event->position());
    if (node < 0 || node != d->pressedNode)
        return;
    d->setCurrent(node);
    Q_EMIT nodeActivated(node);
}

void FlowView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (d->nodeAt(event->position()) < 0)
        fit();
}

void FlowView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const int node = isByKey ? d->current : d->nodeAt(event->pos());
    if (node < 0)
        return;
    if (!isByKey) {
        d->setCurrent(node);
        Q_EMIT nodeActivated(node);
    }
    Q_EMIT nodeMenuWanted(node, isByKey ? mapToGlobal(nodeRect(node).center().toPoint()) : event->globalPos());
}

void FlowView::wheelEvent(QWheelEvent *event)
{
    d->zoomAt(event->position(), std::pow(WheelZoom, event->angleDelta().y() / 120.0));
    event->accept();
}

void FlowView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (const int next = d->neighbour(event->key()); next >= 0)
            d->setCurrent(next);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (d->current >= 0)
            Q_EMIT nodeActivated(d->current);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return;
    case Qt::Key_Minus: zoomOut(); return;
    case Qt::Key_0:
    case Qt::Key_Home: fit(); return;
    default: QWidget::keyPressEvent(event);
    }
}

namespace {

FlowLayout laidOut(const WalkedFlowchart &chart, const Theme &theme)
{
    const FlowSizes sizes = FlowSizes::of(chart, theme);
    auto layout = chart.nodes.empty() ? FlowLayout{} : runDot(chart, sizes, MostDotMs).value_or(FlowLayout{});
    return layout.isEmpty() ? layeredLayout(chart, sizes) : layout;
}

} // namespace

QByteArray renderFlowchartSvg(const WalkedFlowchart &chart, bool dark)
{
    const Theme theme = Theme::plain(dark);
    return flowSvg(chart, laidOut(chart, theme), theme);
}

QImage renderFlowchartImage(const WalkedFlowchart &chart, bool dark, double pixelRatio)
{
    const Theme theme = Theme::plain(dark);
    return flowImage(chart, laidOut(chart, theme), theme, pixelRatio);
}

} // namespace faultline
