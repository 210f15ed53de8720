// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings/theme.h"
#include "models/playbooks/diagnosis.h"

#include <QLabel>

namespace faultline {

enum class Tone { Good, Warning, Failure, Accent, Quiet };
QColor toneInk(Tone tone, const QPalette &palette);
QColor toneGround(Tone tone, const QPalette &palette);
Tone toneOf(VerdictStatus status);

/// Draws a badge and returns its width; with no painter only measures.
int drawBadge(QPainter *painter, QRect rect, const QString &text, Tone tone, const QFont &font,
              const QPalette &palette);

/// A short text on a coloured, rounded ground: a status, an exit code.
class Badge final : public QLabel
{
    Q_OBJECT

public:
    explicit Badge(const QString &text, Tone tone, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone;
};

} // namespace faultline
