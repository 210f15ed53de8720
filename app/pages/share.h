// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/postmortem.h"
#include "app/report/reportformat.h"

namespace faultline {

/// A report in any format: the same input gives the same bytes. Only pages look at the pictures. Fails where a template is missing.
Result<QByteArray> writeReport(ReportFormat format, const Analysis &analysis, const ReportPictures &pictures);

/// What is handed on of a case, and how.
struct ShareRequest {
    Analysis analysis;         ///< As it may be handed on: see redactedAnalysis().
    ReportPictures pictures;   ///< Of that analysis.
    bool isPostmortem = false; ///< The postmortem, else the report.
    ReportFormat format = ReportFormat::Html;
    QString templatePath; ///< Of a report's HTML; empty: the shipped one.
    QString file;         ///< Pictures beside it are called after it; may be empty for sharedFiles().
};

/// Whether the request needs pictures, which only the window's thread can draw.
bool needsPictures(const ShareRequest &request);
/// What is written: the file's bytes, and the pictures beside it. Fails where the format or the template does not fit.
Result<ReportFiles> sharedFiles(const ShareRequest &request);
/// Writes the file and what goes with it (the pictures of a Markdown postmortem, beside it); in any thread. Returns the files' paths.
Result<QStringList> share(const ShareRequest &request);

} // namespace faultline
