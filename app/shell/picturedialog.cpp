// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/picturedialog.h"

#include <QBuffer>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSaveFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

Result<void> savePicture(const QString &file, const Picture &picture, bool dark)
{
    QByteArray bytes;
    if (file.endsWith(u".svg"_s, Qt::CaseInsensitive)) {
        bytes = picture.svg(dark);
    } else {
        QBuffer buffer(&bytes);
        picture.image(dark).save(&buffer, "PNG");
    }
    if (bytes.isEmpty())
        return failure(Code::NotFound, PictureDialog::tr("There is nothing to draw in this picture."));
    QSaveFile into(file);
    if (into.open(QIODevice::WriteOnly) && into.write(bytes) == bytes.size() && into.commit())
        return {};
    return failure(Code::NotReadable, PictureDialog::tr("%1 could not be written: %2").arg(file, into.errorString()));
}

PictureDialog::PictureDialog(std::vector<Picture> pictures, const QString &first, bool dark, QWidget *parent)
    : QDialog(parent)
    , m_pictures(std::move(pictures))
    , m_choice(new QComboBox(this))
    , m_dark(new QCheckBox(tr("Dark"), this))
    , m_preview(new QLabel(this))
{
    setWindowTitle(tr("Copy or save a picture"));
    resize(820, 600);
    auto *column = new QVBoxLayout(this);
    auto *row = new QHBoxLayout;
    column->addLayout(row);
    m_choice->setObjectName(u"pictureChoice"_s);
    m_choice->setAccessibleName(tr("Picture"));
    for (const Picture &picture : m_pictures)
        m_choice->addItem(picture.title);
    const auto known = std::ranges::find(m_pictures, first, &Picture::id);
    m_choice->setCurrentIndex(known == m_pictures.end() ? 0 : static_cast<int>(known - m_pictures.begin()));
    row->addWidget(m_choice, 1);
    m_dark->setChecked(dark);
    row->addWidget(m_dark);
    m_preview->setObjectName(u"picturePreview"_s);
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setMinimumSize(320, 200);
    m_preview->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_preview->setAccessibleName(tr("Preview"));
    column->addWidget(m_preview, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    m_copy->setObjectName(u"copyPicture"_s);
    m_save = buttons->addButton(tr("Save as PNG or SVG…"), QDialogButtonBox::ActionRole);
    m_save->setObjectName(u"savePicture"_s);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(m_copy, &QPushButton::clicked, this, &PictureDialog::copy);
    connect(m_save, &QPushButton::clicked, this, &PictureDialog::save);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &PictureDialog::preview);
    connect(m_dark, &QCheckBox::toggled, this, &PictureDialog::preview);
    preview();
}

const Picture &PictureDialog::picture() const
{
    return m_pictures[static_cast<size_t>(std::max(0, m_choice->currentIndex()))];
}

void PictureDialog::preview()
{
    m_image = picture().image(m_dark->isChecked());
    m_copy->setEnabled(!m_image.isNull());
    m_save->setEnabled(!m_image.isNull());
    fit();
}

void PictureDialog::fit()
{
    if (m_image.isNull()) {
        m_preview->setText(tr("There is nothing to draw in this picture."));
        return;
    }
    const double ratio = devicePixelRatioF();
    const QSize room = (QSizeF(m_preview->size()) * ratio).toSize();
    const QSize size = m_image.size().scaled(room, Qt::KeepAspectRatio).boundedTo(m_image.size());
    QImage shown = m_image.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    shown.setDevicePixelRatio(ratio);
    m_preview->setPixmap(QPixmap::fromImage(shown));
}

void PictureDialog::resizeEvent(QResizeEvent *event)
{
    QDialog::resizeEvent(event);
    fit();
}

void PictureDialog::copy()
{
    // Programs that draw take the SVG, all others the image.
    auto *copied = new QMimeData;
    copied->setImageData(m_image);
    copied->setData(u"image/svg+xml"_s, picture().svg(m_dark->isChecked()));
    QGuiApplication::clipboard()->setMimeData(copied);
    Q_EMIT message(tr("%1: the picture is on the clipboard").arg(picture().title));
}

void PictureDialog::save()
{
    const QString svg = tr("SVG (*.svg)");
    QString chosen;
    QString file = QFileDialog::getSaveFileName(this, tr("Save the picture"), picture().id + u".png"_s,
                                                tr("PNG (*.png)") + u";;"_s + svg, &chosen);
    if (file.isEmpty())
        return;
    if (!file.endsWith(u".png"_s, Qt::CaseInsensitive) && !file.endsWith(u".svg"_s, Qt::CaseInsensitive))
        file += chosen == svg ? u".svg"_s : u".png"_s;
    const auto saved = savePicture(file, picture(), m_dark->isChecked());
    Q_EMIT message(saved ? tr("Saved %1").arg(file) : saved.error().message);
}

} // namespace faultline
