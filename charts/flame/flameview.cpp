// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flame/flameview.h"

#include "charts/core/format.h"

#include <QBuffer>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QSvgGenerator>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double RowHeight = 20;
constexpr double LeastWidth = 1.0; // pixels
constexpr double LeastText = 28;

int depthOf(const std::vector<FlameBox> &boxes)
{
    return boxes.empty() ? 0 : std::ranges::max_element(boxes, {}, &FlameBox::depth)->depth + 1;
}

QString percent(double share)
{
    return QLocale().toString(share * 100, 'f', share < 0.0995 ? 1 : 0) + u" %"_s;
}

} // namespace

QString profileValueText(double value, const QByteArray &unit)
{
    if (unit == "nanoseconds")
        return formatDuration(static_cast<DurationNs>(value));
    if (unit == "microseconds")
        return formatDuration(static_cast<DurationNs>(value * 1e3));
    if (unit == "milliseconds")
        return formatDuration(static_cast<DurationNs>(value * 1e6));
    if (unit == "bytes")
        return formatValue(value, "bytes");
    return QLocale().toString(value, 'g', 6);
}

FlameView::FlameView(QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_theme(Theme::of(palette(), font()))
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Flame graph"));
}

void FlameView::setTree(FlameTree tree, const QByteArray &unit)
{
    m_tree = std::move(tree);
    m_unit = unit;
    m_zoomed = 0;
    m_current = 0;
    setSearch(m_search);
    verticalScrollBar()->setValue(0);
    layOut();
}

void FlameView::setSearch(const QString &text)
{
    m_search = text;
    m_isFound.assign(m_tree.functions().size(), false);
    for (size_t i = 0; !text.isEmpty() && i < m_isFound.size(); ++i)
        m_isFound[i] = QString::fromUtf8(m_tree.functions()[i]).contains(text, Qt::CaseInsensitive);
    viewport()->update();
}

void FlameView::layOut()
{
    const double width = std::max(1, viewport()->width());
    m_boxes = layOutFlames(m_tree, m_zoomed, LeastWidth / width);
    const int height = static_cast<int>(depthOf(m_boxes) * RowHeight) + 1;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(static_cast<int>(RowHeight));
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    viewport()->update();
}

void FlameView::zoomTo(int node)
{
    if (m_tree.isEmpty() || node < 0 || std::cmp_greater_equal(node, m_tree.nodes().size()))
        return;
    m_zoomed = node;
    setCurrent(node);
    layOut();
    Q_EMIT zoomChanged(node);
}

void FlameView::zoomOut()
{
    if (!m_tree.isEmpty() && m_zoomed > 0)
        zoomTo(m_tree.node(m_zoomed).parent);
}

QColor FlameView::fillOf(int node, const Theme &theme) const
{
    const FlameTree::Node &at = m_tree.node(node);
    if (node == 0)
        return theme.tint(theme.mutedText, 0.18);
    if (m_isFound[static_cast<size_t>(at.function)])
        return theme.tint(theme.accent, 0.75);
    if (m_tree.isDifference()) {
        // More is warm, less is cool; how much, by how strongly it is coloured.
        const double change = at.total - at.before;
        const double share = std::min(1.0, std::abs(change) / std::max({at.total, at.before, 1e-300}));
        return theme.tint(change >= 0 ? theme.series(1) : theme.series(0), 0.08 + 0.5 * share);
    }
    const size_t hash = qHash(m_tree.functions()[static_cast<size_t>(at.function)], 7);
    return theme.tint(theme.series(1), 0.20 + 0.30 * static_cast<double>(hash % 97) / 97);
}

QString FlameView::labelOf(int node) const
{
    if (node == 0)
        return tr("all, %1").arg(profileValueText(m_tree.total(), m_unit));
    return shownText(m_tree.name(node));
}

void FlameView::paint(QPainter &painter, const Theme &theme, double width, double top) const
{
    const QFontMetricsF metrics(theme.smallFont);
    painter.setFont(theme.smallFont);
    const auto zoomed = std::ranges::find(m_boxes, m_zoomed, &FlameBox::node);
    const int zoomedDepth = zoomed == m_boxes.end() ? 0 : zoomed->depth;
    for (const FlameBox &box : m_boxes) {
        const QRectF rect(box.from * width, box.depth * RowHeight - top, box.width * width, RowHeight);
        if (rect.bottom() < 0 || rect.top() > painter.viewport().height())
            continue;
        const QColor fill = fillOf(box.node, theme);
        const QRectF inner = rect.adjusted(0, 0, rect.width() > 3 ? -1 : 0, -1);
        painter.fillRect(inner, fill);
        if (rect.width() >= LeastText) {
            painter.setPen(box.depth < zoomedDepth ? theme.mutedText : readable(theme.text, fill, 4.5));
            const QString text = metrics.elidedText(labelOf(box.node), Qt::ElideRight, rect.width() - 8);
            painter.drawText(inner.adjusted(4, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
        }
        if (box.node == m_current && hasFocus()) {
            painter.setPen(QPen(theme.accent, 2));
            painter.drawRect(inner.adjusted(1, 1, -1, -1));
        }
    }
}

void FlameView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_theme.ground);
    if (m_tree.isEmpty()) {
        painter.setPen(m_theme.mutedText);
        painter.setFont(m_theme.font);
        painter.drawText(viewport()->rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("This profile tells no call paths."));
        return;
    }
    paint(painter, m_theme, viewport()->width(), verticalScrollBar()->value());
}

