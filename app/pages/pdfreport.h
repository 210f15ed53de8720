// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/htmlreport.h"

class QPdfWriter;
class QTextDocument;

namespace faultline {

/// The report on A4 pages, with text that can be selected and pictures as vectors. The same input gives the same bytes:
/// `created` is written as the file's date (by default the epoch). Needs a QGuiApplication; empty where the template is missing.
QByteArray pdfReport(const ReportData &data, const ReportPictures &pictures, TimeNs created = {});

/// The same of any page of HTML as Qt's rich text knows it; pictures are drawn where `<img src="timeline">`, "focus" and "flow" stand.
QByteArray pdfOfPage(const QString &page, const QString &title, const ReportPictures &pictures, TimeNs created = {});

/// Puts page breaks before the headings that would stand alone at a page's foot when the document is printed. `pictures` is what draws
/// its image objects; null where it has none.
void keepHeadingsWithText(QTextDocument &document, QPdfWriter &writer, QObject *pictures = nullptr);

} // namespace faultline
