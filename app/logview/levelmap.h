// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace faultline {

/// A narrow map of a whole log beside its scroll bar: where it warns and where it says that something failed, and which part is visible.
/// A click or a drag goes there.
class LevelMap final : public QWidget
{
    Q_OBJECT

public:
    static constexpr int Width = 14;

    /// What a stretch of rows holds; the stretches share the height evenly.
    struct Stretch {
        double warnings = 0; ///< Share of its lines, 0..1.
        double errors = 0;
    };

    explicit LevelMap(QWidget *parent = nullptr);
    /// How many stretches can be told apart.
    int mostStretches() const;
    void setStretches(std::vector<Stretch> stretches);
    /// The part of the log that is visible, 0..1.
    void setVisiblePart(double from, double to);

Q_SIGNALS:
    /// A person points at a place of the log, 0..1.
    void placeWanted(double at);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    std::vector<Stretch> m_stretches;
    double m_from = 0;
    double m_to = 1;
};

} // namespace faultline
