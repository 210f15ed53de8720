// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/evidencedelegate.h"

#include "app/settings/icons.h"
#include "app/settings/theme.h"
#include "models/views/evidencemodel.h"

#include <QAbstractItemView>
#include <QFontDatabase>
#include <QPainter>
#include <QTextLayout>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int Left = 26;
constexpr int Right = 8;
constexpr int AboveEvidence = 5;
constexpr int Between = 2;
constexpr qsizetype MostLaidOut = 600;

QFont monospace(const QFont &base)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(base.pointSizeF() * 0.92);
    return font;
}

/// Text broken into at most MostTextLines lines of the width, the last one elided.
QStringList textLines(const QString &text, const QFont &font, int width)
{
    QTextLayout layout(text.left(MostLaidOut), font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    QStringList lines;
    layout.beginLayout();
    for (;;) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        if (lines.size() + 1 == EvidenceDelegate::MostTextLines) {
            lines.append(QFontMetrics(font).elidedText(text.mid(line.textStart(), MostLaidOut), Qt::ElideRight, width));
            break;
        }
        lines.append(text.mid(line.textStart(), line.textLength()).trimmed());
    }
    layout.endLayout();
    return lines;
}

int widthFor(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const int width = view ? view->viewport()->width() : option.rect.width();
    return std::max(60, width - Left - Right);
}

bool isMonospace(const QModelIndex &index)
{
    return index.data(EvidenceModel::ItemRole).toInt() == static_cast<int>(EvidenceModel::Item::Lines);
}

void paintSign(QPainter *painter, const QRect &rect, const QModelIndex &index, const ThemeColors &colors)
{
    const QRect at(rect.left() + 5, rect.top() + AboveEvidence + 1, 14, 14);
    const auto item = static_cast<EvidenceModel::Item>(index.data(EvidenceModel::ItemRole).toInt());
    if (index.data(EvidenceModel::AgainstRole).toBool()) {
        icon(u"against"_s, colors.warning).paint(painter, at);
    } else if (item == EvidenceModel::Item::Sample) {
        icon(u"metrics"_s, colors.accent).paint(painter, at);
    } else if (item == EvidenceModel::Item::Covered) {
        icon(u"ruled-out"_s, colors.quiet).paint(painter, at);
    } else {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(index.data(EvidenceModel::FailingRole).toBool() ? colors.failure : colors.accent);
        painter->drawEllipse(QPointF(at.center()) + QPointF(0.5, 0.5), 3.5, 3.5);
    }
}

} // namespace

void EvidenceDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeColors &colors = themeColors(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect ground = option.rect.adjusted(1, 0, -1, -1);
    if (option.state.testFlag(QStyle::State_Selected) || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.state.testFlag(QStyle::State_Selected) ? colors.accentGround : colors.quietGround);
        painter->drawRoundedRect(ground, 5, 5);
    }
    paintSign(painter, option.rect, index, colors);

    QFont placeFont = option.font;
    placeFont.setWeight(QFont::DemiBold);
    const QFontMetrics placeMetrics(placeFont);
    const QString time = index.data(EvidenceModel::TimeTextRole).toString();
    QRect row(option.rect.left() + Left, option.rect.top() + AboveEvidence, option.rect.width() - Left - Right,
              placeMetrics.height());
    const int timeWidth = time.isEmpty() ? 0 : option.fontMetrics.horizontalAdvance(time) + 8;
    painter->setFont(placeFont);
    painter->setPen(colors.accent);
    const QString place = placeMetrics.elidedText(index.data(EvidenceModel::PlaceRole).toString(), Qt::ElideMiddle,
                                                  row.width() - timeWidth);
    painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter, place);
    painter->setFont(option.font);
    painter->setPen(colors.faint);
    painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter, time);

    const QFont textFont = isMonospace(index) ? monospace(option.font) : option.font;
    const QFontMetrics textMetrics(textFont);
    painter->setFont(textFont);
    painter->setPen(option.palette.color(QPalette::Text));
    int y = row.bottom() + 1 + Between;
    for (const QString &line : textLines(index.data(EvidenceModel::TextRole).toString(), textFont, widthFor(option))) {
        painter->drawText(QRect(row.left(), y, row.width(), textMetrics.height()),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, line);
        y += textMetrics.height();
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(colors.accent, 1));
        painter->drawRoundedRect(QRectF(ground).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    }
    painter->restore();
}

QSize EvidenceDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QFont textFont = isMonospace(index) ? monospace(option.font) : option.font;
    const auto lines =
        static_cast<int>(textLines(index.data(EvidenceModel::TextRole).toString(), textFont, widthFor(option)).size());
    QFont placeFont = option.font;
    placeFont.setWeight(QFont::DemiBold);
    return {60, AboveEvidence + QFontMetrics(placeFont).height() + Between + lines * QFontMetrics(textFont).height()
                    + AboveEvidence + 1};
}

} // namespace faultline