QImage FlameView::renderImage(bool dark, int width, double pixelRatio) const
{
    const int height = static_cast<int>(std::max(1, depthOf(m_boxes)) * RowHeight);
    QImage image(QSize(width, height) * pixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pixelRatio);
    const Theme theme = Theme::plain(dark);
    image.fill(theme.ground);
    QPainter painter(&image);
    paint(painter, theme, width, 0);
    return image;
}

QByteArray FlameView::renderSvg(bool dark, int width) const
{
    const int height = static_cast<int>(std::max(1, depthOf(m_boxes)) * RowHeight);
    const Theme theme = Theme::plain(dark);
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize({width, height});
    generator.setViewBox(QRect(0, 0, width, height));
    generator.setTitle(tr("Flame graph"));
    QPainter painter(&generator);
    painter.fillRect(QRect(0, 0, width, height), theme.ground);
    paint(painter, theme, width, 0);
    painter.end();
    return buffer.data();
}

QRectF FlameView::boxRect(int node) const
{
    const auto found = std::ranges::find(m_boxes, node, &FlameBox::node);
    if (found == m_boxes.end())
        return {};
    const double width = viewport()->width();
    return {found->from * width, found->depth * RowHeight - verticalScrollBar()->value(), found->width * width,
            RowHeight};
}

int FlameView::nodeAt(QPointF position) const
{
    const int depth = static_cast<int>(std::floor((position.y() + verticalScrollBar()->value()) / RowHeight));
    const double share = position.x() / std::max(1, viewport()->width());
    const auto found = std::ranges::find_if(m_boxes, [&](const FlameBox &box) {
        return box.depth == depth && share >= box.from && share < box.from + box.width;
    });
    return found == m_boxes.end() ? -1 : found->node;
}

QString FlameView::toolTip(int node) const
{
    const FlameTree::Node &at = m_tree.node(node);
    const double whole = std::max(m_tree.total(), 1e-300);
    QString text =
        "<p style='white-space:pre'><b>"_L1 % labelOf(node).toHtmlEscaped() % "</b></p><p>"_L1
        % tr("%1, %2 of all; itself %3")
              .arg(profileValueText(at.total, m_unit), percent(at.total / whole), profileValueText(at.self, m_unit));
    if (m_tree.isDifference())
        text += "<br>"_L1 % tr("before: %1").arg(profileValueText(at.before, m_unit));
    return text % "</p>"_L1;
}

bool FlameView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        if (const int node = nodeAt(help->pos()); node >= 0)
            QToolTip::showText(help->globalPos(), toolTip(node), viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void FlameView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void FlameView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_theme = Theme::of(palette(), font());
        viewport()->update();
    }
}

void FlameView::mousePressEvent(QMouseEvent *event)
{
    const int node = nodeAt(event->position());
    if (event->button() != Qt::LeftButton || node < 0) {
        QAbstractScrollArea::mousePressEvent(event);
        return;
    }
    zoomTo(node);
    if (node > 0)
        Q_EMIT functionActivated(m_tree.name(node));
}

void FlameView::setCurrent(int node)
{
    m_current = node;
    if (node > 0)
        setAccessibleDescription(labelOf(node));
    if (const QRectF rect = boxRect(node); !rect.isNull()) {
        const int top = static_cast<int>(rect.top());
        const int bottom = static_cast<int>(rect.bottom()) - viewport()->height();
        if (top < 0)
            verticalScrollBar()->setValue(verticalScrollBar()->value() + top);
        else if (bottom > 0)
            verticalScrollBar()->setValue(verticalScrollBar()->value() + bottom);
    }
    viewport()->update();
}

int FlameView::neighbour(int key) const
{
    const FlameTree::Node &at = m_tree.node(m_current);
    switch (key) {
    case Qt::Key_Up: return at.parent >= 0 ? at.parent : m_current;
    case Qt::Key_Down: return at.childCount > 0 ? at.firstChild : m_current;
    default: break;
    }
    const auto here = std::ranges::find(m_boxes, m_current, &FlameBox::node);
    if (here == m_boxes.end())
        return m_current;
    if (key == Qt::Key_Left)
        return here != m_boxes.begin() && std::prev(here)->depth == here->depth ? std::prev(here)->node : m_current;
    const auto next = std::next(here);
    return next != m_boxes.end() && next->depth == here->depth ? next->node : m_current;
}

void FlameView::keyPressEvent(QKeyEvent *event)
{
    if (m_tree.isEmpty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (const int next = neighbour(event->key()); !boxRect(next).isNull())
            setCurrent(next);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        zoomTo(m_current);
        if (m_current > 0)
            Q_EMIT functionActivated(m_tree.name(m_current));
        return;
    case Qt::Key_Backspace:
    case Qt::Key_Escape: zoomOut(); return;
    case Qt::Key_Home: zoomTo(0); return;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

} // namespace faultline
