// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportformat.h"

#include "app/report/jsonreport.h"
#include "app/report/pdfreport.h"
#include "app/report/timelinerows.h"
#include "models/core/translate.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr std::array Names{"text"_L1, "json"_L1, "csv"_L1, "markdown"_L1, "html"_L1, "pdf"_L1};
constexpr std::array Suffixes{"txt"_L1, "json"_L1, "csv"_L1, "md"_L1, "html"_L1, "pdf"_L1};

} // namespace

QLatin1StringView reportFormatName(ReportFormat format)
{
    return Names[static_cast<size_t>(format)];
}

QLatin1StringView reportFormatSuffix(ReportFormat format)
{
    return Suffixes[static_cast<size_t>(format)];
}

std::optional<ReportFormat> reportFormatFromName(QStringView name)
{
    for (const ReportFormat format : AllReportFormats)
        if (name == reportFormatName(format))
            return format;
    return std::nullopt;
}

bool hasPictures(ReportFormat format)
{
    return format == ReportFormat::Html || format == ReportFormat::Pdf;
}

Result<QByteArray> writeReport(ReportFormat format, const Analysis &analysis, const ReportPictures &pictures)
{
    QByteArray bytes;
    switch (format) {
    case ReportFormat::Text: bytes = textReport(reportData(analysis)).toUtf8(); break;
    case ReportFormat::Json: bytes = QJsonDocument(jsonReport(analysis)).toJson(QJsonDocument::Indented); break;
    case ReportFormat::Csv: bytes = timelineCsv(analysis); break;
    case ReportFormat::Markdown: bytes = markdownReport(reportData(analysis)).toUtf8(); break;
    case ReportFormat::Html: bytes = htmlReport(reportData(analysis), pictures).toUtf8(); break;
    case ReportFormat::Pdf:
        bytes = pdfReport(reportData(analysis), pictures, lastMoment(analysis).value_or(TimeNs()));
        break;
    }
    if (bytes.isEmpty())
        return failure(Code::Internal, tr("The report's template is missing"));
    return bytes;
}

} // namespace faultline
