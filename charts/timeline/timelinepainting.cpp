// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/format.h"
#include "charts/core/names.h"
#include "charts/core/timeticks.h"
#include "charts/timeline/timelineview_p.h"

#include <QBuffer>
#include <QPainter>
#include <QPainterPath>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double MostMarkShare = 0.6; ///< Of the head's width that the marks of a track take.

} // namespace

void TimelineView::Private::paint(QPainter &painter)
{
    if (tracks.isEmpty) {
        paintEmpty(painter);
        return;
    }
    const double ratio = q->viewport()->devicePixelRatioF();
    const QSize pixels = q->viewport()->size() * ratio;
    if (content.size() != pixels) {
        content = QPixmap(pixels);
        content.setDevicePixelRatio(ratio);
        isStale = areTitlesStale = true;
    }
    if (std::exchange(isStale, false)) {
        QPainter kept(&content);
        paintContent(kept);
        if (std::exchange(areTitlesStale, false))
            paintTitles(kept);
        paintHeader(kept);
    }
    painter.drawPixmap(0, 0, content);
    paintPointers(painter);
}

QByteArray TimelineView::renderSvg(const Analysis &analysis, int failure, int width, bool dark)
{
    constexpr int MostHeight = 1200;
    TimelineView view;
    view.d->theme = Theme::plain(dark);
    view.setFrameShape(QFrame::NoFrame);
    view.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view.d->showsCorner = false;
    view.setAnalysis(analysis);
    if (view.d->tracks.isEmpty)
        return {};
    view.resize(width, std::min(view.d->headerHeight() + view.d->contentHeight + 1, MostHeight));
    view.viewport()->setGeometry(view.rect()); // what is never shown is not laid out by itself
    view.d->layOut();
    view.showFailure(failure);
    view.d->selected = {};
    view.verticalScrollBar()->setValue(0);

    return view.d->renderSvg();
}

QByteArray TimelineView::Private::renderSvg()
{
    if (tracks.isEmpty)
        return {};
    const QScopedValueRollback picture(pictureHeight, wholeHeight());
    const QRect all = viewRect().toRect();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator(QSvgGenerator::SvgVersion::Svg11); // the smaller version knows no clipping
    generator.setOutputDevice(&buffer);
    generator.setSize(all.size());
    generator.setViewBox(all);
    generator.setTitle(TimelineView::tr("Timeline around the failure"));
    QPainter painter(&generator);
    painter.fillRect(all, theme.ground);
    paintAll(painter);
    painter.end();
    return bytes;
}

