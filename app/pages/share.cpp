// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/share.h"

#include "app/pages/pdfreport.h"
#include "app/pages/usertemplate.h"
#include "models/core/translate.h"

#include <QFileInfo>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

Result<ReportFiles> postmortemFiles(const ShareRequest &request)
{
    const PostmortemPage page = fillPostmortem(request.analysis.postmortem, request.analysis);
    switch (request.format) {
    case ReportFormat::Markdown:
        return postmortemMarkdown(page, request.pictures,
                                  request.file.isEmpty() ? u"postmortem"_s
                                                         : QFileInfo(request.file).completeBaseName());
    case ReportFormat::Html: return ReportFiles{postmortemHtml(page, request.pictures), {}};
    case ReportFormat::Pdf:
        return ReportFiles{postmortemPdf(page, request.pictures, lastMoment(request.analysis).value_or(TimeNs())), {}};
    default: return failure(Code::Unsupported, tr("A postmortem is written as Markdown, HTML or PDF"));
    }
}

Result<void> write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return failure(Code::NotReadable, tr("%1 could not be written: %2").arg(path, file.errorString()),
                       tr("Choose a folder that you may write to."), path);
    return {};
}

} // namespace

Result<QByteArray> writeReport(ReportFormat format, const Analysis &analysis, const ReportPictures &pictures)
{
    if (!isPage(format))
        return plainReport(format, analysis);
    const ReportData data = reportData(analysis);
    const QByteArray bytes = format == ReportFormat::Html
                                 ? htmlReport(data, pictures).toUtf8()
                                 : pdfReport(data, pictures, lastMoment(analysis).value_or(TimeNs()));
    if (bytes.isEmpty())
        return failure(Code::Internal, tr("The report's template is missing"));
    return bytes;
}

bool needsPictures(const ShareRequest &request)
{
    return request.isPostmortem ? namesPictures(request.analysis.postmortem) : isPage(request.format);
}

Result<ReportFiles> sharedFiles(const ShareRequest &request)
{
    if (request.isPostmortem)
        return postmortemFiles(request);
    if (request.format == ReportFormat::Html && !request.templatePath.isEmpty())
        return fillTemplate(request.templatePath, TemplateMarkup::Html, reportData(request.analysis), request.pictures)
            .transform([](const QString &html) { return ReportFiles{html.toUtf8(), {}}; });
    return writeReport(request.format, request.analysis, request.pictures).transform([](const QByteArray &bytes) {
        return ReportFiles{bytes, {}};
    });
}

Result<QStringList> share(const ShareRequest &request)
{
    const auto files = sharedFiles(request);
    if (!files)
        return std::unexpected(files.error());
    QStringList written{request.file};
    const QString folder = QFileInfo(request.file).absolutePath();
    for (const auto &[name, bytes] : files->pictures) {
        const QString path = folder + u'/' + name;
        if (const auto done = write(path, bytes); !done)
            return std::unexpected(done.error());
        written.append(path);
    }
    if (const auto done = write(request.file, files->main); !done)
        return std::unexpected(done.error());
    return written;
}

} // namespace faultline
