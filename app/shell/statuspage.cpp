// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/statuspage.h"

#include "app/logview/logview.h"
#include "app/settings/icons.h"
#include "app/settings/theme.h"
#include "app/shell/fileprogresslist.h"
#include "models/core/time.h"
#include "models/views/texts.h"

#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int StatusWidth = 520;
constexpr int BarSteps = 1000;
constexpr int MostShownPaths = 6;

/// A column of a fixed width in the middle of a page.
QVBoxLayout *middleColumn(QWidget *page)
{
    auto *middle = new QHBoxLayout(page);
    middle->addStretch(1);
    auto *body = new QWidget(page);
    body->setFixedWidth(StatusWidth);
    middle->addWidget(body);
    middle->addStretch(1);
    auto *column = new QVBoxLayout(body);
    column->setSpacing(10);
    column->addStretch(2);
    return column;
}

QLabel *addLabel(QVBoxLayout *column, double scale, bool isBold)
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignHCenter);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setWeight(isBold ? QFont::DemiBold : QFont::Normal);
    label->setFont(font);
    column->addWidget(label);
    return label;
}
} // namespace

LoadingPage::LoadingPage(QWidget *parent)
    : QWidget(parent)
{
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    auto *top = new QWidget(this);
    whole->addWidget(top, 1);
    m_previewTitle = new QLabel(this);
    m_previewTitle->setTextFormat(Qt::PlainText);
    m_previewTitle->setForegroundRole(QPalette::PlaceholderText);
    m_previewTitle->setContentsMargins(8, 4, 8, 4);
    whole->addWidget(m_previewTitle);
    m_preview = new LogView(this);
    m_preview->setObjectName(u"previewLog"_s);
    m_preview->setAccessibleName(tr("Beginning of the log that is read"));
    whole->addWidget(m_preview, 2);
    setPreview({}, ZoneShown::Utc);
    auto *column = middleColumn(top);
    m_title = addLabel(column, 1.5, true);
    m_paths = addLabel(column, 1.0, false);
    m_paths->setForegroundRole(QPalette::PlaceholderText);
    column->addSpacing(6);
    m_bar = new QProgressBar(this);
    m_bar->setObjectName(u"loadingBar"_s);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(8);
    column->addWidget(m_bar);
    m_detail = addLabel(column, 1.0, false);
    m_detail->setForegroundRole(QPalette::PlaceholderText);
    m_files = new FileProgressList(this);
    column->addWidget(m_files);
    column->addSpacing(6);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(u"cancelButton"_s);
    cancel->setMinimumSize(110, 32);
    column->addWidget(cancel, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(cancel, &QPushButton::clicked, this, &LoadingPage::cancelWanted);
    setFocusProxy(cancel);
}

void LoadingPage::start(const QStringList &paths)
{
    m_since.start();
    const QString first = QFileInfo(paths.value(0)).fileName();
    m_title->setText(paths.size() == 1 ? tr("Reading %1…").arg(first)
                                       : tr("Reading %Ln files and folders…", nullptr, static_cast<int>(paths.size())));
    QStringList shown = paths.first(qMin<qsizetype>(paths.size(), MostShownPaths));
    if (paths.size() > MostShownPaths)
        shown.append(tr("and %Ln more", nullptr, static_cast<int>(paths.size()) - MostShownPaths));
    m_paths->setText(shown.join(u'\n'));
    m_bar->setRange(0, 0);
    m_files->setFiles({});
    m_detail->setText(tr("Getting ready"));
}

void LoadingPage::setProgress(qint64 done, qint64 total)
{
    if (total <= 0)
        return;
    m_bar->setRange(0, BarSteps);
    m_bar->setValue(static_cast<int>(static_cast<double>(qMin(done, total)) / static_cast<double>(total) * BarSteps));
    const QLocale locale;
    const QString elapsed = durationText(m_since.elapsed() / 1000 * NsPerSecond);
    if (done >= total)
        m_detail->setText(tr("Looking for what failed and why · %1").arg(elapsed));
    else
        m_detail->setText(
            tr("%1 of %2 · %3").arg(locale.formattedDataSize(done), locale.formattedDataSize(total), elapsed));
}

void LoadingPage::setFiles(const QList<FileProgress> &files)
{
    m_files->setFiles(files);
}

void LoadingPage::setPreview(const std::optional<LogPart> &part, ZoneShown zone)
{
    m_preview->setZone(zone);
    m_preview->setDocument(part ? std::make_unique<LogDocument>(*part) : std::make_unique<LogDocument>());
    if (part)
        m_previewTitle->setText(tr("The beginning of %1, while all of it is read").arg(part->name));
    m_previewTitle->setVisible(part.has_value());
    m_preview->setVisible(part.has_value());
}

FailedPage::FailedPage(QWidget *parent)
    : QWidget(parent)
{
    auto *column = middleColumn(this);
    auto *sign = new QLabel(this);
    sign->setPixmap(icon(u"failure"_s, themeColors(palette()).failure).pixmap(QSize(44, 44), devicePixelRatioF()));
    sign->setAlignment(Qt::AlignHCenter);
    column->addWidget(sign);
    auto *title = addLabel(column, 1.5, true);
    title->setText(tr("This could not be read"));
    m_message = addLabel(column, 1.05, false);
    m_message->setObjectName(u"errorMessage"_s);
    m_hint = addLabel(column, 1.0, false);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    column->addSpacing(8);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    const auto addButton = [&](const QString &text) {
        auto *button = new QPushButton(text, this);
        button->setMinimumHeight(32);
        buttons->addWidget(button);
        return button;
    };
    m_retry = addButton(tr("Try again"));
    auto *open = addButton(tr("Open another folder…"));
    auto *back = addButton(tr("Back"));
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addStretch(3);
    connect(m_retry, &QPushButton::clicked, this, &FailedPage::retryWanted);
    connect(open, &QPushButton::clicked, this, &FailedPage::openFolderWanted);
    connect(back, &QPushButton::clicked, this, &FailedPage::backWanted);
    setFocusProxy(m_retry);
}

void FailedPage::setError(const Error &error)
{
    m_message->setText(error.source.isEmpty() || error.message.contains(error.source)
                           ? error.message
                           : QString(error.source % u": " % error.message));
    m_hint->setText(
        error.hint.isEmpty()
            ? tr("Faultline reads folders, files and archives of logs, metrics, profiles and Kubernetes descriptions.")
            : error.hint);
}

} // namespace faultline