QImage TimelineView::Private::renderImage(double pixelRatio)
{
    if (tracks.isEmpty)
        return {};
    const QScopedValueRollback picture(pictureHeight, wholeHeight());
    QImage image((viewRect().size() * pixelRatio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pixelRatio);
    image.fill(theme.ground);
    QPainter painter(&image);
    paintAll(painter);
    return image;
}

/// All but what follows the pointer: kept, so that a moving pointer costs next to nothing.
void TimelineView::Private::paintAll(QPainter &painter) const
{
    paintContent(painter);
    paintTitles(painter);
    paintHeader(painter);
}

void TimelineView::Private::paintContent(QPainter &painter) const
{
    const QRectF plot = visiblePlot();
    const TrackContext context{scale(), theme, axis->zone(), selected};
    painter.fillRect(plotRect(), theme.ground);
    painter.save();
    painter.setClipRect(plot);
    for (size_t i = rows.size(); i-- > 0;) { // pinned ones come first and lie over the others
        const QRectF rect = rowRect(rows[i]);
        if (rect.bottom() < plot.top() || rect.top() > plot.bottom())
            continue;
        painter.fillRect(rect, i % 2 == 1 ? theme.stripe : theme.ground);
    }
    const TimeTicks shown = ticks();
    for (const TimeTick &tick : shown.ticks) {
        painter.setPen(QPen(tick.isDay ? theme.border : theme.grid, 1));
        const double x = std::round(context.scale.x(tick.time)) + 0.5;
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
    for (size_t i = 0; i < rows.size(); ++i)
        paintRow(painter, rows[i], i, context, &Track::paint);
    painter.setClipRect(plot); // said anew, since QSvgGenerator forgets what restore() brings back
    tracks.failures.paintLines(painter, plot, context);
    // Words lie over the lines.
    for (size_t i = 0; i < rows.size(); ++i)
        paintRow(painter, rows[i], i, context, &Track::paintLabels);
    painter.setClipRect(plot);
    if (pinnedHeight > 0) {
        painter.setPen(QPen(theme.border, 1));
        painter.drawLine(QPointF(plot.left(), plot.top() + pinnedHeight - 0.5),
                         QPointF(plot.right(), plot.top() + pinnedHeight - 0.5));
    }
    notes.paintLines(painter, plot, context.scale, theme);
    painter.restore();
}

void TimelineView::Private::paintRow(QPainter &painter, const Row &row, size_t index, const TrackContext &context,
                                     PaintTrack what) const
{
    const QRectF rect = rowRect(row);
    const QRectF room = rect.intersected(row.isPinned ? visiblePlot() : visiblePlot().intersected(scrolledRect()));
    if (room.height() <= 0)
        return;
    painter.save();
    painter.setClipRect(room);
    if (row.track) {
        TrackContext inRow = context;
        inRow.ground = index % 2 == 1 ? theme.stripe : theme.ground;
        (row.track->*what)(painter, rect, inRow);
    }
    painter.setPen(QPen(theme.grid, 1));
    painter.drawLine(QPointF(rect.left(), rect.bottom() - 0.5), QPointF(rect.right(), rect.bottom() - 0.5));
    painter.restore();
}

void TimelineView::Private::paintTitles(QPainter &painter) const
{
    const QRectF column(0, headerHeight(), titleWidth(), viewRect().height() - headerHeight());
    painter.save();
    painter.setClipRect(column);
    painter.fillRect(column, theme.panel);
    for (size_t i = 0; i < rows.size(); ++i) {
        const QRectF track = rowRect(rows[i]);
        const QRectF rect(0, track.top(), titleWidth(), track.height());
        const QRectF room = rect.intersected(rows[i].isPinned ? column : column.adjusted(0, pinnedHeight, 0, 0));
        if (room.height() <= 0)
            continue;
        painter.setClipRect(room);
        paintTitle(painter, rows[i], rect, static_cast<int>(i));
    }
    painter.setClipRect(column);
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(QPointF(titleWidth() - 0.5, column.top()), QPointF(titleWidth() - 0.5, column.bottom()));
    if (pinnedHeight > 0)
        painter.drawLine(QPointF(0, column.top() + pinnedHeight - 0.5),
                         QPointF(titleWidth(), column.top() + pinnedHeight - 0.5));
    painter.restore();
}

void TimelineView::Private::paintTitle(QPainter &painter, const Row &row, const QRectF &rect, int index) const
{
    const bool isCurrent = index == currentRow && q->hasFocus();
    if (isCurrent) {
        painter.fillRect(rect, mixed(theme.panel, theme.accent, 0.1));
        painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height() - 1), theme.accent);
    }
    painter.setPen(QPen(theme.grid, 1));
    painter.drawLine(QPointF(rect.left(), rect.bottom() - 0.5), QPointF(rect.right(), rect.bottom() - 0.5));
    const QRectF room = rect.adjusted(10, 4, -8, -4);
    if (!row.track) {
        const QString text = QString(isFolded ? QChar(0x25b8) : QChar(0x25be)) % u' '
                             % (isFolded ? TimelineView::tr("%n more series", nullptr, moreSeries)
                                         : TimelineView::tr("Fold %n series", nullptr, moreSeries));
        painter.setFont(theme.font);
        painter.setPen(readable(theme.accent, theme.panel, 4.5));
        painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft, text);
        return;
    }
    // The values of the track's axis stand at the right; each line of text takes what they leave at its own height.
    const QFontMetricsF small(theme.smallFont);
    std::vector<QRectF> marks;
    painter.setFont(theme.smallFont);
    painter.setPen(theme.mutedText);
    double lastY = 1e9;
    for (const TrackMark &mark : row.track->marks(rowRect(row))) {
        const double y = std::clamp(mark.y, rect.top() + small.height() / 2, rect.bottom() - small.height() / 2);
        if (lastY - y < small.height() * 0.95)
            continue;
        lastY = y;
        const QString text = small.elidedText(mark.text, Qt::ElideMiddle, rect.width() * MostMarkShare);
        const double wide = small.horizontalAdvance(text) + 6;
        marks.emplace_back(rect.right() - 6 - wide, y - small.height() / 2, wide, small.height());
        painter.drawText(marks.back(), Qt::AlignRight | Qt::AlignVCenter, text);
    }
    const auto widthAt = [&](double top, double height) {
        double right = room.right();
        for (const QRectF &mark : marks)
            if (mark.top() < top + height - 2 && mark.bottom() > top + 2)
                right = std::min(right, mark.left());
        return right - room.left();
    };
    const QFontMetricsF bold(theme.boldFont);
    const bool isTall = rect.height() >= bold.height() + small.height() + 4;
    const double block = bold.height() + (isTall ? small.height() : 0);
    // Tall tracks carry their name at the top, where the eye starts; low ones in the middle.
    double top = rect.height() > 60 ? room.top() + 2 : rect.center().y() - block / 2;
    painter.setFont(theme.boldFont);
    painter.setPen(theme.text);
    const QString title = row.known >= 0 && arrangement.isPinned(known[row.known].key)
                              ? QString(QChar(0x2191) % u' ' % row.track->title())
                              : row.track->title();
    // A long name takes the room of its labels: it tells more than they do.
    const double second = isTall && rect.height() > 60 ? widthAt(top + bold.height(), bold.height()) : 0;
    for (const QString &line : nameLines(title, bold, widthAt(top, bold.height()), second)) {
        painter.drawText(QRectF(room.left(), top, room.width(), bold.height()), Qt::AlignVCenter | Qt::AlignLeft, line);
        top += bold.height();
    }
    if (!isTall)
        return;
    painter.setFont(theme.smallFont);
    painter.setPen(theme.mutedText);
    for (const QString &line : row.track->subtitle().split(u'\n')) {
        if (top + small.height() > rect.bottom() - 2)
            break;
        const double width = widthAt(top, small.height());
        painter.drawText(QRectF(room.left(), top, width, small.height()), Qt::AlignVCenter | Qt::AlignLeft,
                         small.elidedText(line, Qt::ElideRight, width));
        top += small.height();
    }
}

