// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/report/reportdata.h"

#include <array>

namespace faultline {

/// What a report can be written as.
enum class ReportFormat { Text, Json, Csv, Markdown, Html, Pdf };
inline constexpr std::array AllReportFormats{ReportFormat::Text,     ReportFormat::Json, ReportFormat::Csv,
                                             ReportFormat::Markdown, ReportFormat::Html, ReportFormat::Pdf};
/// "text", "json", "csv", "markdown", "html", "pdf"
QLatin1StringView reportFormatName(ReportFormat format);
std::optional<ReportFormat> reportFormatFromName(QStringView name);
/// Of its file: "txt", "md" …
QLatin1StringView reportFormatSuffix(ReportFormat format);
/// Whether it holds pictures: only then does writeReport() look at them.
bool hasPictures(ReportFormat format);

/// The report's bytes; in any thread. The same input gives the same bytes. Fails where a template is missing.
Result<QByteArray> writeReport(ReportFormat format, const Analysis &analysis, const ReportPictures &pictures);

} // namespace faultline
