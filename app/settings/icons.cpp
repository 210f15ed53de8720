// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Draws an SVG whose strokes are `currentColor` in the colour that the palette has when it is painted.
class TintedEngine final : public QIconEngine
{
public:
    TintedEngine(QString name, QColor color)
        : m_name(std::move(name))
        , m_color(std::move(color))
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QFile file(u":/faultline/icons/"_s + m_name + u".svg"_s);
        if (!file.open(QIODevice::ReadOnly))
            return;
        QByteArray svg = file.readAll();
        svg.replace("currentColor", color(mode).name().toLatin1());
        QSvgRenderer(svg).render(painter, rect);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        const QString key =
            u"faultline-icon/%1/%2/%3x%4"_s.arg(m_name, color(mode).name()).arg(size.width()).arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        return pixmap(size, mode, state);
    }
    QIconEngine *clone() const override { return new TintedEngine(m_name, m_color); }
    QString key() const override { return u"faultline"_s; }
    bool isNull() override { return !QFile::exists(u":/faultline/icons/"_s + m_name + u".svg"_s); }

private:
    QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::WindowText);
        return m_color.isValid() ? m_color : palette.color(QPalette::WindowText);
    }

    QString m_name;
    QColor m_color;
};

} // namespace

QIcon icon(const QString &name)
{
    return QIcon(new TintedEngine(name, QColor()));
}

QIcon icon(const QString &name, const QColor &color)
{
    return QIcon(new TintedEngine(name, color));
}

QString iconOf(SourceKind kind)
{
    switch (kind) {
    case SourceKind::CiLog: return u"ci"_s;
    case SourceKind::TestOutput: return u"test"_s;
    case SourceKind::KernelLog:
    case SourceKind::Journal: return u"kernel"_s;
    case SourceKind::KubeDescribe:
    case SourceKind::KubeObject: return u"kube"_s;
    case SourceKind::Metrics: return u"metrics"_s;
    case SourceKind::Profile: return u"profile"_s;
    case SourceKind::ThreadDump:
    case SourceKind::Trace: return u"threads"_s;
    case SourceKind::HostState: return u"host"_s;
    case SourceKind::Coverage: return u"coverage"_s;
    case SourceKind::Log:
    case SourceKind::Other: break;
    }
    return u"log"_s;
}

} // namespace faultline
