// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/fileprogresslist.h"

#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QFileInfo>
#include <QLocale>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int ProgressWidth = 90;

bool isDone(const FileProgress &file)
{
    return file.done >= file.size;
}
} // namespace

FileProgressList::FileProgressList(QWidget *parent)
    : QWidget(parent)
{
    // Room is kept from the start: the page must not jump while files come and go.
    setFixedHeight((MostRows + 1) * rowHeight());
}

void FileProgressList::setFiles(const QList<FileProgress> &files)
{
    m_shown = files;
    m_done = std::ranges::count_if(files, isDone);
    // What is being read stands on top; of what is done the latest.
    std::ranges::reverse(m_shown);
    std::ranges::stable_partition(m_shown, [](const FileProgress &file) { return !isDone(file); });
    if (m_shown.size() > MostRows)
        m_shown.resize(MostRows);
    update();
}

void FileProgressList::paintEvent(QPaintEvent *)
{
    if (m_shown.isEmpty())
        return;
    const ThemeColors &colors = themeColors(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int y = 0;
    for (const FileProgress &file : std::as_const(m_shown)) {
        const QRect row(0, y, width(), rowHeight());
        const QString name =
            fontMetrics().elidedText(QFileInfo(file.path).fileName(), Qt::ElideMiddle, width() - ProgressWidth - 40);
        painter.setPen(isDone(file) ? colors.faint : palette().color(QPalette::WindowText));
        painter.drawText(row.adjusted(24, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, name);
        if (isDone(file)) {
            icon(u"passed"_s, colors.good).paint(&painter, QRect(2, row.center().y() - 7, 14, 14));
        } else {
            const QRectF bar(width() - ProgressWidth, row.center().y() - 2, ProgressWidth, 4);
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.quietGround);
            painter.drawRoundedRect(bar, 2, 2);
            painter.setBrush(colors.accent);
            const double share = static_cast<double>(file.done) / static_cast<double>(std::max<qint64>(1, file.size));
            painter.drawRoundedRect(
                QRectF(bar.topLeft(), QSizeF(bar.width() * std::clamp(share, 0.0, 1.0), bar.height())), 2, 2);
        }
        y += rowHeight();
    }
    painter.setPen(colors.faint);
    painter.drawText(QRect(0, y, width(), rowHeight()), Qt::AlignCenter,
                     tr("Files read: %1").arg(QLocale().toString(m_done)));
}

} // namespace faultline
