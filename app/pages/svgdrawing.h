// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QPen>
#include <QSvgRenderer>
#include <QTransform>

class QPainter;

namespace faultline {

/// A picture of ours as SVG, drawn so that its words stay words: QSvgRenderer makes outlines of them, which nobody can search or copy and
/// which make a PDF ten times as large. Knows what QSvgGenerator writes; words stand above all else.
class SvgDrawing
{
public:
    explicit SvgDrawing(const QByteArray &svg);

    bool isEmpty() const { return !m_shapes.isValid() || m_shapes.defaultSize().isEmpty(); }
    QSize size() const { return m_shapes.defaultSize(); }
    void draw(QPainter &painter, const QRectF &into);

private:
    struct Words {
        QString text;
        QFont font;
        QColor color;
        QPointF at; ///< Of the baseline's begin.
        QTransform transform;
        QRectF clip; ///< In the picture; null where nothing is cut off.
    };
    void read(const QByteArray &svg);

    std::vector<Words> m_words;
    QSvgRenderer m_shapes;
    QRectF m_viewBox;
};

} // namespace faultline
