// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/svgdrawing.h"

#include <QPainter>
#include <QRegularExpression>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

std::vector<double> numbersOf(QStringView text)
{
    static const QRegularExpression form(u"[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?"_s);
    std::vector<double> numbers;
    auto matches = form.globalMatchView(text);
    while (matches.hasNext())
        numbers.push_back(matches.next().capturedView().toDouble());
    return numbers;
}

/// "matrix(a,b,c,d,e,f)"
QTransform transformOf(QStringView text)
{
    const std::vector<double> n = text.startsWith(u"matrix") ? numbersOf(text) : std::vector<double>();
    return n.size() == 6 ? QTransform(n[0], n[1], n[2], n[3], n[4], n[5]) : QTransform();
}

/// What a path of straight lines encloses.
QRectF boundsOf(QStringView path)
{
    const std::vector<double> numbers = numbersOf(path);
    QPolygonF points;
    for (size_t i = 0; i + 1 < numbers.size(); i += 2)
        points.append({numbers[i], numbers[i + 1]});
    return points.boundingRect();
}

/// What holds for an element and all in it.
struct State {
    QTransform transform;
    QRectF clip;
    QHash<QString, QString> style; ///< Of text: what is said nearest.
};

QFont fontOf(const QHash<QString, QString> &style)
{
    QFont font;
    QStringList families;
    for (const QString &family : style.value(u"font-family"_s).split(u',', Qt::SkipEmptyParts))
        families.append(family.trimmed().remove(u'\'').remove(u'"'));
    if (!families.isEmpty())
        font.setFamilies(families);
    font.setStyleHint(QFont::SansSerif);
    QString size = style.value(u"font-size"_s);
    const bool isPoints = size.endsWith(u"pt");
    const double number = size.remove(u"px"_s).remove(u"pt"_s).toDouble();
    constexpr double PixelsPerPoint = 96.0 / 72.0;
    font.setPixelSize(std::max(1, qRound(isPoints ? number * PixelsPerPoint : number)));
    bool isNumber = false;
    const int weight = style.value(u"font-weight"_s).toInt(&isNumber);
    font.setWeight(isNumber ? static_cast<QFont::Weight>(std::clamp(weight, 1, 1000)) : QFont::Normal);
    font.setItalic(style.value(u"font-style"_s) == u"italic");
    return font;
}

QColor colorOf(const QHash<QString, QString> &style)
{
    QColor color(style.value(u"fill"_s));
    bool isNumber = false;
    const double opacity = style.value(u"fill-opacity"_s).toDouble(&isNumber);
    if (isNumber)
        color.setAlphaF(static_cast<float>(std::clamp(opacity, 0.0, 1.0)));
    return color;
}

State within(State state, const QXmlStreamAttributes &attributes, const QHash<QString, QRectF> &clips)
{
    if (const auto clip = attributes.value(u"clip-path"); clip.startsWith(u"url(#")) {
        const QRectF rect = state.transform.mapRect(clips.value(clip.sliced(5).chopped(1).toString()));
        state.clip = state.clip.isNull() ? rect : state.clip.intersected(rect);
    }
    if (attributes.hasAttribute(u"transform"_s))
        state.transform = transformOf(attributes.value(u"transform")) * state.transform;
    for (const auto *name : {u"fill", u"fill-opacity", u"font-family", u"font-size", u"font-weight", u"font-style"})
        if (attributes.hasAttribute(QString(QStringView(name))))
            state.style[QString(QStringView(name))] = attributes.value(QStringView(name)).toString();
    return state;
}

} // namespace

SvgDrawing::SvgDrawing(const QByteArray &svg)
{
    read(svg);
}

/// Takes the words out; what is left is drawn by Qt.
void SvgDrawing::read(const QByteArray &svg)
{
    QXmlStreamReader reader(svg);
    QByteArray shapes;
    QXmlStreamWriter writer(&shapes);
    QHash<QString, QRectF> clips;
    QString clip; // the clipPath that is being read
    std::vector<State> states{State()};
    writer.writeStartDocument();
    while (!reader.atEnd()) {
        switch (reader.readNext()) {
        case QXmlStreamReader::StartElement: {
            const QXmlStreamAttributes attributes = reader.attributes();
            states.push_back(within(states.back(), attributes, clips));
            if (reader.name() == u"clipPath")
                clip = attributes.value(u"id").toString();
            else if (!clip.isEmpty() && reader.name() == u"path")
                clips[clip] = boundsOf(attributes.value(u"d"));
            if (reader.name() != u"text") {
                writer.writeCurrentToken(reader);
                break;
            }
            const State &state = states.back();
            const QPointF at(attributes.value(u"x").toDouble(), attributes.value(u"y").toDouble());
            m_words.push_back({reader.readElementText(QXmlStreamReader::IncludeChildElements), fontOf(state.style),
                               colorOf(state.style), at, state.transform, state.clip});
            states.pop_back(); // its end was read
            break;
        }
        case QXmlStreamReader::EndElement:
            states.pop_back();
            if (reader.name() == u"clipPath")
                clip.clear();
            writer.writeCurrentToken(reader);
            break;
        case QXmlStreamReader::Characters: writer.writeCurrentToken(reader); break;
        default: break;
        }
    }
    // What is not as expected is drawn as Qt draws it.
    if (reader.hasError()) {
        m_words.clear();
        shapes = svg;
    }
    m_shapes.load(shapes);
    m_viewBox = m_shapes.viewBoxF();
}

void SvgDrawing::draw(QPainter &painter, const QRectF &into)
{
    m_shapes.render(&painter, into);
    if (m_viewBox.isEmpty())
        return;
    const QTransform page = painter.transform();
    const QTransform place =
        QTransform::fromTranslate(-m_viewBox.left(), -m_viewBox.top())
        * QTransform::fromScale(into.width() / m_viewBox.width(), into.height() / m_viewBox.height())
        * QTransform::fromTranslate(into.left(), into.top()) * page;
    for (const Words &words : m_words) {
        painter.save();
        painter.setTransform(place);
        if (!words.clip.isNull())
            painter.setClipRect(words.clip, Qt::IntersectClip);
        painter.setTransform(words.transform * place);
        painter.setFont(words.font);
        painter.setPen(words.color);
        painter.drawText(words.at, words.text);
        painter.restore();
    }
}

} // namespace faultline
