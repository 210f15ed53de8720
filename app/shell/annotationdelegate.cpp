// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/annotationdelegate.h"

#include "app/settings/theme.h"
#include "app/shell/annotationsmodel.h"
#include "charts/tracks/annotationoverlay.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QTextDocument>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int NotePadding = 9;
constexpr int NoteGap = 3;
constexpr int Margin = 6; ///< Around a card.
constexpr int Strip = 4;  ///< Width of the colour.
constexpr int MostLines = 4;
constexpr qsizetype MostCharacters = 600; ///< Laid out: more would not show.

QString shownText(const QModelIndex &index)
{
    return plainNote(index.data(Qt::DisplayRole).toString().left(MostCharacters));
}

QString lastLine(const QModelIndex &index)
{
    QStringList parts;
    for (const QString &tag : index.data(AnnotationsModel::TagsRole).toStringList())
        parts.append(u'#' + tag);
    if (const QString author = index.data(AnnotationsModel::AuthorRole).toString(); !author.isEmpty())
        parts.append(author);
    return parts.join(u"  "_s);
}

int textWidth(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const int width = view ? view->viewport()->width() : option.rect.width();
    return std::max(80, width - 2 * Margin - 2 * NotePadding - Strip);
}

int textHeight(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const QFontMetrics metrics(option.font);
    const int height =
        metrics.boundingRect(QRect(0, 0, textWidth(option), 10'000), Qt::TextWordWrap, shownText(index)).height();
    return std::clamp(height, metrics.height(), MostLines * metrics.lineSpacing());
}

} // namespace

QString plainNote(const QString &markdown)
{
    QTextDocument document;
    // Lines stay lines, as they were written.
    document.setMarkdown(QString(markdown).replace(u'\n', u"  \n"_s),
                         QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub)
                             | QTextDocument::MarkdownNoHTML);
    return document.toPlainText().remove(QChar::ObjectReplacementCharacter).trimmed();
}

void AnnotationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeColors &colors = themeColors(option.palette);
    const bool isChosen = option.state.testFlag(QStyle::State_Selected);
    const QFontMetrics metrics(option.font);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF card = QRectF(option.rect).adjusted(Margin + 0.5, 2.5, -Margin - 0.5, -2.5);
    painter->setPen(QPen(isChosen ? colors.accent : colors.border, isChosen ? 1.5 : 1));
    painter->setBrush(option.state.testFlag(QStyle::State_MouseOver) && !isChosen ? colors.quietGround
                                                                                  : colors.surface);
    painter->drawRoundedRect(card, 6, 6);
    const auto colour = static_cast<AnnotationColour>(index.data(AnnotationsModel::ColourRole).toInt());
    painter->setPen(Qt::NoPen);
    painter->setBrush(annotationColor(colour, isDark(option.palette)));
    painter->drawRoundedRect(QRectF(card.left() + 3, card.top() + 5, Strip - 1, card.height() - 10), 1.5, 1.5);

    QRect row = card.toRect().adjusted(NotePadding + Strip, NotePadding - 2, -NotePadding, 0);
    row.setHeight(metrics.height());
    painter->setFont(option.font);
    painter->setPen(colors.faint);
    const QString time = index.data(AnnotationsModel::TimeRole).toString();
    const int timeWidth = metrics.horizontalAdvance(time);
    const QString place = index.data(AnnotationsModel::PlaceRole).toString();
    const bool bothFit = metrics.horizontalAdvance(place) + timeWidth + 12 <= row.width();
    painter->drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                      bothFit ? time : time.section(u' ', 1)); // the date gives way first
    const int room = row.width() - (bothFit ? timeWidth : metrics.horizontalAdvance(time.section(u' ', 1))) - 10;
    painter->setPen(colors.accent);
    painter->drawText(row, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(place, Qt::ElideMiddle, room));

    const QRect text(row.left(), row.bottom() + 1 + NoteGap, row.width(), textHeight(option, index));
    painter->setPen(option.palette.color(QPalette::Text));
    painter->setClipRect(text);
    painter->drawText(text, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, shownText(index));
    painter->setClipping(false);
    if (const QString last = lastLine(index); !last.isEmpty()) {
        painter->setPen(colors.faint);
        painter->drawText(QRect(row.left(), text.bottom() + 1 + NoteGap, row.width(), metrics.height()),
                          Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(last, Qt::ElideRight, row.width()));
    }
    painter->restore();
}

QSize AnnotationDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int line = QFontMetrics(option.font).height();
    const int last = lastLine(index).isEmpty() ? 0 : NoteGap + line;
    return {120, 5 + 2 * NotePadding - 4 + line + NoteGap + textHeight(option, index) + last};
}

} // namespace faultline
