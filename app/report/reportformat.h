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
/// Whether it is a page, with pictures and fonts.
bool isPage(ReportFormat format);
/// What a postmortem can be written as.
bool isPostmortemFormat(ReportFormat format);

/// What is written: a file, and pictures beside it.
struct ReportFiles {
    QByteArray main;
    std::vector<std::pair<QString, QByteArray>> pictures; ///< Name and bytes.
};

/// The bytes of a report that is no page; in any thread. The same input gives the same bytes.
QByteArray plainReport(ReportFormat format, const Analysis &analysis);

} // namespace faultline