void TimelineView::Private::paintHeader(QPainter &painter) const
{
    const QRectF header(0, 0, q->viewport()->width(), headerHeight());
    painter.fillRect(header, theme.panel);
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(QPointF(0, header.bottom() - 0.5), QPointF(header.right(), header.bottom() - 0.5));
    painter.drawLine(QPointF(titleWidth() - 0.5, 0), QPointF(titleWidth() - 0.5, header.bottom()));
    paintOverview(painter);
    paintTicks(painter);
    painter.save();
    painter.setClipRect(flagRect().adjusted(-2, 0, 0, 0));
    tracks.failures.paintFlags(painter, flagRect(), {scale(), theme, axis->zone(), selected});
    painter.restore();
    notes.paintPins(painter, tickRect(), scale(), theme);
}

void TimelineView::Private::paintTicks(QPainter &painter) const
{
    const TimeScale scale = this->scale();
    const TimeTicks ticks = this->ticks();
    const QRectF row = tickRect();
    const QFontMetricsF metrics(theme.smallFont);
    painter.setFont(theme.smallFont);
    painter.setPen(theme.mutedText);
    if (corner->isHidden() || pictureHeight > 0) // else the corner says so itself
        painter.drawText(QRectF(10, row.top(), titleWidth() - 20, row.height()), Qt::AlignVCenter | Qt::AlignLeft,
                         metrics.elidedText(ticks.context, Qt::ElideRight, titleWidth() - 20));
    for (const TimeTick &tick : ticks.ticks) {
        const double x = scale.x(tick.time);
        painter.setPen(QPen(theme.border, 1));
        painter.drawLine(QPointF(std::round(x) + 0.5, row.bottom() - 5), QPointF(std::round(x) + 0.5, row.bottom()));
        const double width = metrics.horizontalAdvance(tick.label) + 4;
        const double left = std::clamp(x - width / 2, row.left() + 1, std::max(row.left() + 1, row.right() - width));
        if (std::abs(left + width / 2 - x) > width / 2)
            continue;
        painter.setPen(tick.isDay ? theme.text : theme.mutedText);
        painter.drawText(QRectF(left, row.top(), width, row.height() - 5), Qt::AlignCenter, tick.label);
    }
}

