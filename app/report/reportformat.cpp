// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportformat.h"

#include "app/report/jsonreport.h"
#include "app/report/timelinerows.h"

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

bool isPage(ReportFormat format)
{
    return format == ReportFormat::Html || format == ReportFormat::Pdf;
}

bool isPostmortemFormat(ReportFormat format)
{
    return format == ReportFormat::Markdown || isPage(format);
}

QByteArray plainReport(ReportFormat format, const Analysis &analysis)
{
    switch (format) {
    case ReportFormat::Text: return textReport(reportData(analysis)).toUtf8();
    case ReportFormat::Json: return QJsonDocument(jsonReport(analysis)).toJson(QJsonDocument::Indented);
    case ReportFormat::Csv: return timelineCsv(analysis);
    case ReportFormat::Markdown: return markdownReport(reportData(analysis)).toUtf8();
    case ReportFormat::Html:
    case ReportFormat::Pdf: break;
    }
    return {};
}

} // namespace faultline
