// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/sourcesdelegate.h"

#include "app/settings/icons.h"
#include "app/shell/badge.h"
#include "models/placement/placement.h"
#include "models/views/sourcesmodel.h"

#include <QLocale>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int AboveSource = 5;
constexpr int IconSize = 16;

bool isSource(const QModelIndex &index)
{
    return index.data(SourcesModel::ItemRole).toInt() == static_cast<int>(SourcesModel::Item::Source);
}

QFont nameFont(const QFont &base)
{
    QFont font = base;
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont detailFont(const QFont &base)
{
    QFont font = base;
    font.setPointSizeF(base.pointSizeF() * 0.92);
    return font;
}

/// Why a source's clock stands where it does; what the source states itself needs no reason.
QString clockReason(const QModelIndex &index)
{
    if (index.data(SourcesModel::ClockHowRole).toInt() == static_cast<int>(PlacementHow::Stated)
        && index.data(SourcesModel::PlacedRole).toBool())
        return {};
    return index.data(SourcesModel::ClockReasonRole).toString();
}

Tone severityTone(int severity)
{
    return severity >= static_cast<int>(Severity::Error)     ? Tone::Failure
           : severity == static_cast<int>(Severity::Warning) ? Tone::Warning
                                                             : Tone::Quiet;
}

void paintSource(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const ThemeColors &colors = themeColors(option.palette);
    QRect rect = option.rect.adjusted(4, AboveSource, -6, -AboveSource);
    const auto kind = static_cast<SourceKind>(index.data(SourcesModel::KindRole).toInt());
    const QFontMetrics nameMetrics(nameFont(option.font));
    icon(iconOf(kind), index.data(SourcesModel::PlacedRole).toBool() ? colors.accent : colors.faint)
        .paint(painter, QRect(rect.left(), rect.top() + (nameMetrics.height() - IconSize) / 2, IconSize, IconSize));
    rect.setLeft(rect.left() + IconSize + 8);

    const int notes = index.data(SourcesModel::NotesRole).toInt();
    int nameWidth = rect.width();
    if (notes > 0) {
        const QString count = QLocale().toString(notes);
        const int width = drawBadge(nullptr, {}, count, Tone::Quiet, detailFont(option.font), option.palette);
        drawBadge(painter, QRect(rect.right() - width + 1, rect.top(), width, nameMetrics.height()), count,
                  severityTone(index.data(SourcesModel::SeverityRole).toInt()), detailFont(option.font),
                  option.palette);
        nameWidth -= width + 6;
    }
    painter->setFont(nameFont(option.font));
    painter->setPen(option.palette.color(QPalette::Text));
    const QString name = nameMetrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, nameWidth);
    painter->drawText(QRect(rect.left(), rect.top(), nameWidth, nameMetrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                      name);

    const QFontMetrics metrics(detailFont(option.font));
    painter->setFont(detailFont(option.font));
    painter->setPen(colors.faint);
    int y = rect.top() + nameMetrics.height() + 1;
    for (const QString &line : {index.data(SourcesModel::DetailRole).toString(), clockReason(index)}) {
        if (!line.isEmpty())
            painter->drawText(QRect(rect.left(), y, rect.width(), metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                              metrics.elidedText(line, Qt::ElideRight, rect.width()));
        y += metrics.height();
    }
}

void paintChild(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const ThemeColors &colors = themeColors(option.palette);
    QRect rect = option.rect.adjusted(2, 0, -6, 0);
    const bool isSeries = index.data(SourcesModel::ItemRole).toInt() == static_cast<int>(SourcesModel::Item::Series);
    const QColor ink = isSeries ? colors.accent
                                : toneInk(severityTone(index.data(SourcesModel::SeverityRole).toInt()), option.palette);
    icon(isSeries ? u"metrics"_s : u"warning"_s, ink).paint(painter, QRect(rect.left(), rect.center().y() - 6, 13, 13));
    rect.setLeft(rect.left() + 20);
    painter->setFont(detailFont(option.font));
    painter->setPen(option.palette.color(QPalette::Text));
    const QFontMetrics metrics(detailFont(option.font));
    painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, rect.width()));
}

} // namespace

void SourcesDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeColors &colors = themeColors(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool isChosen = option.state.testFlag(QStyle::State_Selected);
    if (isChosen || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(isChosen ? colors.accentGround : colors.quietGround);
        painter->drawRoundedRect(option.rect.adjusted(0, 1, -2, -1), 5, 5);
    }
    if (isSource(index))
        paintSource(painter, option, index);
    else
        paintChild(painter, option, index);
    painter->restore();
}

QSize SourcesDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int detail = QFontMetrics(detailFont(option.font)).height();
    if (!isSource(index))
        return {120, detail + 6};
    const int lines = clockReason(index).isEmpty() ? 1 : 2;
    return {160, 2 * AboveSource + QFontMetrics(nameFont(option.font)).height() + 1 + lines * detail};
}

} // namespace faultline