void TimelineView::Private::paintOverview(QPainter &painter) const
{
    const QRectF strip = overviewRect();
    const TimeScale full = overviewScale();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(theme.panel, theme.text, 0.1));
    painter.drawRoundedRect(strip, 3, 3);
    const double left = full.x(axis->visible().lo);
    const double right = std::max(full.x(axis->visible().hi), left + 6);
    const QRectF window(left, strip.top(), right - left, strip.height());
    painter.setBrush(Theme::shade(theme.accent, 0.35));
    painter.setPen(QPen(theme.accent, 1));
    painter.drawRoundedRect(window.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    tracks.failures.paintTicks(painter, strip, full, theme);
}

void TimelineView::Private::paintPointers(QPainter &painter) const
{
    const QRectF plot = visiblePlot();
    const TimeScale scale = this->scale();
    painter.save();
    painter.setClipRect(QRectF(plot.left(), 0, plot.width(), q->viewport()->height()));
    paintRange(painter, plot);
    if (const auto cursor = axis->cursor(); cursor && axis->visible().contains(*cursor)) {
        const double x = std::round(scale.x(*cursor)) + 0.5;
        painter.setPen(QPen(theme.cursor, 1.5));
        painter.drawLine(QPointF(x, tickRect().bottom() - 5), QPointF(x, plot.bottom()));
        if (!hover)
            paintTimeChip(painter, *cursor, theme.cursor, Theme::textOn(theme.cursor), true);
    }
    if (hover && drag != Drag::Pan && drag != Drag::Overview) {
        const double x = std::round(scale.x(*hover)) + 0.5;
        painter.setPen(QPen(theme.mutedText, 1, Qt::DotLine));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        painter.setClipRect(plot);
        const TrackContext context{scale, theme, axis->zone(), selected};
        for (const Row &row : rows) {
            const QRectF rect = rowRect(row);
            const QRectF room = plot.intersected(row.isPinned ? plotRect() : scrolledRect());
            if (!row.track || rect.bottom() <= room.top() || rect.top() >= room.bottom())
                continue;
            painter.setClipRect(room);
            row.track->paintReadout(painter, rect, context, *hover);
        }
        painter.setClipRect(QRectF(plot.left(), 0, plot.width(), q->viewport()->height()));
        paintTimeChip(painter, *hover, theme.tooltipGround, theme.tooltipText, true);
    }
    painter.restore();
}

