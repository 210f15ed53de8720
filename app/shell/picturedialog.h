// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QDialog>
#include <QImage>

#include <functional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace faultline {

/// A picture that a view can draw, by the painters that reports use.
struct Picture {
    QString id; ///< "timeline": the name of its file.
    QString title;
    std::function<QImage(bool dark)> image; ///< Null where there is nothing to show.
    std::function<QByteArray(bool dark)> svg;
};

/// Writes a picture as its file's name ends: ".svg" or ".png".
Result<void> savePicture(const QString &file, const Picture &picture, bool dark);

/// One place for all pictures of a case: choose one, see it, copy it or save it as PNG or SVG, light or dark.
class PictureDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `first` is the id of the picture that is shown at first.
    PictureDialog(std::vector<Picture> pictures, const QString &first, bool dark, QWidget *parent = nullptr);

Q_SIGNALS:
    void message(const QString &text);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    const Picture &picture() const;
    void preview();
    void fit();
    void copy();
    void save();

    std::vector<Picture> m_pictures;
    QComboBox *m_choice;
    QCheckBox *m_dark;
    QLabel *m_preview;
    QPushButton *m_copy;
    QPushButton *m_save;
    QImage m_image;
};

} // namespace faultline
