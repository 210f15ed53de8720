// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/causedelegate.h"

#include "app/shell/badge.h"
#include "models/views/verdictsmodel.h"

#include <QAbstractItemView>
#include <QLocale>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int CausePadding = 10;
constexpr int CauseGap = 4;
constexpr int BarHeight = 4;
constexpr int ConfidenceWidth = 72;

QFont titleFont(const QFont &base)
{
    QFont font = base;
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(base.pointSizeF() * 1.08);
    return font;
}

int titleHeight(const QStyleOptionViewItem &option, const QString &title)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const int width = (view ? view->viewport()->width() : option.rect.width()) - 2 * CausePadding - 2;
    return QFontMetrics(titleFont(option.font))
        .boundingRect(QRect(0, 0, std::max(width, 80), 10000), Qt::TextWordWrap, title)
        .height();
}
} // namespace

void CauseDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeColors &colors = themeColors(option.palette);
    const bool isChosen = option.state.testFlag(QStyle::State_Selected);
    const auto tone = toneOf(static_cast<VerdictStatus>(index.data(VerdictsModel::StatusRole).toInt()));
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF card = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -4.5);
    painter->setPen(QPen(isChosen ? colors.accent : colors.border, isChosen ? 1.5 : 1));
    painter->setBrush(option.state.testFlag(QStyle::State_MouseOver) && !isChosen ? colors.quietGround
                                                                                  : colors.surface);
    painter->drawRoundedRect(card, 7, 7);

    const QFontMetrics metrics(option.font);
    const int badgeHeight = metrics.height() + 4;
    const QRect top(option.rect.left() + CausePadding, option.rect.top() + CausePadding - 1,
                    option.rect.width() - 2 * CausePadding, badgeHeight);
    int x = top.left()
            + drawBadge(painter, top, index.data(VerdictsModel::StatusTextRole).toString(), tone, option.font,
                        option.palette)
            + 8;
    if (index.data(VerdictsModel::CoincidentRole).toBool())
        drawBadge(painter, QRect(x, top.top(), top.right() - x, top.height()), tr("coincident"), Tone::Quiet,
                  option.font, option.palette);

    const double confidence = std::clamp(index.data(VerdictsModel::ConfidenceRole).toDouble(), 0.0, 1.0);
    const QString percent = tr("%1 %").arg(QLocale().toString(confidence * 100, 'f', 0));
    painter->setFont(option.font);
    painter->setPen(colors.faint);
    painter->drawText(top, Qt::AlignRight | Qt::AlignVCenter, percent);
    const int percentWidth = metrics.horizontalAdvance(tr("%1 %").arg(100)) + 8;
    const QRectF bar(top.right() - percentWidth - ConfidenceWidth, top.center().y() - BarHeight / 2.0 + 0.5,
                     ConfidenceWidth, BarHeight);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colors.quietGround);
    painter->drawRoundedRect(bar, 2, 2);
    painter->setBrush(toneInk(tone, option.palette));
    painter->drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * confidence, bar.height()), 2, 2);

    painter->setFont(titleFont(option.font));
    painter->setPen(option.palette.color(QPalette::Text));
    const QRect title(top.left(), top.bottom() + 1 + CauseGap, top.width(), option.rect.height());
    painter->drawText(title, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, index.data(Qt::DisplayRole).toString());
    painter->restore();
}

QSize CauseDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int badgeHeight = QFontMetrics(option.font).height() + 4;
    return {120, CausePadding + badgeHeight + CauseGap + titleHeight(option, index.data(Qt::DisplayRole).toString())
                     + CausePadding + 3};
}

} // namespace faultline
