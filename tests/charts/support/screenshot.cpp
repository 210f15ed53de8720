// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/charts/support/screenshot.h"

#include <QDir>
#include <QImage>
#include <QPainter>
#include <QSet>

namespace faultline::test {

namespace {

QImage imageOf(QWidget &widget, double ratio)
{
    widget.ensurePolished();
    QImage image(widget.size() * ratio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::white);
    widget.render(&image);
    return image;
}

} // namespace

bool screenshot(QWidget &widget, const QString &name)
{
    return screenshot(imageOf(widget, 1), name);
}

bool screenshot(const QImage &image, const QString &name)
{
    const QString folder = qEnvironmentVariable("FAULTLINE_SCREENSHOTS");
    if (folder.isEmpty())
        return !image.isNull();
    return QDir().mkpath(folder) && image.save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
}

int colorCount(QWidget &widget)
{
    return colorCount(imageOf(widget, 1));
}

int colorCount(const QImage &image)
{
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            colors.insert(image.pixel(x, y));
    return static_cast<int>(colors.size());
}

} // namespace faultline::test
