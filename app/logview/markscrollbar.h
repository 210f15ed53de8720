// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollBar>

#include <vector>

namespace faultline {

/// A scroll bar that shows where in the document something is: a map of marks beside the handle.
class MarkScrollBar final : public QScrollBar
{
    Q_OBJECT

public:
    struct Mark {
        double at = 0; ///< 0..1 of the document.
        QColor color;
        bool wide = false; ///< Drawn over the whole width.
    };

    explicit MarkScrollBar(QWidget *parent = nullptr);
    /// Later marks are drawn over earlier ones.
    void setMarks(std::vector<Mark> marks);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<Mark> m_marks;
};

} // namespace faultline
