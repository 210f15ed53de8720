// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/startpage.h"

#include "app/settings/icons.h"
#include "app/shell/dropzone.h"

#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int ColumnWidth = 560;
constexpr int MostShownRecent = 6;

QLabel *makeLabel(const QString &text, double scale, bool isBold, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignHCenter);
    label->setWordWrap(true);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setWeight(isBold ? QFont::DemiBold : QFont::Normal);
    label->setFont(font);
    return label;
}

/// A path as people write it: their home is "~".
QString shortPath(const QString &path)
{
    const QString home = QDir::homePath();
    return path.startsWith(home + u'/') ? u'~' + path.mid(home.size()) : path;
}
} // namespace

StartPage::StartPage(QWidget *parent)
    : QWidget(parent)
{
    auto *middle = new QHBoxLayout(this);
    middle->addStretch(1);
    auto *body = new QWidget(this);
    body->setFixedWidth(ColumnWidth);
    middle->addWidget(body);
    middle->addStretch(1);
    auto *column = new QVBoxLayout(body);
    column->setSpacing(10);
    column->addStretch(2);
    auto *logo = new QLabel(body);
    logo->setPixmap(QIcon(u":/faultline/icons/faultline.svg"_s).pixmap(QSize(64, 64), devicePixelRatioF()));
    logo->setAlignment(Qt::AlignHCenter);
    column->addWidget(logo);
    column->addWidget(makeLabel(tr("Faultline"), 2.0, true, body));
    auto *tagline = makeLabel(
        tr("Reads what a failed run left behind, puts it on one time axis, and shows what happened, when, and why."),
        1.1, false, body);
    tagline->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(tagline);
    column->addSpacing(14);

    auto *drop = new DropZone(body);
    drop->setObjectName(u"dropZone"_s);
    m_drop = drop;
    auto *dropColumn = new QVBoxLayout(drop);
    dropColumn->setContentsMargins(28, 26, 28, 24);
    dropColumn->setSpacing(8);
    auto *dropIcon = new QLabel(drop);
    dropIcon->setPixmap(icon(u"drop"_s, palette().color(QPalette::Accent)).pixmap(QSize(36, 36), devicePixelRatioF()));
    dropIcon->setAlignment(Qt::AlignHCenter);
    dropColumn->addWidget(dropIcon);
    dropColumn->addWidget(makeLabel(tr("Drop the run's folder here"), 1.25, true, drop));
    auto *hint = makeLabel(
        tr("Logs, kernel messages, metrics, profiles, kubectl describe: all that was saved, as it was saved."), 1.0,
        false, drop);
    hint->setForegroundRole(QPalette::PlaceholderText);
    dropColumn->addWidget(hint);
    dropColumn->addSpacing(8);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    const auto addButton = [&](const QString &name, const QString &text, const QString &iconName) {
        auto *button = new QPushButton(icon(iconName), text, drop);
        button->setObjectName(name);
        button->setMinimumHeight(32);
        buttons->addWidget(button);
        return button;
    };
    auto *folder = addButton(u"openFolderButton"_s, tr("Open folder…"), u"open-folder"_s);
    auto *files = addButton(u"openFilesButton"_s, tr("Open files…"), u"open-file"_s);
    auto *sample = addButton(u"openSampleButton"_s, tr("Open the sample"), u"sample"_s);
    folder->setDefault(true);
    m_sample = sample;
    buttons->addStretch(1);
    dropColumn->addLayout(buttons);
    column->addWidget(drop);

    m_recent = new QWidget(body);
    m_recentLayout = new QVBoxLayout(m_recent);
    m_recentLayout->setContentsMargins(0, 12, 0, 0);
    m_recentLayout->setSpacing(2);
    column->addWidget(m_recent);
    column->addStretch(3);

    connect(folder, &QPushButton::clicked, this, &StartPage::openFolderWanted);
    connect(files, &QPushButton::clicked, this, &StartPage::openFilesWanted);
    connect(sample, &QPushButton::clicked, this, &StartPage::openSampleWanted);
    setFocusProxy(folder);
    setRecentCases({});
}

void StartPage::setRecentCases(const QList<QStringList> &cases)
{
    while (QLayoutItem *item = m_recentLayout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    m_recent->setVisible(!cases.isEmpty());
    if (cases.isEmpty())
        return;
    auto *title = makeLabel(tr("Recent"), 1.0, true, m_recent);
    title->setAlignment(Qt::AlignLeft);
    title->setContentsMargins(10, 0, 0, 2);
    m_recentLayout->addWidget(title);
    for (const QStringList &paths : cases.first(qMin<qsizetype>(cases.size(), MostShownRecent))) {
        QString text = shortPath(paths.first());
        if (paths.size() > 1)
            text = tr("%1 and %Ln more", nullptr, static_cast<int>(paths.size()) - 1).arg(text);
        auto *button = new QPushButton(icon(u"recent"_s),
                                       fontMetrics().elidedText(text, Qt::ElideMiddle, ColumnWidth - 60), m_recent);
        button->setObjectName(u"recentButton"_s);
        button->setFlat(true);
        button->setToolTip(paths.join(u'\n'));
        button->setCursor(Qt::PointingHandCursor);
        m_recentLayout->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, paths] { Q_EMIT openWanted(paths); });
    }
}

void StartPage::setHasSample(bool has)
{
    m_sample->setVisible(has);
}

void StartPage::setDropWanted(bool wanted)
{
    static_cast<DropZone *>(m_drop)->setWanted(wanted);
}

} // namespace faultline
