// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/pdfreport.h"

#include "app/pages/reporttemplate.h"
#include "app/pages/svgdrawing.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QCryptographicHash>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextLayout>
#include <QTextObjectInterface>
#include <QUuid>

#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qreal PageDpi = 96; ///< What sizes in the template count in.

/// Draws the pictures that the template names, as vectors.
class SvgPictures final : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)

public:
    void add(const QString &name, const QByteArray &svg)
    {
        if (!svg.isEmpty())
            m_pictures[name] = std::make_unique<SvgDrawing>(svg);
    }

    QSizeF intrinsicSize(QTextDocument *document, int, const QTextFormat &format) override
    {
        const SvgDrawing *picture = find(format);
        if (!picture || picture->isEmpty())
            return {};
        constexpr qreal TextPixels = 960; // across the text of a page: the width for which pictures are drawn
        const QSizeF page = document->pageSize();
        // The page is known once it is printed.
        // QTextDocument::print() leaves two centimetres on each side of an A4 page.
        constexpr qreal TextPart = (21.0 - 2 * 2.0) / 21.0;
        const qreal width = page.width() > 0 ? page.width() * TextPart : TextPixels;
        const qreal height = page.height() > 0 ? page.height() * 0.7 : 900;
        const QSizeF size = QSizeF(picture->size()) * (width / TextPixels);
        return size.width() <= width && size.height() <= height ? size
                                                                : size.scaled(width, height, Qt::KeepAspectRatio);
    }

    void drawObject(QPainter *painter, const QRectF &rect, QTextDocument *, int, const QTextFormat &format) override
    {
        if (SvgDrawing *picture = find(format))
            picture->draw(*painter, rect);
    }

private:
    SvgDrawing *find(const QTextFormat &format) const
    {
        const auto it = m_pictures.find(format.toImageFormat().name());
        return it == m_pictures.end() ? nullptr : it->second.get();
    }

    std::map<QString, std::unique_ptr<SvgDrawing>> m_pictures;
};

/// Reads nothing from anywhere: the page names pictures of SvgPictures only.
class PageDocument final : public QTextDocument
{
    Q_OBJECT

protected:
    QVariant loadResource(int, const QUrl &) override { return {}; }
};

/// A copy on the pages that QTextDocument::print() will make: with two centimetres on each side.
std::unique_ptr<QTextDocument> laidOutFor(const QTextDocument &document, QPdfWriter &writer, QObject *pictures)
{
    constexpr qreal Margin = 2 / 2.54; // inches
    std::unique_ptr<QTextDocument> copy(document.clone());
    if (pictures)
        copy->documentLayout()->registerHandler(QTextFormat::ImageObject, pictures);
    copy->documentLayout()->setPaintDevice(&writer);
    QTextFrameFormat frame = copy->rootFrame()->frameFormat();
    frame.setMargin(Margin * PageDpi); // the layout scales it to the device
    copy->rootFrame()->setFrameFormat(frame);
    copy->setPageSize(QSizeF(writer.width(), writer.height()));
    return copy;
}

/// Qt writes the time of writing; a report is of its evidence's time.
void setDates(QByteArray &pdf, TimeNs created)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(created.ns / NsPerMillisecond, QTimeZone::utc());
    const QByteArray digits = time.toString(u"yyyyMMddHHmmss"_s).toLatin1();
    for (const QByteArrayView key : {"/CreationDate (D:", "/ModDate (D:"}) {
        const qsizetype at = pdf.indexOf(key);
        if (at >= 0 && at + key.size() + digits.size() <= pdf.size())
            pdf.replace(at + key.size(), digits.size(), digits);
    }
}

/// Without this, Qt makes one with the time of writing.
constexpr QByteArrayView Metadata =
    R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta><?xpacket end="w"?>)";

} // namespace

void keepHeadingsWithText(QTextDocument &document, QPdfWriter &writer, QObject *pictures)
{
    const std::unique_ptr<QTextDocument> copy = laidOutFor(document, writer, pictures);
    QTextDocument &laidOut = *copy;
    // A line that does not fit goes to the next page, though its block begins on this one.
    const auto pageOf = [&laidOut](const QTextBlock &block) {
        const QTextLayout &lines = *block.layout();
        const qreal first = lines.lineCount() > 0 ? lines.lineAt(0).y() : 0;
        const qreal top = laidOut.documentLayout()->blockBoundingRect(block).top() + first;
        return static_cast<int>(top / laidOut.pageSize().height());
    };
    const auto breakBefore = [](QTextDocument &of, int number) {
        QTextBlockFormat format;
        format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
        QTextCursor(of.findBlockByNumber(number)).mergeBlockFormat(format);
    };
    for (QTextBlock block = laidOut.begin(); block.isValid(); block = block.next()) {
        if (block.blockFormat().headingLevel() == 0)
            continue;
        laidOut.pageCount(); // lays it out as far as its end
        QTextBlock text = block.next();
        while (text.isValid() && text.blockFormat().headingLevel() > 0)
            text = text.next();
        if (!text.isValid() || pageOf(text) == pageOf(block))
            continue;
        breakBefore(laidOut, block.blockNumber()); // what follows has other places now
        breakBefore(document, block.blockNumber());
    }
}

QByteArray pdfOfPage(const QString &page, const QString &title, const ReportPictures &pictures, TimeNs created)
{
    SvgPictures drawn;
    drawn.add(u"timeline"_s, pictures.timelineSvg);
    drawn.add(u"focus"_s, pictures.focusSvg);
    drawn.add(u"flow"_s, pictures.flowSvg);

    PageDocument document;
    QFont font(u"Noto Sans"_s);
    font.setStyleHint(QFont::SansSerif);
    font.setPointSizeF(9.5);
    document.setDefaultFont(font);
    document.documentLayout()->registerHandler(QTextFormat::ImageObject, &drawn);
    document.setHtml(page);

    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF()); // QTextDocument::print() leaves two centimetres itself
        writer.setResolution(static_cast<int>(PageDpi) * 6);
        writer.setTitle(title);
        writer.setCreator(u"Faultline"_s);
        writer.setDocumentXmpMetadata(Metadata.toByteArray());
        writer.setDocumentId(QUuid::createUuidV5(QUuid(), page));
        keepHeadingsWithText(document, writer, &drawn);
        document.print(&writer);
    }
    setDates(bytes, created);
    return bytes;
}

QByteArray pdfReport(const ReportData &data, const ReportPictures &pictures, TimeNs created)
{
    QVariantHash values = reportValues(data, TemplateMarkup::Html);
    values[u"timeline"_s] = !pictures.timelineSvg.isEmpty();
    values[u"focus"_s] = !pictures.focusSvg.isEmpty();
    values[u"flow"_s] = !pictures.flowSvg.isEmpty();
    const QString page = renderTemplate(u"report-print.html"_s, values);
    return page.isEmpty() ? QByteArray() : pdfOfPage(page, data.headline, pictures, created);
}

} // namespace faultline

#include "pdfreport.moc"