/// The chosen range, and what lies between its ends: how long it is.
void TimelineView::Private::paintRange(QPainter &painter, const QRectF &plot) const
{
    const auto range = axis->selection();
    if (!range)
        return;
    const TimeScale scale = this->scale();
    const double left = scale.x(range->lo);
    const QRectF band(left, plot.top(), scale.x(range->hi) - left, plot.height());
    painter.fillRect(band, Theme::shade(theme.accent, 0.16));
    painter.setPen(QPen(theme.accent, 1));
    painter.drawLine(band.topLeft(), band.bottomLeft());
    painter.drawLine(band.topRight(), band.bottomRight());
    const QString text = formatDuration(range->length());
    const QFontMetricsF metrics(theme.smallFont);
    const double width = metrics.horizontalAdvance(text) + 14;
    const double middle = (std::max(band.left(), plot.left()) + std::min(band.right(), plot.right())) / 2;
    if (middle < plot.left() || middle > plot.right())
        return;
    const QRectF row = tickRect();
    const QRectF chip(
        std::clamp(middle - width / 2, plot.left() + 1, std::max(plot.left() + 1, plot.right() - width - 1)),
        row.top() + 1, width, row.height() - 3);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.panel, 1));
    painter.setBrush(theme.accent);
    painter.drawRoundedRect(chip, 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(theme.smallFont);
    painter.setPen(Theme::textOn(theme.accent));
    painter.drawText(chip, Qt::AlignCenter, text);
}

/// A moment in the axis row, with its distance to the failure that is looked at.
void TimelineView::Private::paintTimeChip(QPainter &painter, TimeNs time, const QColor &ground, const QColor &text,
                                          bool withDistance) const
{
    const double perPixel = scale().nsPerPixel();
    DurationNs resolution = NsPerSecond;
    while (resolution > 1 && static_cast<double>(resolution) > perPixel * 2)
        resolution /= 10;
    const auto origin = axis->origin();
    QString label = origin ? sinceLabel(time - *origin, resolution) : formatTime(time, axis->zone(), resolution);
    if (const auto moment = failureMoment(); moment && withDistance && !origin) {
        const DurationNs away = time - *moment;
        label += u"  "_s
                 % (away == 0  ? TimelineView::tr("at the failure")
                    : away < 0 ? TimelineView::tr("%1 before the failure").arg(formatDuration(-away))
                               : TimelineView::tr("%1 after the failure").arg(formatDuration(away)));
    }
    const QFontMetricsF metrics(theme.smallFont);
    const QRectF row = tickRect();
    const double width = metrics.horizontalAdvance(label) + 14;
    const double left =
        std::clamp(scale().x(time) - width / 2, row.left() + 1, std::max(row.left() + 1, row.right() - width - 1));
    const QRectF chip(left, row.top() + 1, width, row.height() - 3);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.panel, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(chip, 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(theme.smallFont);
    painter.setPen(text);
    painter.drawText(chip, Qt::AlignCenter, label);
}

void TimelineView::Private::paintEmpty(QPainter &painter) const
{
    painter.fillRect(q->viewport()->rect(), theme.ground);
    const bool isOpen = analysis.evidence && !analysis.evidence->sources.empty();
    const QString head =
        isOpen ? TimelineView::tr("Nothing here has a place in time") : TimelineView::tr("No case is open");
    const QString body =
        isOpen ? TimelineView::tr("None of the sources could be placed on the time axis. Their clocks can be set by "
                                  "hand in the list of sources.")
               : TimelineView::tr("The steps, events and metrics of a failed run appear here on one time axis.");
    const QRectF room = QRectF(q->viewport()->rect()).adjusted(24, 24, -24, -24);
    const QFontMetricsF bold(theme.boldFont);
    const double top = room.center().y() - bold.height();
    painter.setFont(theme.boldFont);
    painter.setPen(theme.text);
    painter.drawText(QRectF(room.left(), top, room.width(), bold.height()), Qt::AlignCenter, head);
    painter.setFont(theme.font);
    painter.setPen(readable(theme.mutedText, theme.ground, 4.5));
    painter.drawText(QRectF(room.left(), top + bold.height() + 6, room.width(), room.height() / 2),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, body);
}

} // namespace faultline
