// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flow/flowview_p.h"

#include "charts/core/format.h"

#include <QProcess>
#include <QPushButton>
#include <QTimer>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostDotMs = 4000;
constexpr double LeastScale = 0.15;
constexpr double MostScale = 3;
constexpr double FitMargin = 10;
constexpr double ReadableScale = 0.7;
constexpr qsizetype MostDotOutput = 32 * 1024 * 1024;

} // namespace

FlowView::Private::Private(FlowView *view)
    : q(view)
    , theme(Theme::of(view->palette(), view->font()))
{
}

void FlowView::Private::layOut()
{
    stopDot();
    layout = whole = told = {};
    tellsStory = tellsStory && followed == Follow::Nothing;
    story = flowStory(chart);
    if (chart.nodes.empty()) {
        arrange();
        q->update();
        return;
    }
    layOutNext();
}

/// The whole first, then the story where that is less.
void FlowView::Private::layOutNext()
{
    const WalkedFlowchart &what = whole.isEmpty() ? chart : story.chart;
    const FlowSizes sizes = FlowSizes::of(what, theme);
    if (useGraphviz && !dotProgram().isEmpty())
        startDot(what, sizes);
    else
        takeLayout(layeredLayout(what, sizes));
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

void FlowView::Private::startDot(const WalkedFlowchart &what, const FlowSizes &sizes)
{
    dot = new QProcess(q);
    QProcess *process = dot;
    const auto done = [this, process, what, sizes] {
        if (process == dot)
            finishDot(process, what, sizes);
    };
    QObject::connect(process, &QProcess::finished, q, done);
    QObject::connect(process, &QProcess::errorOccurred, q, done);
    QTimer::singleShot(MostDotMs, process, [process] { process->kill(); });
    process->start(dotProgram(), {u"-Tjson"_s});
    process->write(dotSource(what, sizes));
    process->closeWriteChannel();
}

void FlowView::Private::finishDot(QProcess *process, const WalkedFlowchart &what, const FlowSizes &sizes)
{
    dot = nullptr;
    process->deleteLater();
    const bool isGood = process->error() == QProcess::UnknownError && process->exitStatus() == QProcess::NormalExit
                        && process->exitCode() == 0 && process->bytesAvailable() < MostDotOutput;
    auto made = isGood ? dotLayout(process->readAllStandardOutput(), what, sizes) : std::unexpected(Error{});
    takeLayout(made ? std::move(*made) : layeredLayout(what, sizes));
}

void FlowView::Private::takeLayout(FlowLayout made)
{
    if (whole.isEmpty()) {
        whole = std::move(made);
        if (!whole.isEmpty() && !story.isWhole()) {
            layOutNext();
            return;
        }
    } else {
        told = spreadOverWhole(story, made);
    }
    tellsStory = tellsStory && !told.isEmpty();
    layout = tellsStory ? told : whole;
    arrange();
    if (current >= 0)
        setCurrent(current);
    q->update();
    Q_EMIT q->layoutFinished();
}

QRectF FlowView::Private::room() const
{
    const double foot = told.isEmpty() ? 0 : more->sizeHint().height() + FitMargin;
    return QRectF(q->rect()).adjusted(FitMargin, FitMargin, -FitMargin, -FitMargin - foot);
}

/// At which a layout has room in the widget, however small that is; never above 1.
double FlowView::Private::fitScale(const FlowLayout &what) const
{
    const QSizeF size = room().size().expandedTo({10, 10});
    return std::min(
        {size.width() / std::max(what.bounds.width(), 1.0), size.height() / std::max(what.bounds.height(), 1.0), 1.0});
}

void FlowView::Private::showWhole()
{
    tellsStory = false;
    layout = whole;
    scale = fitScale(layout);
    offset = room().center() - layout.bounds.center() * scale;
}

void FlowView::Private::showStory()
{
    showWhole();
    if (scale >= ReadableScale)
        return;
    if (!told.isEmpty()) {
        tellsStory = true;
        layout = told;
    }
    scale = std::max(fitScale(layout), ReadableScale);
    // What is longer than the widget begins with the start of the walk.
    const QRectF shown(layout.bounds.topLeft() * scale, layout.bounds.size() * scale);
    const int start = flowStart(chart);
    const QRectF first = start < 0 ? QRectF() : layout.nodes[static_cast<size_t>(start)];
    const QPointF middle = (first.isEmpty() ? layout.bounds.center() : first.center()) * scale;
    const auto place = [](double lo, double length, double from, double to, double wanted) {
        if (length <= to - from)
            return (from + to - length) / 2 - lo;
        return std::clamp((from + to) / 2 - wanted, to - (lo + length), from - lo);
    };
    const QRectF within = room();
    offset = {place(shown.left(), shown.width(), within.left(), within.right(), middle.x()),
              place(shown.top(), shown.height(), within.top(), within.bottom(), middle.y())};
}

void FlowView::Private::follow(Follow what)
{
    followed = what;
    arrange();
    q->update();
}

void FlowView::Private::arrange()
{
    if (!layout.isEmpty()) {
        if (followed == Follow::Story)
            showStory();
        else if (followed == Follow::Whole)
            showWhole();
        else
            keepInSight();
    }
    placeMore();
}

/// The button that says what is left out, or leads back to the story.
void FlowView::Private::placeMore()
{
    const bool isWanted = !layout.isEmpty() && !told.isEmpty() && (tellsStory || fitScale(whole) < ReadableScale);
    more->setVisible(isWanted);
    if (!isWanted)
        return;
    more->setText(tellsStory ? FlowView::tr("Show all %n steps", nullptr, static_cast<int>(chart.nodes.size()))
                             : FlowView::tr("Only the path walked"));
    more->setToolTip(tellsStory ? FlowView::tr("What is open, ruled out or was not reached is left out")
                                : FlowView::tr("Leaves out what does not lead to a cause that was found"));
    more->adjustSize();
    more->move(static_cast<int>(FitMargin), q->height() - more->height() - static_cast<int>(FitMargin));
}

void FlowView::Private::zoomAt(QPointF at, double factor)
{
    const double least = layout.isEmpty() ? LeastScale : std::min(LeastScale, fitScale(layout));
    const double next = std::clamp(scale * factor, least, MostScale);
    offset = at - (at - offset) * (next / scale);
    scale = next;
    followed = Follow::Nothing;
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
        if (here == current && there >= 0 && there != current && isShown(there) && weight(edge.state) > most) {
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
    if (current < 0 || !isShown(current))
        return std::max(0, flowStart(chart));
    if (const int next = alongEdge(key); next >= 0)
        return next;
    const QPointF from = layout.nodes[static_cast<size_t>(current)].center();
    int best = -1;
    double least = 0;
    for (size_t i = 0; i < layout.nodes.size(); ++i) {
        if (!isShown(static_cast<int>(i)))
            continue;
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
        if (!isShown(node)) {
            // Asked for by name: the whole comes, at a size at which this one can be read.
            showWhole();
            scale = std::max(scale, ReadableScale);
            offset = QRectF(q->rect()).center() - layout.nodes[static_cast<size_t>(node)].center() * scale;
            followed = Follow::Nothing;
            placeMore();
        }
        const QRectF rect = transform().mapRect(layout.nodes[static_cast<size_t>(node)]).adjusted(-12, -12, 12, 12);
        const QRectF room = q->rect();
        if (!room.contains(rect)) {
            const auto into = [](double lo, double hi, double from, double to) {
                return lo < from ? from - lo : hi > to ? std::max(to - hi, from - lo) : 0.0;
            };
            offset += QPointF(into(rect.left(), rect.right(), room.left(), room.right()),
                              into(rect.top(), rect.bottom(), room.top(), room.bottom()));
            followed = Follow::Nothing;
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

} // namespace faultline
